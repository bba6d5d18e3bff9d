//! The variables that the gateway gives to the filter.

use alloc::vec::Vec;

use zeroize::Zeroizing;

/// Variables, as WASI passes them: `NAME=value`, each with a 0 at its end. They are wiped on drop.
#[derive(Default)]
pub(crate) struct Variables(Zeroizing<Vec<u8>>);

impl Variables {
    pub(crate) fn new(texts: Zeroizing<Vec<u8>>) -> Self {
        Self(texts)
    }

    /// The value of a variable, if it is UTF-8.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.split(|byte| *byte == 0).find_map(|line| {
            let value = line.strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
            core::str::from_utf8(value).ok()
        })
    }
}

//! An access key as it is shown to people.
//!
//! Access keys are public, but look like secret keys: both are 32 letters and digits. If a user
//! swaps them, the secret key must not be printed in place of the access key.

use core::fmt;

use crate::encoding::write::write_all;

/// Shows the first and the last characters of an access key: `SKga…0001`.
///
/// Each end shows an eighth of the key, at most 4 characters. So 24 of 32 characters stay hidden,
/// in case it is a secret key.
///
/// ```
/// use kling_jwt_core::Masked;
///
/// assert_eq!(Masked("SKga456789abcdef0123456789ab0001").to_string(), "SKga…0001");
/// assert_eq!(Masked("access-key").to_string(), "a…y");
/// assert_eq!(Masked("short").to_string(), "…");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Masked<'a>(pub &'a str);

/// How many characters are shown at each end, at most.
const MAX_SHOWN: usize = 4;

impl<'a> Masked<'a> {
    /// The shown beginning and end.
    pub(crate) fn ends(self) -> (&'a str, &'a str) {
        let Self(text) = self;
        let shown = MAX_SHOWN.min(text.len() / 8);
        let end = text.len() - shown;
        // `get` returns `None` inside a character: then nothing is shown.
        (text.get(..shown).unwrap_or_default(), text.get(end..).unwrap_or_default())
    }
}

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = self.ends();
        write_all(f, &[start, "…", end])
    }
}

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

//! Text for messages, concatenated while it is written. `write!` with arguments would add the code
//! for padding and alignment to the module.

use core::fmt::{self, Display};

/// Text without padding or alignment.
#[derive(Clone, Copy)]
pub(crate) struct Verbatim<'a>(pub(crate) &'a str);

impl Display for Verbatim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Several values, one after the other.
pub(crate) struct Concat<'a>(pub(crate) &'a [&'a dyn Display]);

impl Display for Concat<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| part.fmt(f))
    }
}

/// Writes several strings, one after the other.
pub(crate) fn write_all(f: &mut fmt::Formatter<'_>, texts: &[&str]) -> fmt::Result {
    texts.iter().try_for_each(|text| f.write_str(text))
}

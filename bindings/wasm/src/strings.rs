//! Texts for people, put together out of pieces where they are written. `write!` with arguments
//! would bring along what pads and aligns them.

use core::fmt::{self, Display};

/// A piece that stands as it is.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Pieces one behind the other.
pub(crate) struct Joined<'a>(pub(crate) &'a [&'a dyn Display]);

impl Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| piece.fmt(f))
    }
}

/// Texts one behind the other.
pub(crate) fn write_all(f: &mut fmt::Formatter<'_>, texts: &[&str]) -> fmt::Result {
    texts.iter().try_for_each(|text| f.write_str(text))
}

//! An access key as people are shown it.
//!
//! Access keys are public, but nothing tells one from a secret key: both are 32 letters and digits.
//! Whoever swaps the two would see the secret printed where the access key belongs.

use core::fmt;

use crate::encoding::write::write_all;

/// Shows the first and the last characters of an access key: `SKga…0001`.
///
/// An eighth of the key at each end, and at most 4 characters: of a secret key that was passed in
/// its place, 24 characters of 32 stay unknown.
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

/// The most characters that are shown at each end.
const MOST: usize = 4;

impl<'a> Masked<'a> {
    /// What is shown of its beginning and of its end.
    pub(crate) fn ends(self) -> (&'a str, &'a str) {
        let Self(text) = self;
        let shown = MOST.min(text.len() / 8);
        let end = text.len() - shown;
        // Nothing, where it would cut a character.
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

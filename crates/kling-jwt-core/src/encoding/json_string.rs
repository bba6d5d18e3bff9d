//! A string in JSON, read where it stands: without an allocator its escapes are undone one
//! character at a time.

use core::fmt::{self, Write};

use crate::encoding::chars::{plain, unescaped};

/// A string of a token's JSON. Two are equal if they say the same, with escapes or without.
///
/// ```
/// use kling_jwt_core::inspect;
///
/// // {"alg":"HS\u0032\u0035\u0036"} and {"iss":"a"}
/// let token = "eyJhbGciOiJIU1x1MDAzMlx1MDAzNVx1MDAzNiJ9.eyJpc3MiOiJhIn0.";
/// let mut buffer = [0; 64];
/// let inspection = inspect(token, None, 1_800_000_000, &mut buffer)?;
/// assert_eq!(inspection.algorithm().unwrap(), "HS256");
/// assert_eq!(inspection.algorithm().unwrap().to_string(), "HS256");
/// # Ok::<_, kling_jwt_core::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct JsonString<'a> {
    /// What stands between the quotes.
    written: &'a str,
}

impl<'a> JsonString<'a> {
    /// A JSON value, if it is a string.
    pub(crate) fn of(value: &'a str) -> Option<Self> {
        Some(Self::unquoted(value.strip_prefix('"')?.strip_suffix('"')?))
    }

    /// What stands between quotes.
    pub(crate) const fn unquoted(written: &'a str) -> Self {
        Self { written }
    }

    /// Its characters. U+FFFD stands for half a surrogate pair, which is no character.
    pub fn chars(self) -> impl Iterator<Item = char> + use<'a> {
        unescaped(self.written)
    }

    /// Its text in a buffer; `None` if it is longer.
    pub(crate) fn write_into(self, buffer: &mut [u8]) -> Option<&str> {
        let mut len = 0;
        for char in self.chars() {
            let end = len + char.len_utf8();
            char.encode_utf8(buffer.get_mut(len..end)?);
            len = end;
        }
        core::str::from_utf8(buffer.get(..len)?).ok()
    }
}

impl PartialEq<str> for JsonString<'_> {
    fn eq(&self, other: &str) -> bool {
        self.chars().eq(other.chars())
    }
}

impl PartialEq<&str> for JsonString<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq for JsonString<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.chars().eq(other.chars())
    }
}

impl Eq for JsonString<'_> {}

/// The text itself, as a program needs it: with control characters, if it has any.
impl fmt::Display for JsonString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chars().try_for_each(|char| f.write_char(char))
    }
}

impl fmt::Debug for JsonString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chars().try_for_each(|char| f.write_char(plain(char)))
    }
}

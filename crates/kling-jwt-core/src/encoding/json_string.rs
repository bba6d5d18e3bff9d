//! A string in JSON, unescaped one character at a time, because there is no allocator.

use core::fmt::{self, Write};

use crate::encoding::chars::{plain, unescaped};

/// A string in a token's JSON. Strings are compared without their escapes.
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
    /// The text between the quotes, with its escapes.
    written: &'a str,
}

impl<'a> JsonString<'a> {
    /// A JSON value, if it is a string.
    pub(crate) fn of(value: &'a str) -> Option<Self> {
        Some(Self::unquoted(value.strip_prefix('"')?.strip_suffix('"')?))
    }

    /// Makes a string from the text between its quotes.
    pub(crate) const fn unquoted(written: &'a str) -> Self {
        Self { written }
    }

    /// The characters, without escapes. A lone surrogate becomes U+FFFD.
    pub fn chars(self) -> impl Iterator<Item = char> + use<'a> {
        unescaped(self.written)
    }

    /// Writes the text into a buffer; `None` if the buffer is too short.
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

/// The exact text, including any control characters. `Debug` shows those as spaces.
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

//! Writes messages from parts, instead of `write!` with arguments, which links 3 KB of code for
//! padding and alignment.

use core::fmt::{self, Display, Write};

use crate::encoding::{buffer::Writer, chars::ascii};

/// Writes all parts in order.
pub(crate) fn write_all(f: &mut fmt::Formatter<'_>, parts: &[&str]) -> fmt::Result {
    parts.iter().try_for_each(|part| f.write_str(part))
}

/// Displays a text without support for padding, unlike `str`.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a>(pub &'a str);

#[cfg(feature = "alloc")]
impl Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Displays several values, one after the other.
#[cfg(feature = "alloc")]
#[expect(missing_debug_implementations, reason = "a value need not implement it")]
pub struct Concat<'a>(pub &'a [&'a dyn Display]);

#[cfg(feature = "alloc")]
impl Display for Concat<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| part.fmt(f))
    }
}

/// Writes two values with a text between them.
pub(crate) fn write_both(
    f: &mut fmt::Formatter<'_>,
    first: &dyn Display,
    between: &str,
    second: &dyn Display,
) -> fmt::Result {
    first.fmt(f)?;
    f.write_str(between)?;
    second.fmt(f)
}

/// Writes a text in quotes, with a backslash before each quote and backslash.
pub(crate) fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for char in text.chars() {
        if matches!(char, '"' | '\\') {
            f.write_str("\\")?;
        }
        f.write_char(char)?;
    }
    f.write_str("\"")
}

/// A number in decimal digits, as a part for [`write_all`].
pub(crate) struct Decimal {
    digits: [u8; Writer::MAX_NUMBER_LEN],
    len: usize,
}

impl Decimal {
    pub(crate) fn of(number: u64) -> Self {
        let mut digits = [0; Writer::MAX_NUMBER_LEN];
        let mut writer = Writer::new(&mut digits);
        writer.number(number);
        let len = writer.written().len();
        Self { digits, len }
    }

    pub(crate) fn as_str(&self) -> &str {
        ascii(self.digits.get(..self.len).unwrap_or_default())
    }
}

/// A number in decimal digits.
#[cfg(feature = "alloc")]
pub fn decimal(number: i64) -> alloc::string::String {
    let digits = Decimal::of(number.unsigned_abs());
    [if number < 0 { "-" } else { "" }, digits.as_str()].concat()
}

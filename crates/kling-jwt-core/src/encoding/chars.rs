//! Reads characters and numbers from texts, without generic code that would be compiled twice.

use core::str::Chars;

/// The characters of a JSON string, from the text between its quotes. A lone surrogate becomes
/// U+FFFD.
pub(crate) fn unescaped(escaped: &str) -> impl Iterator<Item = char> + Clone {
    Unescaped(escaped.chars())
}

#[derive(Clone)]
struct Unescaped<'a>(Chars<'a>);

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        next(&mut self.0)
    }
}

/// Parses a number of decimal digits alone.
pub(crate) fn digits(text: &[u8]) -> Option<u64> {
    let append = |number: u64, byte: &u8| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        (number <= u64::MAX / 10).then(|| (number * 10).checked_add(digit.into()))?
    };
    text.iter().try_fold(0, append).filter(|_| !text.is_empty())
}

/// Parses a number of one to four hexadecimal digits.
pub(crate) fn hex(text: &[u8]) -> Option<u16> {
    let append = |number: u32, byte: &u8| Some(number << 4 | char::from(*byte).to_digit(16)?);
    let number = text.iter().try_fold(0, append).filter(|_| !text.is_empty())?;
    u16::try_from(number).ok().filter(|_| text.len() <= 4)
}

/// Converts bytes that this crate wrote as ASCII.
pub(crate) fn ascii(bytes: &[u8]) -> &str {
    let text = core::str::from_utf8(bytes);
    debug_assert!(text.is_ok(), "only ASCII was written");
    text.unwrap_or_default()
}

/// Whether a character is white space in Unicode. Takes fewer bytes than the table of
/// `char::is_whitespace`.
pub(crate) fn is_white_space(char: char) -> bool {
    matches!(
        char,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
            | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Removes characters from both ends of a text. `is_around` is a function pointer, so that this is
/// compiled once.
pub(crate) fn trimmed(text: &str, is_around: fn(char) -> bool) -> &str {
    let mut rest = text.chars();
    while rest.clone().next().is_some_and(is_around) {
        rest.next();
    }
    while rest.clone().next_back().is_some_and(is_around) {
        rest.next_back();
    }
    rest.as_str()
}

/// Splits a text at the first occurrence of an ASCII character.
pub(crate) fn split_once(text: &str, at: u8) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// The next character of a JSON string (RFC 8259, section 7).
fn next(rest: &mut Chars<'_>) -> Option<char> {
    match rest.next()? {
        '\\' => match rest.next()? {
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => unicode(rest),
            itself => Some(itself),
        },
        char => Some(char),
    }
}

/// The character after `\u`. Above U+FFFF it is written as two surrogates; a lone one becomes
/// U+FFFD.
fn unicode(rest: &mut Chars<'_>) -> Option<char> {
    let first = unit(rest)?;
    if let Some(char) = char::from_u32(first.into()) {
        return Some(char);
    }
    let mut after = rest.clone();
    let is_pair = after.next() == Some('\\') && after.next() == Some('u');
    let pair = unit(&mut after).filter(|_| is_pair).map(|second| [first, second]);
    match pair.and_then(|pair| char::decode_utf16(pair).next()?.ok()) {
        Some(char) => {
            *rest = after;
            Some(char)
        }
        None => Some(char::REPLACEMENT_CHARACTER),
    }
}

fn unit(rest: &mut Chars<'_>) -> Option<u16> {
    let (digits, after) = rest.as_str().split_at_checked(4)?;
    *rest = after.chars();
    hex(digits.as_bytes())
}

/// A character that is safe to show: control characters, and those that change the direction of
/// writing (Unicode's `Bidi_Control`), become spaces.
pub(crate) fn plain(char: char) -> char {
    match char {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            ' '
        }
        char if char.is_control() => ' ',
        char => char,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_decimal_digits_are_a_number() {
        assert_eq!(digits(b"0123456789"), Some(123_456_789));
        assert_eq!(digits(b"18446744073709551615"), Some(u64::MAX));
        for text in ["", "/", ":", "1:", "18446744073709551616", "99999999999999999999"] {
            assert_eq!(digits(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn white_space_is_that_of_unicode() {
        for char in '\0'..=char::MAX {
            assert_eq!(is_white_space(char), char.is_whitespace(), "{char:?}");
        }
    }
}

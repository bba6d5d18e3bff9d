//! Characters and numbers out of texts, in code that there is one copy of.

use core::str::Chars;

/// The characters of a JSON string. U+FFFD stands for half a surrogate pair, which is no character.
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

/// A number that is written in digits alone, and fits.
pub(crate) fn digits(text: &[u8]) -> Option<u64> {
    let append = |number: u64, byte: &u8| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        (number <= u64::MAX / 10).then(|| (number * 10).checked_add(digit.into()))?
    };
    text.iter().try_fold(0, append).filter(|_| !text.is_empty())
}

/// A number in four hexadecimal digits or fewer.
pub(crate) fn hex(text: &[u8]) -> Option<u16> {
    let append = |number: u32, byte: &u8| Some(number << 4 | char::from(*byte).to_digit(16)?);
    let number = text.iter().try_fold(0, append).filter(|_| !text.is_empty())?;
    u16::try_from(number).ok().filter(|_| text.len() <= 4)
}

/// A text that consists of ASCII because its maker wrote nothing else.
pub(crate) fn ascii(bytes: &[u8]) -> &str {
    let text = core::str::from_utf8(bytes);
    debug_assert!(text.is_ok(), "it was made of ASCII");
    text.unwrap_or_default()
}

/// White space as Unicode has it, in fewer bytes than the table of `char::is_whitespace`.
pub(crate) fn is_white_space(char: char) -> bool {
    matches!(
        char,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
            | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// The text without such characters around it. There is one copy of this, whoever judges them.
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

/// What stands before the first such ASCII character, and behind it.
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

/// A character behind its `\u`. Beyond the first 65,536 it is written as two surrogates; one alone
/// is no character.
fn unicode(rest: &mut Chars<'_>) -> Option<char> {
    let first = unit(rest)?;
    if let Some(char) = char::from_u32(first.into()) {
        return Some(char);
    }
    let mut behind = rest.clone();
    let is_pair = behind.next() == Some('\\') && behind.next() == Some('u');
    let pair = unit(&mut behind).filter(|_| is_pair).map(|second| [first, second]);
    match pair.and_then(|pair| char::decode_utf16(pair).next()?.ok()) {
        Some(char) => {
            *rest = behind;
            Some(char)
        }
        None => Some(char::REPLACEMENT_CHARACTER),
    }
}

fn unit(rest: &mut Chars<'_>) -> Option<u16> {
    let (digits, behind) = rest.as_str().split_at_checked(4)?;
    *rest = behind.chars();
    hex(digits.as_bytes())
}

/// The character as it may be shown: none that controls, and none that turns the direction of
/// writing (Unicode's `Bidi_Control`).
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
    fn digits_are_ten() {
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

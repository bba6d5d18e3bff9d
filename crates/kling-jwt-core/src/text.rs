//! A short text out of JSON, kept in place: what a server says, made fit to be shown.

use core::{fmt, str::Chars};

use crate::ApiKey;

/// At most `N` bytes of text.
///
/// A server's words end up on terminals and in logs: control characters, which could move the
/// cursor there or forge a line, become spaces, and a bearer that is echoed becomes asterisks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

/// What is shorter is too likely to stand in a text for another reason.
const SHORTEST_SECRET: usize = 8;

/// What bearers begin with: a JWT's encoded `{"`, and Kling's API keys.
const BEARERS: [&str; 2] = ["eyJ", ApiKey::PREFIX];

impl<const N: usize> Text<N> {
    pub(crate) const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// The text of a JSON string, cut to what fits. `escaped` is what stands between its quotes.
    pub(crate) fn unescaped(escaped: &str) -> Self {
        let mut text = Self::EMPTY;
        text.len = fill(&mut text.bytes, escaped);
        hide_bearers(text.written());
        text
    }

    /// What was such a text before, cut to what fits.
    pub(crate) fn again(text: &str) -> Self {
        let mut again = Self::EMPTY;
        for char in text.chars().map(plain) {
            let mut utf8 = [0; 4];
            let utf8 = char.encode_utf8(&mut utf8).as_bytes();
            let end = again.len + utf8.len();
            let Some(room) = again.bytes.get_mut(again.len..end) else { break };
            room.copy_from_slice(utf8);
            again.len = end;
        }
        hide_bearers(again.written());
        again
    }

    pub(crate) fn as_str(&self) -> &str {
        let written = self.bytes.get(..self.len).unwrap_or_default();
        core::str::from_utf8(written).unwrap_or_default()
    }

    /// Puts asterisks in the place of a text that is secret, also where its end was cut off or is
    /// masked already: relays repeat the beginning of a key.
    pub(crate) fn hide(&mut self, secret: &str) {
        hide(self.written(), secret.as_bytes());
    }

    fn written(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }
}

// From here on the length is none of the type: one code for all of them.

/// Writes the characters of a JSON string as long as they fit, and says how many bytes they are.
fn fill(bytes: &mut [u8], escaped: &str) -> usize {
    let mut len = 0;
    for char in unescaped(escaped) {
        let mut utf8 = [0; 4];
        let utf8 = plain(char).encode_utf8(&mut utf8).as_bytes();
        let Some(room) = bytes.get_mut(len..len + utf8.len()) else { break };
        for (to, from) in room.iter_mut().zip(utf8) {
            *to = *from;
        }
        len += utf8.len();
    }
    len
}

fn hide(text: &mut [u8], secret: &[u8]) {
    let mut rest = text;
    while rest.len() >= SHORTEST_SECRET {
        let pairs = rest.iter().zip(secret);
        let len = pairs.take_while(|(shown, secret)| shown == secret).count();
        // What follows has to be a character, not the rest of one.
        let is_char = rest.get(len).is_none_or(|next| next & 0xc0 != 0x80);
        let is_found = len >= SHORTEST_SECRET && is_char;
        if let Some(found) = rest.get_mut(..len).filter(|_| is_found) {
            found.fill(b'*');
        }
        rest = rest.get_mut(1..).unwrap_or_default();
    }
}

fn hide_bearers(text: &mut [u8]) {
    let is_bearers = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut rest = text;
    while !rest.is_empty() {
        if BEARERS.iter().any(|bearer| rest.starts_with(bearer.as_bytes())) {
            rest.iter_mut().take_while(|byte| is_bearers(byte)).for_each(|byte| *byte = b'*');
        }
        rest = rest.get_mut(1..).unwrap_or_default();
    }
}

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

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
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

//! A short text out of JSON, kept in place: what a server says, made fit to be shown.

use core::{
    fmt,
    str::{Chars, FromStr},
};

use crate::ApiKey;

/// At most `N` bytes of text.
///
/// A server's words end up on terminals and in logs: control characters, which could move the
/// cursor there or forge a line, become spaces, and a bearer that is echoed becomes asterisks.
#[derive(Clone, Copy, PartialEq, Eq)]
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
        let _ = unescaped(escaped).map(plain).all(|char| text.push(char));
        text.hide_bearers();
        text
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.len]).expect("whole characters were pushed")
    }

    /// Adds a character, if it fits.
    fn push(&mut self, char: char) -> bool {
        let end = self.len + char.len_utf8();
        let Some(room) = self.bytes.get_mut(self.len..end) else { return false };
        char.encode_utf8(room);
        self.len = end;
        true
    }

    /// Puts asterisks in the place of a text that is secret, also where its end was cut off.
    pub(crate) fn hide(&mut self, secret: &str) {
        for start in 0..self.len {
            let rest = &mut self.bytes[start..self.len];
            let len = secret.len().min(rest.len());
            if len >= SHORTEST_SECRET && secret.as_bytes().starts_with(&rest[..len]) {
                rest[..len].fill(b'*');
            }
        }
    }

    fn hide_bearers(&mut self) {
        let is_bearers = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        for start in 0..self.len {
            let rest = &mut self.bytes[start..self.len];
            if BEARERS.iter().any(|bearer| rest.starts_with(bearer.as_bytes())) {
                let end = rest.iter().position(|byte| !is_bearers(byte)).unwrap_or(rest.len());
                rest[..end].fill(b'*');
            }
        }
    }
}

/// The characters of a JSON string; white space stands for those that control by a short escape.
pub(crate) fn unescaped(escaped: &str) -> impl Iterator<Item = char> {
    let mut rest = escaped.chars();
    core::iter::from_fn(move || next(&mut rest))
}

/// A number that is written in digits alone; `parse` would take a sign before them.
pub(crate) fn digits<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The next character of a JSON string (RFC 8259, section 7).
fn next(rest: &mut Chars<'_>) -> Option<char> {
    match rest.next()? {
        '\\' => match rest.next()? {
            'b' | 'f' | 'n' | 'r' | 't' => Some(' '),
            'u' => unicode(rest),
            itself => Some(itself),
        },
        char => Some(char),
    }
}

/// A character behind its `\u`. Beyond the first 65,536 it is written as two surrogates; one alone
/// is no character, and ends the text.
fn unicode(rest: &mut Chars<'_>) -> Option<char> {
    let first = unit(rest)?;
    if let Some(char) = char::from_u32(first.into()) {
        return Some(char);
    }
    let is_pair = rest.next() == Some('\\') && rest.next() == Some('u');
    let second = unit(rest).filter(|_| is_pair)?;
    char::decode_utf16([first, second]).next()?.ok()
}

fn unit(rest: &mut Chars<'_>) -> Option<u16> {
    let digits = rest.as_str().get(..4)?;
    *rest = rest.as_str()[4..].chars();
    u16::from_str_radix(digits, 16).ok()
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

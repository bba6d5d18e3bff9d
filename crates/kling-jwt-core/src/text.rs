//! A short text out of JSON, kept in place: what a server says, made fit to be shown.

use core::fmt;

use serde_json_core::str::{EscapedStr, EscapedStringFragment};

/// At most `N` bytes of text.
///
/// A server's words end up on terminals and in logs: control characters, which could move the
/// cursor there or forge a line, become spaces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// The text of a JSON string, cut to what fits.
    pub(crate) fn unescaped(string: EscapedStr<'_>) -> Self {
        let mut text = Self::EMPTY;
        // A lone surrogate is no character: the text ends before it.
        for fragment in string.fragments().map_while(Result::ok) {
            let is_whole = match fragment {
                EscapedStringFragment::NotEscaped(part) => part.chars().all(|char| text.push(char)),
                EscapedStringFragment::Escaped(char) => text.push(char),
            };
            if !is_whole {
                break;
            }
        }
        text
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.len]).expect("whole characters were pushed")
    }

    /// Adds a character, if it fits.
    fn push(&mut self, char: char) -> bool {
        let char = plain(char);
        let end = self.len + char.len_utf8();
        let room = self.bytes.get_mut(self.len..end);
        let fits = room.is_some();
        if let Some(room) = room {
            char.encode_utf8(room);
            self.len = end;
        }
        fits
    }
}

/// The character as it may be shown: none that controls, and none that turns the direction of
/// writing.
pub(crate) fn plain(char: char) -> char {
    let turns =
        matches!(char, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if turns || char.is_control() { ' ' } else { char }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

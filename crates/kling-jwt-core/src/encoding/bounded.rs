//! A short text out of JSON, kept in place: what a server says, made fit to be shown.

use core::fmt;

use crate::encoding::chars::{plain, unescaped};

/// How every static API key that was seen begins.
pub(crate) const API_KEY_PREFIX: &str = "api-key-";

/// At most `N` bytes of text.
///
/// A server's words end up on terminals and in logs: control characters, which could move the
/// cursor there or forge a line, become spaces, and a bearer that is echoed becomes asterisks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct InlineStr<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

/// What is shorter is too likely to stand in a text for another reason.
const SHORTEST_SECRET: usize = 8;

/// What bearers begin with: a JWT's encoded `{"`, and Kling's API keys.
const BEARERS: [&str; 2] = ["eyJ", API_KEY_PREFIX];

impl<const N: usize> InlineStr<N> {
    pub(crate) const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// Becomes the text of a JSON string, cut to what fits. `escaped` is what stands between its
    /// quotes. Where it is kept, not moved there: it is not small.
    pub(crate) fn unescape(&mut self, escaped: &str) {
        self.len = fill(&mut self.bytes, escaped);
        hide_bearers(self.written());
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

impl<const N: usize> fmt::Debug for InlineStr<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

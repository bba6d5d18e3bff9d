//! A short text from a server's JSON, stored without an allocator and safe to show.

use core::fmt;

use crate::encoding::chars::{plain, unescaped};

/// The beginning of every static API key that we have seen.
pub(crate) const API_KEY_PREFIX: &str = "api-key-";

/// At most `N` bytes of text.
///
/// A server's message is shown on terminals and in logs. So control characters, which could move
/// the cursor or forge a line, become spaces, and a bearer that the server repeats becomes
/// asterisks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct InlineStr<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

/// The shortest beginning of a secret that is hidden, in bytes. Shorter ones may be ordinary words.
const SHORTEST_SECRET: usize = 8;

/// The beginnings of bearers: a JWT's encoded `{"`, and the prefix of API keys.
const BEARERS: [&str; 2] = ["eyJ", API_KEY_PREFIX];

impl<const N: usize> InlineStr<N> {
    pub(crate) const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// Stores the text of a JSON string, cut to what fits. `escaped` is the part between its
    /// quotes. Takes `&mut self`, because returning up to 256 bytes would copy them.
    pub(crate) fn unescape(&mut self, escaped: &str) {
        self.len = fill(&mut self.bytes, escaped);
        hide_bearers(self.written());
    }

    /// Stores a text without escapes, cut to what fits.
    pub(crate) fn from_plain(text: &str) -> Self {
        let mut stored = Self::EMPTY;
        for char in text.chars().map(plain) {
            let mut utf8 = [0; 4];
            let utf8 = char.encode_utf8(&mut utf8).as_bytes();
            let end = stored.len + utf8.len();
            let Some(room) = stored.bytes.get_mut(stored.len..end) else { break };
            room.copy_from_slice(utf8);
            stored.len = end;
        }
        hide_bearers(stored.written());
        stored
    }

    pub(crate) fn as_str(&self) -> &str {
        let written = self.bytes.get(..self.len).unwrap_or_default();
        core::str::from_utf8(written).unwrap_or_default()
    }

    /// Replaces a secret by asterisks, and also its beginning alone: relays repeat the beginning of
    /// a key and mask the rest.
    pub(crate) fn hide(&mut self, secret: &str) {
        hide(self.written(), secret.as_bytes());
    }

    fn written(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }
}

// The functions below are not generic over `N`, so that they are compiled once.

/// Writes the characters of a JSON string that fit, and returns their length in bytes.
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
        // The match must end at the end of a character.
        let is_char = rest.get(len).is_none_or(|next| next & 0xc0 != 0x80);
        let is_found = len >= SHORTEST_SECRET && is_char;
        if let Some(found) = rest.get_mut(..len).filter(|_| is_found) {
            found.fill(b'*');
        }
        rest = rest.get_mut(1..).unwrap_or_default();
    }
}

fn hide_bearers(text: &mut [u8]) {
    let is_of_bearer =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut rest = text;
    while !rest.is_empty() {
        if BEARERS.iter().any(|bearer| rest.starts_with(bearer.as_bytes())) {
            rest.iter_mut().take_while(|byte| is_of_bearer(byte)).for_each(|byte| *byte = b'*');
        }
        rest = rest.get_mut(1..).unwrap_or_default();
    }
}

impl<const N: usize> fmt::Debug for InlineStr<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

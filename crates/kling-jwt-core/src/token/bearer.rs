//! Stage 5: what goes behind `Authorization: Bearer `.

use core::{fmt, ops::Range};

use zeroize::optimization_barrier;

use crate::{
    ApiKey, SIGNATURE_LEN, Validity,
    encoding::{base64::base64url_len, buffer::Writer, chars::ascii},
    token::signing_input::{BUFFER_LEN, MAX_SIGNING_INPUT_LEN},
};

/// A bearer token: a JWT minted for a key pair, or an API key itself.
///
/// Whoever holds it is let in until it expires, so `Debug` does not show it and it is zeroized
/// on drop.
///
/// ```
/// use kling_jwt_core::{KeyPair, Signer, Validity};
///
/// let pair = KeyPair::new("access-key", "secret-key").unwrap();
/// let token = Signer::new(&pair, Validity::default()).sign(1_800_000_000);
/// let header = format!("Authorization: Bearer {}", token.as_str());
/// assert_eq!(token.expires_at(), Some(1_800_001_800));
/// assert_eq!(token.fresh(300), 1_800_000_000..1_800_001_501); // 300 seconds remain at ..1_500
/// ```
#[derive(Clone)]
pub struct Token {
    bytes: [u8; Self::MAX_LEN],
    len: u16,
    life: Option<Life>,
}

/// When a JWT was minted, in Unix seconds, and for how long. An API key has no such times.
#[derive(Clone, Copy)]
struct Life {
    minted_at: u64,
    validity: Validity,
}

impl Token {
    /// The length of a buffer for any token, in bytes: the longest fits, and so does its signing
    /// input, padded where the signature will be.
    pub const MAX_LEN: usize = BUFFER_LEN;

    /// A token that was minted at `minted_at` (Unix seconds), as it is written by a function, which
    /// says how long it is.
    #[expect(clippy::cast_possible_truncation, reason = "MAX_LEN is below")]
    pub(crate) fn minted(
        minted_at: u64,
        validity: Validity,
        write: impl FnOnce(&mut [u8; Self::MAX_LEN]) -> usize,
    ) -> Self {
        let life = Some(Life { minted_at, validity });
        let mut token = Self { bytes: [0; Self::MAX_LEN], len: 0, life };
        token.len = write(&mut token.bytes) as u16;
        token
    }

    /// The token as text.
    pub fn as_str(&self) -> &str {
        ascii(self.as_bytes())
    }

    /// The token as bytes: ASCII, for hosts that make their own text of it.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or_default()
    }

    /// When the token expires, in Unix seconds; an API key does not.
    pub fn expires_at(&self) -> Option<u64> {
        self.life.map(|life| life.validity.expires_at(life.minted_at))
    }

    /// The seconds in which the token is to be used: from its minting, while at least `buffer`
    /// seconds of its life remain. Empty with a buffer above the lifetime; endless for an API
    /// key.
    pub fn fresh(&self, buffer: u64) -> Range<u64> {
        match self.life {
            None => 0..u64::MAX,
            Some(Life { minted_at, validity }) => {
                let expires_at = validity.expires_at(minted_at);
                // With no second left it is expired, whatever the buffer (RFC 7519, 4.1.4).
                let needed = buffer.max(1);
                minted_at..expires_at.saturating_add(1).saturating_sub(needed)
            }
        }
    }
}

const _: () = assert!(
    MAX_SIGNING_INPUT_LEN + 1 + base64url_len(SIGNATURE_LEN) <= Token::MAX_LEN,
    "the longest token fits"
);
const _: () = assert!(ApiKey::MAX_LEN <= Token::MAX_LEN, "an API key fits into a token");
const _: () = assert!(Token::MAX_LEN <= u16::MAX as usize, "its length is a word");

impl From<&ApiKey> for Token {
    #[expect(clippy::cast_possible_truncation, reason = "MAX_LEN is below")]
    // Not inlined: its buffer is not on the stack while a key pair's signer is made.
    #[inline(never)]
    fn from(api_key: &ApiKey) -> Self {
        let mut token = Self { bytes: [0; Self::MAX_LEN], len: 0, life: None };
        let text = api_key.as_str().as_bytes();
        Writer::new(&mut token.bytes).text(text);
        token.len = text.len() as u16;
        token
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_at", &self.expires_at()).finish_non_exhaustive()
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        // At once, where `Zeroize` would write each byte by itself: tokens are dropped often.
        self.bytes = [0; Self::MAX_LEN];
        optimization_barrier(&self.bytes);
    }
}

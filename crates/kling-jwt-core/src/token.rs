//! Stage 5: what goes behind `Authorization: Bearer `.

use core::{fmt, ops::Range};

use zeroize::optimization_barrier;

use crate::{
    ApiKey, SIGNATURE_LEN, base64::base64url_len, signing_input::MAX_SIGNING_INPUT_LEN,
    text::ascii, writer::Writer,
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
    pub(crate) bytes: [u8; Self::MAX_LEN],
    pub(crate) len: usize,
    life: Option<Life>,
}

/// When a JWT was minted and when it ends, in Unix seconds. An API key has no such times.
#[derive(Clone, Copy)]
struct Life {
    minted_at: u64,
    expires_at: u64,
}

impl Token {
    /// The length of the longest token, in bytes.
    pub const MAX_LEN: usize = MAX_SIGNING_INPUT_LEN + 1 + base64url_len(SIGNATURE_LEN);

    /// An empty token with the times of one minted at `minted_at`, for the signer to fill.
    pub(crate) const fn minted(minted_at: u64, expires_at: u64) -> Self {
        let life = Some(Life { minted_at, expires_at });
        Self { bytes: [0; Self::MAX_LEN], len: 0, life }
    }

    /// The token as text.
    pub fn as_str(&self) -> &str {
        ascii(self.bytes.get(..self.len).unwrap_or_default())
    }

    /// When the token expires, in Unix seconds; an API key does not.
    pub fn expires_at(&self) -> Option<u64> {
        self.life.map(|life| life.expires_at)
    }

    /// The seconds in which the token is to be used: from its minting, while at least `buffer`
    /// seconds of its life remain. Empty with a buffer above the lifetime; endless for an API
    /// key.
    pub fn fresh(&self, buffer: u64) -> Range<u64> {
        match self.life {
            None => 0..u64::MAX,
            Some(Life { minted_at, expires_at }) => {
                // With no second left it is expired, whatever the buffer (RFC 7519, 4.1.4).
                let needed = buffer.max(1);
                minted_at..expires_at.saturating_add(1).saturating_sub(needed)
            }
        }
    }
}

const _: () = assert!(ApiKey::MAX_LEN <= Token::MAX_LEN, "an API key fits into a token");

impl From<&ApiKey> for Token {
    // Not inlined: its buffer is not on the stack while a key pair's signer is made.
    #[inline(never)]
    fn from(api_key: &ApiKey) -> Self {
        let mut bytes = [0; Self::MAX_LEN];
        let mut text = Writer::new(&mut bytes);
        text.text(api_key.as_str().as_bytes());
        let len = text.written().len();
        Self { bytes, len, life: None }
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

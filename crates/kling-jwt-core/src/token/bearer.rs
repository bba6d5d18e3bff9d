//! Stage 5: the bearer, for `Authorization: Bearer …`.

use core::{fmt, ops::Range};

use zeroize::{ZeroizeOnDrop, optimization_barrier};

use crate::{
    ApiKey, SIGNATURE_LEN, Validity,
    encoding::{base64::base64url_len, buffer::Writer, chars::ascii},
    token::signing_input::{BUFFER_LEN, MAX_SIGNING_INPUT_LEN},
};

/// A bearer: a JWT minted for a key pair, or an API key.
///
/// Anyone who has it can use it until it expires, so `Debug` does not show it, and it is zeroized
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

/// When a JWT was minted, in Unix seconds, and how long it is valid.
#[derive(Clone, Copy)]
struct Life {
    minted_at: u64,
    validity: Validity,
}

impl Token {
    /// The length of a buffer for any token, in bytes. It also has room for the longest signing
    /// input with the padding of SHA-256, which is written where the signature will be.
    pub const MAX_LEN: usize = BUFFER_LEN;

    /// A token that was minted at `minted_at` (Unix seconds). `write` writes it, and returns its
    /// length.
    #[expect(clippy::cast_possible_truncation, reason = "MAX_LEN fits, asserted below")]
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

    /// The token as ASCII bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or_default()
    }

    /// When the token expires, in Unix seconds; `None` for an API key.
    pub fn expires_at(&self) -> Option<u64> {
        self.life.map(|life| life.validity.expires_at(life.minted_at))
    }

    /// The seconds in which the token should be used: from when it was minted, while at least
    /// `buffer` seconds remain. Empty with a buffer above the lifetime; unlimited for an API key.
    pub fn fresh(&self, buffer: u64) -> Range<u64> {
        match self.life {
            None => 0..u64::MAX,
            Some(Life { minted_at, validity }) => {
                let expires_at = validity.expires_at(minted_at);
                // Even with a buffer of 0: at `exp` itself it has expired (RFC 7519, section 4.1.4).
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
const _: () = assert!(Token::MAX_LEN <= u16::MAX as usize, "the length is a `u16`");

impl From<&ApiKey> for Token {
    #[expect(clippy::cast_possible_truncation, reason = "MAX_LEN fits, asserted above")]
    // Not inlined, so that its buffer is not on the stack while a signer is made.
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
        // Tokens are dropped often, and `Zeroize` would write each byte separately.
        self.bytes = [0; Self::MAX_LEN];
        optimization_barrier(&self.bytes);
    }
}

impl ZeroizeOnDrop for Token {}

impl AsRef<str> for Token {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

//! Stages 2 to 5 for one key pair. What its tokens have in common is computed once.

use core::fmt;

use zeroize::ZeroizeOnDrop;

use crate::{
    AccessKey, KeyPair, Token, Validity,
    encoding::{base64::encode_hash, buffer::Writer},
    hmac::midstate::{Midstate, bytes},
    token::signing_input::Prefix,
};

/// Mints the tokens of one key pair. Signing cannot fail.
///
/// With an access key of 32 characters, a token needs three compressions of SHA-256: the HMAC pads,
/// the header and the constant start of the claims are hashed when the signer is made.
///
/// ```
/// use kling_jwt_core::{KeyPair, Signer, Validity};
///
/// let pair = KeyPair::new("access-key", "secret-key").unwrap();
/// let signer = Signer::new(&pair, Validity::default());
/// let token = signer.sign(1_800_000_000);
/// assert_eq!(token.expires_at(), Some(1_800_001_800));
/// ```
#[derive(Clone)]
pub struct Signer {
    /// The HMAC state after the prefix.
    midstate: Midstate,
    prefix: Prefix,
    validity: Validity,
}

impl Signer {
    /// Makes a signer, and computes what all its tokens have in common.
    pub fn new(pair: &KeyPair, validity: Validity) -> Self {
        let prefix = Prefix::new(&pair.access_key);
        Self { midstate: prefix.absorbed_by(&pair.midstate), prefix, validity }
    }

    /// Mints a token at `now`, in Unix seconds. The same second always gives the same token.
    pub fn sign(&self, now: u64) -> Token {
        Token::minted(now, self.validity, |dst| self.write(now, dst))
    }

    /// Mints a token at `now` into a buffer, and returns its ASCII bytes. The rest of the buffer is
    /// unspecified.
    pub fn sign_into<'d>(&self, now: u64, dst: &'d mut [u8; Token::MAX_LEN]) -> &'d [u8] {
        let len = self.write(now, dst);
        dst.get(..len).unwrap_or_default()
    }

    fn write(&self, now: u64, dst: &mut [u8; Token::MAX_LEN]) -> usize {
        let len = self.prefix.complete(self.validity, now, dst);
        let signature = self.midstate.sign(dst, len);
        let mut token = Writer::after(len, dst);
        token.array(b".");
        if cfg!(target_pointer_width = "64") {
            token.array(&encode_hash(&signature));
        } else {
            token.base64url(&bytes(&signature));
        }
        token.written().len()
    }

    /// The access key.
    pub fn access_key(&self) -> AccessKey {
        self.prefix.access_key()
    }

    /// How long each token is valid.
    ///
    /// ```
    /// use kling_jwt_core::{KeyPair, Signer, Validity};
    ///
    /// let pair = KeyPair::new("access-key", "secret-key").unwrap();
    /// let signer = Signer::new(&pair, Validity::new(60).unwrap());
    /// assert_eq!(signer.validity().lifetime(), 60);
    /// ```
    pub fn validity(&self) -> Validity {
        self.validity
    }
}

/// Its key state is wiped.
impl ZeroizeOnDrop for Signer {}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("access_key", &self.access_key())
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}

//! Stages 2 to 5 for one key pair, with everything that its tokens share computed once.

use core::fmt;

use crate::{
    AccessKey, Credentials, KeyPair, Token, Validity,
    base64::encode_hash,
    midstate::Midstate,
    signing_input::{MAX_PREFIX_LEN, Prefix},
    writer::Writer,
};

/// Mints the tokens of one key pair. Signing cannot fail.
///
/// A token costs three SHA-256 compressions for a key of 32 characters: the HMAC pads, the
/// header and the constant start of the claims are absorbed when the signer is made.
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
    minter: Minter,
    start: [u8; MAX_PREFIX_LEN],
}

impl Signer {
    /// Computes what the tokens of this pair share.
    pub fn new(pair: &KeyPair, validity: Validity) -> Self {
        let mut start = [0; MAX_PREFIX_LEN];
        Self { minter: Minter::new(pair, validity, &mut start), start }
    }

    /// The token minted at `now`, in Unix seconds.
    pub fn sign(&self, now: u64) -> Token {
        let mut token = Token::blank();
        Writer::new(&mut token.bytes).array(&self.start);
        token.mint(&self.minter, now);
        token
    }

    /// Writes the token minted at `now` into a caller's buffer; it is ASCII. What is behind it in
    /// the buffer has no meaning.
    pub fn sign_into<'d>(&self, now: u64, dst: &'d mut [u8; Token::MAX_LEN]) -> &'d [u8] {
        Writer::new(dst).array(&self.start);
        let len = self.minter.mint(now, dst);
        dst.get(..len).unwrap_or_default()
    }

    /// The access key whose tokens these are.
    pub fn access_key(&self) -> &AccessKey {
        self.minter.access_key()
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
        self.minter.validity()
    }
}

/// What the tokens of a key pair share but for the text that they begin with: that stands in the
/// buffer where they are minted, one over the other.
#[derive(Clone)]
pub(crate) struct Minter {
    access_key: AccessKey,
    validity: Validity,
    prefix: Prefix,
    /// The key, with the prefix absorbed.
    midstate: Midstate,
}

impl Minter {
    /// Computes it, and writes what tokens begin with to the start of a buffer.
    pub(crate) fn new(pair: &KeyPair, validity: Validity, buffer: &mut [u8]) -> Self {
        let prefix = Prefix::write(&pair.access_key, buffer);
        Self {
            access_key: pair.access_key.clone(),
            validity,
            midstate: pair.midstate.absorb(prefix.of(buffer)),
            prefix,
        }
    }

    /// Writes the token minted at `now` behind what the buffer begins with, and says how long it
    /// is.
    pub(crate) fn mint(&self, now: u64, buffer: &mut [u8; Token::MAX_LEN]) -> usize {
        let len = self.prefix.complete(self.validity, now, buffer);
        let signature = encode_hash(&self.midstate.sign(buffer, len));
        let mut token = Writer::after(len, buffer);
        token.array(b".");
        token.array(&signature);
        token.written().len()
    }

    pub(crate) fn access_key(&self) -> &AccessKey {
        &self.access_key
    }

    pub(crate) fn validity(&self) -> Validity {
        self.validity
    }
}

/// One token of a credential, minted at `now` (Unix seconds); an API key is its own.
///
/// ```
/// use kling_jwt_core::{Credentials, Validity, mint};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// let token = mint(&credentials, Validity::default(), 1_800_000_000);
/// assert_eq!(token.expires_at(), Some(1_800_001_800));
/// ```
pub fn mint(credentials: &Credentials, validity: Validity, now: u64) -> Token {
    match credentials {
        Credentials::KeyPair(pair) => {
            let mut token = Token::blank();
            let minter = Minter::new(pair, validity, &mut token.bytes);
            token.mint(&minter, now);
            token
        }
        Credentials::ApiKey(api_key) => api_key.into(),
    }
}

impl fmt::Debug for Minter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("access_key", &self.access_key)
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.minter.fmt(f)
    }
}

//! Stages 2 to 5 for one key pair, with everything that its tokens share computed once.

use core::fmt;

use crate::{
    AccessKey, Credentials, KeyPair, Token, Validity,
    base64::encode_hash,
    midstate::{Midstate, padded_len},
    signing_input::{MAX_SIGNING_INPUT_LEN, Prefix},
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
    access_key: AccessKey,
    validity: Validity,
    prefix: Prefix,
    /// The key, with the prefix absorbed.
    midstate: Midstate,
}

const _: () = assert!(
    padded_len(MAX_SIGNING_INPUT_LEN) <= Token::MAX_LEN,
    "a signing input is padded where the signature will be"
);

impl Signer {
    /// Computes what the tokens of this pair share.
    pub fn new(pair: &KeyPair, validity: Validity) -> Self {
        let prefix = Prefix::new(&pair.access_key);
        Self {
            access_key: pair.access_key.clone(),
            validity,
            midstate: pair.midstate.absorb(prefix.as_bytes()),
            prefix,
        }
    }

    /// The token minted at `now`, in Unix seconds.
    pub fn sign(&self, now: u64) -> Token {
        let mut token = self.blank(now);
        self.fill(now, &mut token);
        token
    }

    /// The token minted at `now` without its text, to be filled where it is kept: it is not small.
    pub(crate) fn blank(&self, now: u64) -> Token {
        Token::minted(now, self.validity.expires_at(now))
    }

    /// Writes the text of the token minted at `now`.
    pub(crate) fn fill(&self, now: u64, token: &mut Token) {
        token.len = self.sign_into(now, &mut token.bytes).len();
    }

    /// Writes the token minted at `now` into a caller's buffer; it is ASCII. What is behind it in
    /// the buffer has no meaning.
    pub fn sign_into<'d>(&self, now: u64, dst: &'d mut [u8; Token::MAX_LEN]) -> &'d [u8] {
        let len = self.prefix.complete(self.validity, now, dst);
        let signature = encode_hash(&self.midstate.sign(dst, len));
        let mut token = Writer::after(len, dst);
        token.array(b".");
        token.array(&signature);
        token.written()
    }

    /// The access key whose tokens these are.
    pub fn access_key(&self) -> &AccessKey {
        &self.access_key
    }

    /// How long each token is valid.
    pub fn validity(&self) -> Validity {
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
        Credentials::KeyPair(pair) => Signer::new(pair, validity).sign(now),
        Credentials::ApiKey(api_key) => api_key.into(),
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("access_key", &self.access_key)
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}

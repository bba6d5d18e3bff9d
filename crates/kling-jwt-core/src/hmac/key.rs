//! Stage 4: HMAC-SHA256 (RFC 2104, FIPS 198-1) over the signing input.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

/// The length of a signature, in bytes.
pub const SIGNATURE_LEN: usize = 32;

/// An HMAC-SHA256 key: the hash states after both padded keys, without the key's bytes.
///
/// It is as secret as the key, so it is zeroized on drop, and `Debug` does not show it. The crate
/// hmac does not wipe the stack on which it pads the key.
///
/// ```
/// use kling_jwt_core::HmacKey;
///
/// // RFC 4231, test case 2
/// let signature = HmacKey::new(b"Jefe").sign(b"what do ya want for nothing?");
/// assert_eq!(signature[..4], [0x5b, 0xdc, 0xc1, 0x46]);
/// ```
#[derive(Clone)]
pub struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// Makes an HMAC key from bytes of any length. More than 64 bytes are hashed first (RFC 2104).
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC accepts keys of any length"))
    }

    /// The signature of a message.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        self.absorb(message).0.finalize().into_bytes().into()
    }

    /// Whether this key made the signature of a message. Compares in constant time.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.absorb(message).0.verify_slice(signature).is_ok()
    }

    /// This state after the start of a message.
    pub(crate) fn absorb(&self, start: &[u8]) -> Self {
        let mut state = self.0.clone();
        state.update(start);
        Self(state)
    }

    /// Absorbs more of a message.
    pub(crate) fn extend(&mut self, part: &[u8]) {
        self.0.update(part);
    }
}

/// The crate hmac zeroizes its state, by its feature `zeroize`.
impl ZeroizeOnDrop for HmacKey {}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey([elided])")
    }
}

//! Stage 4: HMAC-SHA256 (RFC 2104, FIPS 198-1) over the signing input.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

/// The length of a signature, in bytes.
pub const SIGNATURE_LEN: usize = 32;

/// A secret as HMAC uses it: both padded keys absorbed, the raw bytes not kept.
///
/// Whoever has this can sign, so it is zeroized on drop and prints nothing. (The stack that the
/// keys were padded on is hmac's, which does not wipe it.)
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
    /// Absorbs a key of any length: above 64 bytes its hash stands for it (RFC 2104).
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes a key of any length"))
    }

    /// The signature of a message.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        self.absorb(message).0.finalize().into_bytes().into()
    }

    /// Whether a signature is that of a message. The time taken does not tell where they differ.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.absorb(message).0.verify_slice(signature).is_ok()
    }

    /// The state after the start of a message.
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

/// hmac wipes its state, by its feature `zeroize`.
impl ZeroizeOnDrop for HmacKey {}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey([elided])")
    }
}

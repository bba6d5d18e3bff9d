//! From credentials to a token: claims, signing input, signature.

pub(crate) mod bearer;
pub(crate) mod claims;
pub(crate) mod fast_tail;
pub(crate) mod mint;
pub(crate) mod signer;
pub(crate) mod signing_input;
pub(crate) mod validity;

//! HMAC-SHA256: of what is given whole, and of what begins as ever.

pub(crate) mod key;
pub(crate) mod midstate;

//! HMAC-SHA256: for any message, and faster for messages with the same start.

pub(crate) mod key;
pub(crate) mod midstate;

//! Any HS256 token: encodes, decodes, verifies and explains it.

pub(crate) mod compact;
pub(crate) mod inspect;

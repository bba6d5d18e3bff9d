//! Any HS256 token: the compact form over JSON that the caller has, and what a token says.

pub(crate) mod compact;
pub(crate) mod inspect;

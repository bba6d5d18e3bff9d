//! Which token is current, and what a response changes: joins `token` and `responses`.

pub(crate) mod issuer;
pub(crate) mod provider;
pub(crate) mod refused;
pub(crate) mod schedule;
pub(crate) mod sent_claims;

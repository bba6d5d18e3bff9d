//! From a response to what to do: the envelope in the body, the cause, the verdict.

pub(crate) mod bearer_kind;
pub(crate) mod cause;
pub(crate) mod envelope;
mod fast_accept;
pub(crate) mod remedy;
pub(crate) mod response;
pub(crate) mod sent_scheme;
pub(crate) mod verdict;

//! From a response to what to do: Kling's envelope, the cause by its code and message, the verdict.

pub(crate) mod bearer_kind;
pub(crate) mod cause;
pub(crate) mod envelope;
pub(crate) mod remedy;
pub(crate) mod response;
pub(crate) mod sent_scheme;
pub(crate) mod verdict;

//! What every host says in the same words: of what happens, and of what is missing.

pub(crate) mod event;
pub(crate) mod host_error;

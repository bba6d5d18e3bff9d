//! Messages that are the same on every host: events and errors.

pub(crate) mod event;
pub(crate) mod host_error;

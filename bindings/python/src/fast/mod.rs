//! The short ways. Each says in its header what it saves: what saves less than a tenth goes.

pub(crate) mod cached_object;
pub(crate) mod coarse_clock;
pub(crate) mod json_writer;

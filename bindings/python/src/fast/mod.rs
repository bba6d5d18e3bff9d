//! Fast paths. Each header says what the fast path saves. One that saves less than a tenth is removed.

pub(crate) mod cached_object;
pub(crate) mod coarse_clock;
pub(crate) mod json_writer;

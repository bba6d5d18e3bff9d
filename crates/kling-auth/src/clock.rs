//! The only place that reads the clock, and the clock of a test in its place.

use std::{fmt, sync::Arc, time::SystemTime};

/// The system's time in Unix seconds; 0 if the clock is set before 1970.
pub fn unix_now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Where a `KlingAuth` gets the time from: by default the system.
#[derive(Clone)]
pub(crate) struct Clock(Option<Arc<dyn Fn() -> u64 + Send + Sync>>);

impl Clock {
    pub(crate) const fn system() -> Self {
        Self(None)
    }

    pub(crate) fn new(unix_seconds: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(unix_seconds)))
    }

    /// In Unix seconds.
    pub(crate) fn now(&self) -> u64 {
        self.0.as_ref().map_or_else(unix_now, |now| now())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Clock" } else { "Clock::system" })
    }
}

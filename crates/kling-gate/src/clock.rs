//! The gate's time: a clock, how far a test has moved it, and a skew between client and server.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second of the year 9999: an HTTP date has four digits for the year.
const LATEST: u64 = 253_402_300_799;

/// The source of the time, in Unix seconds.
pub struct Clock(Box<dyn Fn() -> u64 + Send + Sync>);

impl Clock {
    /// A clock from the caller: a constant, or a value that a test changes.
    pub fn new(unix_seconds: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Box::new(unix_seconds))
    }

    /// The machine's clock.
    pub fn system() -> Self {
        Self::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// The time of the client and of the server.
pub(crate) struct Clocks {
    source: Clock,
    /// How far a test has moved both.
    moved: Mutex<Duration>,
    /// In seconds: by how much the server's clock is ahead of the client's.
    skew: AtomicI64,
}

impl Clocks {
    pub(crate) fn new(source: Clock, skew: i64) -> Self {
        Self { source, moved: Mutex::default(), skew: AtomicI64::new(skew) }
    }

    /// The client's time in Unix seconds: a change of the skew is not a change of this.
    pub(crate) fn of_the_client(&self) -> u64 {
        (self.source.0)().saturating_add(self.moved().as_secs())
    }

    /// The server's time in Unix seconds, limited to the range of an HTTP date.
    pub(crate) fn now(&self) -> u64 {
        self.of_the_client().saturating_add_signed(self.skew()).min(LATEST)
    }

    /// The server's time in the format of `Date` (IMF-fixdate, RFC 9110, 5.6.7).
    pub(crate) fn http_date(&self) -> String {
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(self.now()))
    }

    pub(crate) fn skew(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    pub(crate) fn set_skew(&self, seconds: i64) {
        self.skew.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn moved(&self) -> Duration {
        *self.by()
    }

    pub(crate) fn set_moved(&self, moved: Duration) {
        *self.by() = moved;
    }

    pub(crate) fn advance(&self, time: Duration) {
        let mut moved = self.by();
        *moved = moved.saturating_add(time);
    }

    fn by(&self) -> MutexGuard<'_, Duration> {
        // A duration is consistent even after a panic.
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

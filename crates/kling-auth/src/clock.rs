//! The one place that reads the clock.

use std::time::SystemTime;

/// The system's wall clock in Unix seconds. A clock before 1970 reads 0.
pub fn unix_now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

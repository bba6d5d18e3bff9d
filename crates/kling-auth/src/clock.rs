//! The only place that reads the clock.

use std::time::SystemTime;

/// The system's time in Unix seconds; 0 if the clock is set before 1970.
pub fn unix_now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

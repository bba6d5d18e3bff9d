//! Converts numbers of seconds from Python and JavaScript.
//!
//! They may be floats, negative, or milliseconds by mistake. Both bindings convert them here, so
//! that they agree.

use crate::{Error, MAX_UNIX_SECONDS};

/// Converts a time to whole Unix seconds; a fraction is dropped.
///
/// # Errors
///
/// [`Error::Time`] if it is negative, not a number, or greater than [`MAX_UNIX_SECONDS`], as a time
/// in milliseconds or nanoseconds is today.
///
/// ```
/// use kling_jwt_core::{Error, unix_seconds};
///
/// assert_eq!(unix_seconds(1_800_000_000.75), Ok(1_800_000_000));
/// assert_eq!(unix_seconds(1_800_000_000_750.0), Err(Error::Time));
/// assert_eq!(unix_seconds(-1.0), Err(Error::Time));
/// ```
pub fn unix_seconds(seconds: f64) -> Result<u64, Error> {
    non_negative(seconds).filter(|seconds| *seconds <= MAX_UNIX_SECONDS).ok_or(Error::Time)
}

/// Converts a buffer, how long before its end a token is renewed, to whole seconds.
///
/// A fraction is rounded up, so that the token is renewed earlier.
///
/// # Errors
///
/// [`Error::Buffer`] if it is negative or not a number.
///
/// ```
/// use kling_jwt_core::{Error, buffer_seconds};
///
/// assert_eq!(buffer_seconds(299.5), Ok(300));
/// assert_eq!(buffer_seconds(-1.0), Err(Error::Buffer));
/// ```
pub fn buffer_seconds(seconds: f64) -> Result<u64, Error> {
    let below = non_negative(seconds).ok_or(Error::Buffer)?;
    Ok(if as_f64(below) < seconds { below.saturating_add(1) } else { below })
}

/// Converts a number of seconds; `None` if it is negative or not whole.
pub(crate) fn whole_seconds(seconds: f64) -> Option<u64> {
    non_negative(seconds).filter(|whole| as_f64(*whole).total_cmp(&seconds).is_eq())
}

/// The whole part of a number, at most `u64::MAX`; `None` if it is negative or not a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "negative numbers and NaN are excluded, and a cast to u64 saturates"
)]
fn non_negative(seconds: f64) -> Option<u64> {
    (seconds >= 0.0).then_some(seconds as u64)
}

/// Converts a result of [`non_negative`] back.
#[expect(clippy::cast_precision_loss, reason = "a number that came from an f64 is exact")]
const fn as_f64(whole: u64) -> f64 {
    whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_kind() {
        let cases = [
            (0.0, Ok(0)),
            (-0.0, Ok(0)),
            (0.999, Ok(0)),
            (253_402_300_799.0, Ok(MAX_UNIX_SECONDS)),
            (253_402_300_800.0, Err(Error::Time)),
            (-0.001, Err(Error::Time)),
            (f64::NAN, Err(Error::Time)),
            (f64::INFINITY, Err(Error::Time)),
            (f64::NEG_INFINITY, Err(Error::Time)),
        ];
        for (seconds, expected) in cases {
            assert_eq!(unix_seconds(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn buffers_of_every_kind() {
        let cases = [
            (0.0, Ok(0)),
            (0.001, Ok(1)),
            (300.0, Ok(300)),
            (f64::INFINITY, Ok(u64::MAX)),
            (-0.001, Err(Error::Buffer)),
            (f64::NAN, Err(Error::Buffer)),
        ];
        for (seconds, expected) in cases {
            assert_eq!(buffer_seconds(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn only_whole_seconds() {
        assert_eq!(whole_seconds(1800.0), Some(1800));
        assert_eq!(whole_seconds(0.5), None);
        assert_eq!(whole_seconds(-1.0), None);
        assert_eq!(whole_seconds(f64::NAN), None);
    }
}

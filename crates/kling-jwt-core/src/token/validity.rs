//! How long a token is valid. The limits of 1800 and 5 seconds are defined only here.

use core::num::NonZero;

use crate::{Error, time::whole_seconds};

/// How many seconds before its end a token is renewed, as in the class of Kling's guide.
///
/// For lifetimes below 10 minutes, see [`Validity::default_buffer`].
pub const DEFAULT_BUFFER: u64 = 300;

/// How long a token is valid: from 5 seconds before it is minted until `lifetime` seconds after.
///
/// ```
/// use kling_jwt_core::{Error, Validity};
///
/// assert_eq!(Validity::default().lifetime(), 1800);
/// assert_eq!(Validity::new(60).unwrap().lifetime(), 60);
/// assert_eq!(Validity::new(1801), Err(Error::Lifetime));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    lifetime: NonZero<u16>,
}

impl Validity {
    /// The longest lifetime, in seconds, and the default. Kling refuses longer ones.
    pub const MAX_LIFETIME: u64 = 1800;

    /// How many seconds before it is minted a token becomes valid (`nbf`), in case the server's
    /// clock is behind.
    pub const LEEWAY: u64 = 5;

    /// A validity of `lifetime` seconds, from 1 to [`MAX_LIFETIME`](Self::MAX_LIFETIME).
    ///
    /// # Errors
    ///
    /// [`Error::Lifetime`] for any other number.
    #[expect(clippy::cast_possible_truncation, reason = "MAX_LIFETIME fits into a u16")]
    pub const fn new(lifetime: u64) -> Result<Self, Error> {
        match NonZero::new(lifetime as u16) {
            Some(seconds) if lifetime <= Self::MAX_LIFETIME => Ok(Self { lifetime: seconds }),
            _ => Err(Error::Lifetime),
        }
    }

    /// The lifetime in seconds.
    pub const fn lifetime(self) -> u64 {
        self.lifetime.get() as u64
    }

    /// How many seconds before its end a token is renewed by default: 300, as in the class of
    /// Kling's guide, but at most half of the lifetime, so that a token can be used more than once.
    ///
    /// ```
    /// use kling_jwt_core::Validity;
    ///
    /// assert_eq!(Validity::default().default_buffer(), 300);
    /// assert_eq!(Validity::new(300)?.default_buffer(), 150);
    /// # Ok::<_, kling_jwt_core::Error>(())
    /// ```
    pub const fn default_buffer(self) -> u64 {
        let half = self.lifetime() / 2;
        if half < DEFAULT_BUFFER { half } else { DEFAULT_BUFFER }
    }

    pub(crate) const fn expires_at(self, now: u64) -> u64 {
        now.saturating_add(self.lifetime())
    }

    pub(crate) const fn not_before(now: u64) -> u64 {
        now.saturating_sub(Self::LEEWAY)
    }
}

impl Default for Validity {
    fn default() -> Self {
        const LONGEST: Validity = match Validity::new(Validity::MAX_LIFETIME) {
            Ok(longest) => longest,
            Err(_) => unreachable!(),
        };
        LONGEST
    }
}

/// Converts a number of seconds from Python or JavaScript. It must be whole.
impl TryFrom<f64> for Validity {
    type Error = Error;

    fn try_from(lifetime: f64) -> Result<Self, Error> {
        whole_seconds(lifetime).ok_or(Error::Lifetime).and_then(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_whole_seconds() {
        assert_eq!(Validity::try_from(1800.0), Validity::new(1800));
        for refused in [0.0, 0.5, 1.5, 1801.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Validity::try_from(refused), Err(Error::Lifetime), "{refused}");
        }
    }
}

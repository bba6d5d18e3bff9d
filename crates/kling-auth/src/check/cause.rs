//! The outcome of a check, as one value.

use std::{fmt, str::FromStr};

use kling_jwt_core::{Cause, UnknownName};

use super::Failure;

/// The outcome of a check: the cause of the response, or a cause that only a check can find.
///
/// ```
/// use kling_auth::{Cause, check::CheckCause};
///
/// assert_eq!(CheckCause::WrongRegion.as_str(), "wrong_region");
/// assert_eq!("key_disabled".parse(), Ok(CheckCause::Answered(Cause::KeyDisabled)));
/// assert_eq!("dns".parse(), Ok(CheckCause::Dns));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckCause {
    /// The cause of the response, from Kling or a relay.
    Answered(Cause),
    /// The credentials are right, but this machine's clock is wrong.
    ClockSkew,
    /// The key belongs to another region.
    WrongRegion,
    /// The host redirects to another URL. The redirect is not followed.
    Redirect,
    /// The host's name cannot be resolved.
    Dns,
    /// The host's certificate is not trusted, or it does not speak TLS.
    Tls,
    /// There was no complete response in time.
    Timeout,
    /// The proxy cannot be reached or used.
    Proxy,
    /// No connection could be made, or it ended too early.
    Connection,
}

impl CheckCause {
    const OWN: [Self; 8] = [
        Self::ClockSkew,
        Self::WrongRegion,
        Self::Redirect,
        Self::Dns,
        Self::Tls,
        Self::Timeout,
        Self::Proxy,
        Self::Connection,
    ];

    /// The stable name, the same in all languages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered(cause) => cause.as_str(),
            Self::ClockSkew => "clock_skew",
            Self::WrongRegion => "wrong_region",
            Self::Redirect => "redirect",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Proxy => "proxy",
            Self::Connection => "connection",
        }
    }
}

/// Parses the stable name.
impl FromStr for CheckCause {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match Self::OWN.into_iter().find(|cause| cause.as_str() == name) {
            Some(cause) => Ok(cause),
            None => name.parse().map(Self::Answered),
        }
    }
}

impl From<Failure> for CheckCause {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Dns => Self::Dns,
            Failure::Tls => Self::Tls,
            Failure::Timeout => Self::Timeout,
            Failure::Proxy => Self::Proxy,
            Failure::Refused | Failure::Unreachable | Failure::Cut | Failure::Other => {
                Self::Connection
            }
        }
    }
}

/// Compares the stable name.
impl PartialEq<&str> for CheckCause {
    fn eq(&self, name: &&str) -> bool {
        self.as_str() == *name
    }
}

impl fmt::Display for CheckCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

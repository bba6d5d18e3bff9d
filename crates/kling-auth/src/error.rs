//! What can go wrong beyond the core: credentials that are not there, or that contradict.

use std::fmt;

/// Why there is no `KlingAuth`, or no token.
///
/// Like the core's error it is small, `Copy` and holds no part of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The core refused an argument.
    Core(kling_jwt_core::Error),
    /// The core refused what stands at this place (an environment variable).
    At(&'static str, kling_jwt_core::Error),
    /// No credential was given, and none was found.
    Missing,
    /// The first of a key pair is there, and the second is not.
    Partial(&'static str, &'static str),
    /// Both an API key and a key pair were given.
    Conflict,
}

impl Error {
    /// The stable code: `ERR_` and upper case, the same in all languages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Core(error) | Self::At(_, error) => error.code(),
            Self::Missing => "ERR_CREDENTIALS_MISSING",
            Self::Partial(..) => "ERR_CREDENTIALS_PARTIAL",
            Self::Conflict => "ERR_CREDENTIALS_CONFLICT",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::At(place, error) => write!(f, "{place}: {error}"),
            Self::Missing => f.write_str(
                "no credentials: pass the access key and the secret key (or an API key), or set \
                 KLING_ACCESS_KEY and KLING_SECRET_KEY in the environment",
            ),
            Self::Partial(there, absent) => {
                write!(f, "{there} is there, but {absent} is not: a key pair needs both")
            }
            Self::Conflict => f.write_str(
                "both an API key and a key pair were given: pass the one that is to be used",
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Core(error) | Self::At(_, error) => Some(error),
            Self::Missing | Self::Partial(..) | Self::Conflict => None,
        }
    }
}

impl From<kling_jwt_core::Error> for Error {
    fn from(error: kling_jwt_core::Error) -> Self {
        Self::Core(error)
    }
}

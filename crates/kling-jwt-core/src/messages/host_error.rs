//! Why there are no credentials, or why a request gets no bearer, in the same words on every host.

use core::fmt::{self, Display};

use crate::encoding::write::write_both;

/// Why there are no credentials, or why a request gets no bearer.
///
/// Its `Display` is a message for people, which says what to do. It names where values were found,
/// and contains no secret.
///
/// ```
/// use kling_jwt_core::HostError;
///
/// let problem = HostError::Partial {
///     present: &"KLING_ACCESS_KEY",
///     absent: &"KLING_SECRET_KEY",
///     is_blank: false,
///     unread: &"",
/// };
/// assert_eq!(problem.code(), "ERR_CREDENTIALS_PARTIAL");
/// assert_eq!(
///     problem.to_string(),
///     "KLING_ACCESS_KEY is set, but KLING_SECRET_KEY is not; a key pair needs both",
/// );
/// ```
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a location need not implement it")]
#[non_exhaustive]
pub enum HostError<'a> {
    /// No credentials were passed, and none were found: the locations that were searched.
    Missing(&'a dyn Display),
    /// One key of a pair was found, but not the other.
    Partial {
        /// The location of the key that was found.
        present: &'a dyn Display,
        /// The other key: its name or, if it is blank, its location.
        absent: &'a dyn Display,
        /// Whether the other key is set, but blank.
        is_blank: bool,
        /// What the user may have meant: [`UnreadNames`](crate::env_names::UnreadNames), or an
        /// empty text.
        unread: &'a dyn Display,
    },
    /// Credentials were passed in more than one way.
    Conflict,
    /// Credentials cannot be read again, because the caller passed them.
    NoSource,
    /// Credentials that were read again belong to another base URL: its location.
    BaseUrlChanged(&'a dyn Display),
    /// The bearer must not be sent to this origin.
    Origin(&'a dyn Display),
    /// Access key and secret key are the same: their locations.
    EqualKeys(&'a dyn Display, &'a dyn Display),
}

impl HostError<'_> {
    /// The stable code: `ERR_` and upper case, the same in all languages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "ERR_CREDENTIALS_MISSING",
            Self::Partial { .. } => "ERR_CREDENTIALS_PARTIAL",
            Self::Conflict => "ERR_CREDENTIALS_CONFLICT",
            Self::NoSource => "ERR_CREDENTIALS_NO_SOURCE",
            Self::BaseUrlChanged(_) => "ERR_BASE_URL_CHANGED",
            Self::Origin(_) => "ERR_ORIGIN",
            Self::EqualKeys(..) => "ERR_CREDENTIALS_EQUAL",
        }
    }
}

impl Display for HostError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(tried) => {
                f.write_str(
                    "no credentials: pass the access key and the secret key (or an API key), or \
                     set KLING_ACCESS_KEY and KLING_SECRET_KEY in the environment; tried ",
                )?;
                tried.fmt(f)
            }
            Self::Partial { present, absent, is_blank, unread } => {
                write_both(f, present, " is set, but ", absent)?;
                f.write_str(if *is_blank {
                    " is blank; a key pair needs both (in CI, a missing secret is blank)"
                } else {
                    " is not; a key pair needs both"
                })?;
                unread.fmt(f)
            }
            Self::Conflict => f.write_str(
                "pass only one of: a key pair, an API key, a function that returns credentials",
            ),
            Self::NoSource => f.write_str(
                "the credentials were passed as arguments, so there is no source to read again: \
                 pass new ones",
            ),
            Self::BaseUrlChanged(location) => {
                location.fmt(f)?;
                f.write_str(
                    " contains another base URL than before: credentials are not sent to another \
                     host, so create a new KlingAuth",
                )
            }
            Self::Origin(origin) => {
                f.write_str("the bearer is not sent to ")?;
                origin.fmt(f)?;
                f.write_str(
                    ", only to Kling's API (https://api.klingai.com, https://api-REGION.klingai.com) \
                     and to the base URL: fetch results without Authorization; for your own gateway, \
                     pass its URL as base URL",
                )
            }
            Self::EqualKeys(access_key, secret_key) => {
                write_both(f, access_key, " and ", secret_key)?;
                f.write_str(" are the same: copy both again from https://kling.ai/dev/api-key")
            }
        }
    }
}

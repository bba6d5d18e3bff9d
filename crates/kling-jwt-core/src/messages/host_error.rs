//! Why there are no credentials, or no bearer for a request: what every host says in these words.

use core::fmt::{self, Display};

use crate::encoding::write::write_both;

/// What is missing or contradicts, and what to do. It names places, and holds no secret.
///
/// ```
/// use kling_jwt_core::HostError;
///
/// let problem = HostError::Partial {
///     there: &"KLING_ACCESS_KEY",
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
#[expect(missing_debug_implementations, reason = "a place need not have one")]
#[non_exhaustive]
pub enum HostError<'a> {
    /// No credential was given, and none was found in these places.
    Missing(&'a dyn Display),
    /// One half of a key pair is there, and the other is not.
    Partial {
        /// The half that is there.
        there: &'a dyn Display,
        /// The other: its name or, where it is blank, its place.
        absent: &'a dyn Display,
        /// Whether the other is set, but blank.
        is_blank: bool,
        /// What else may be meant: [`Unread`](crate::names::Unread), or nothing.
        unread: &'a dyn Display,
    },
    /// Credentials were given in more than one way.
    Conflict,
    /// Credentials are to be looked for again, but the caller gave them.
    NoSource,
    /// Credentials that were looked for again stand beside another base URL, at this place.
    BaseUrlChanged(&'a dyn Display),
    /// The bearer was to go to this origin, where it must not.
    Origin(&'a dyn Display),
    /// The access key and the secret key at these places are the same.
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
            Self::Partial { there, absent, is_blank, unread } => {
                write_both(f, there, " is set, but ", absent)?;
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
            Self::BaseUrlChanged(place) => {
                place.fmt(f)?;
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

//! Events: what happened, and warnings.

use core::fmt::{self, Display};

use crate::{
    Cause, CredentialWarning, Field,
    encoding::{
        date::Utc,
        write::{Decimal, write_all, write_both},
    },
};

/// How important an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Routine: a token was minted.
    Debug,
    /// A change: of credentials or of the clock, or a request that is repeated.
    Info,
    /// Something that somebody should look at.
    Warning,
}

/// Something that happened, or that somebody should look at.
///
/// Its `Display` is a message for people. It names where values were found, and contains no secret.
///
/// ```
/// use kling_jwt_core::EventKind;
///
/// let event = EventKind::Cleaned(&"KLING_SECRET_KEY", "white space");
/// assert_eq!(event.code(), "WARN_CLEANED");
/// assert_eq!(event.to_string(), "KLING_SECRET_KEY: removed white space around the value");
/// ```
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a location need not implement it")]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// Something was removed from around a value: the value's location, and what was removed.
    Cleaned(&'a dyn Display, &'static str),
    /// A value does not look like Kling's keys: its location, and which key it should be.
    Shape(&'a dyn Display, Field),
    /// The keys of a pair seem to be swapped: the locations of access key and secret key.
    Swapped(&'a dyn Display, &'a dyn Display),
    /// The value at the first location is used, and that at the second is ignored.
    Ignored(&'a dyn Display, &'a dyn Display),
    /// Two keys are used as a pair, but their names do not belong together: their locations.
    Mixed(&'a dyn Display, &'a dyn Display),
    /// Other programs read this line of a `.env` file differently: its location.
    Ambiguous(&'a dyn Display),
    /// Credentials could not be read again: why.
    ReloadFailed(&'a dyn Display),
    /// A host answered 401 to a request without the bearer, which must not be sent to it: its
    /// origin.
    Withheld(&'a dyn Display),
    /// Credentials were found: their source.
    CredentialsFound(&'a dyn Display),
    /// The credentials were replaced: the new source.
    CredentialsReplaced(&'a dyn Display),
    /// The clock was corrected: by how many seconds the server's clock is ahead of this machine's.
    ClockCorrected(i64),
    /// A request was refused for this cause, and can be sent again with the current token.
    RequestRetried(Cause),
    /// A token was minted: when it expires, in Unix seconds.
    TokenMinted(u64),
}

impl<'a> EventKind<'a> {
    /// The event for a warning, with the locations of both keys. For a value under an API key's
    /// name, pass its location twice.
    pub fn of(
        warning: CredentialWarning,
        access_key: &'a dyn Display,
        secret_key: &'a dyn Display,
    ) -> Self {
        let location = |field| if field == Field::SecretKey { secret_key } else { access_key };
        match warning {
            CredentialWarning::Cleaned(field, what) => Self::Cleaned(location(field), what),
            CredentialWarning::Shape(field) => Self::Shape(location(field), field),
            CredentialWarning::Swapped => Self::Swapped(access_key, secret_key),
        }
    }

    /// The stable code: its level and upper case, the same in all languages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cleaned(..) => "WARN_CLEANED",
            Self::Shape(..) => "WARN_SHAPE",
            Self::Swapped(..) => "WARN_SWAPPED",
            Self::Ignored(..) => "WARN_IGNORED",
            Self::Mixed(..) => "WARN_MIXED",
            Self::Ambiguous(_) => "WARN_AMBIGUOUS",
            Self::ReloadFailed(_) => "WARN_RELOAD_FAILED",
            Self::Withheld(_) => "WARN_WITHHELD",
            Self::CredentialsFound(_) => "INFO_CREDENTIALS_FOUND",
            Self::CredentialsReplaced(_) => "INFO_CREDENTIALS_REPLACED",
            Self::ClockCorrected(_) => "INFO_CLOCK_CORRECTED",
            Self::RequestRetried(_) => "INFO_REQUEST_RETRIED",
            Self::TokenMinted(_) => "DEBUG_TOKEN_MINTED",
        }
    }

    /// How important it is. The code begins with the level: `WARN_`, `INFO_` or `DEBUG_`.
    ///
    /// ```
    /// use kling_jwt_core::{Level, EventKind};
    ///
    /// assert_eq!(EventKind::CredentialsFound(&".env").level(), Level::Info);
    /// assert_eq!(EventKind::ClockCorrected(-60).to_string(), "this machine's clock is 60 seconds ahead \
    ///     of Kling's: tokens use Kling's time from now on");
    /// ```
    pub const fn level(&self) -> Level {
        match self.code().as_bytes() {
            [b'D', ..] => Level::Debug,
            [b'I', ..] => Level::Info,
            _ => Level::Warning,
        }
    }
}

impl Display for EventKind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cleaned(location, what) => {
                location.fmt(f)?;
                write_all(f, &[": removed ", what, " around the value"])
            }
            Self::Shape(location, field) => {
                let expected = match field {
                    Field::ApiKey => "an API key (api-key-kling-…)",
                    _ => "a key of 32 letters and digits",
                };
                location.fmt(f)?;
                let unlike = [": the value does not look like ", expected, "; it is used as it is"];
                write_all(f, &unlike)
            }
            Self::Swapped(access_key, secret_key) => {
                write_both(f, access_key, " and ", secret_key)?;
                f.write_str(" look swapped; they are used as they are")
            }
            Self::Ignored(used, ignored) => {
                f.write_str("using ")?;
                write_both(f, used, "; ignoring ", ignored)
            }
            Self::Mixed(access_key, secret_key) => {
                write_both(f, access_key, " and ", secret_key)?;
                f.write_str(
                    " are used as a pair, though their names do not belong together: make sure \
                     that both keys do",
                )
            }
            Self::Ambiguous(location) => {
                location.fmt(f)?;
                f.write_str(
                    ": other programs read this line of `.env` differently (a `#`, `$`, `:` or \
                     backtick, or unusual white space): write NAME=\"value\"",
                )
            }
            Self::ReloadFailed(why) => {
                why.fmt(f)?;
                f.write_str("; the previous credentials stay in use")
            }
            Self::Withheld(origin) => {
                origin.fmt(f)?;
                f.write_str(
                    " answered 401: it received no bearer, which is sent only to Kling's API and \
                     to the base URL; for your own gateway, pass its URL as base URL",
                )
            }
            Self::CredentialsFound(source) => {
                write_both(f, &"using the credentials from ", "", source)
            }
            Self::CredentialsReplaced(source) => {
                write_both(f, &"the credentials were replaced by those from ", "", source)
            }
            Self::ClockCorrected(offset) => {
                let seconds = Decimal::of(offset.unsigned_abs());
                let side = if *offset < 0 { " seconds ahead of" } else { " seconds behind" };
                let rest = " Kling's: tokens use Kling's time from now on";
                write_all(f, &["this machine's clock is ", seconds.as_str(), side, rest])
            }
            Self::RequestRetried(cause) => {
                let refused = ["the request was refused (", cause.as_str()];
                write_all(f, &refused)?;
                f.write_str("): it is sent once more, with the current token")
            }
            Self::TokenMinted(expires_at) => {
                f.write_str("minted a token that expires at ")?;
                Utc(*expires_at).fmt(f)
            }
        }
    }
}

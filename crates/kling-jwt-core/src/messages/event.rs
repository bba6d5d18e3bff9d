//! What is worth a warning, or a line in a log, and no refusal.

use core::fmt::{self, Display};

use crate::{
    Cause, CredentialWarning, Field,
    encoding::{
        date::Utc,
        write::{Decimal, write_all, write_both},
    },
};

/// How much a note matters to whoever reads a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// What happens all the time: a token was minted.
    Debug,
    /// What changed: credentials, the clock, a request that is repeated.
    Info,
    /// What somebody should look at.
    Warning,
}

/// Something that was mended, that looks odd, or that happened. Its text names places, and holds no
/// secret.
///
/// ```
/// use kling_jwt_core::EventKind;
///
/// let note = EventKind::Cleaned(&"KLING_SECRET_KEY", "white space");
/// assert_eq!(note.code(), "WARN_CLEANED");
/// assert_eq!(note.to_string(), "KLING_SECRET_KEY: removed white space around the value");
/// ```
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a place need not have one")]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// At this place, this stood around the value and was taken off.
    Cleaned(&'a dyn Display, &'static str),
    /// The value at this place does not look like one of its field.
    Shape(&'a dyn Display, Field),
    /// The values at these places look swapped.
    Swapped(&'a dyn Display, &'a dyn Display),
    /// The first is used, and the second, at the same place, is not.
    Ignored(&'a dyn Display, &'a dyn Display),
    /// The keys at these places are used as a pair, and their names do not belong together.
    Mixed(&'a dyn Display, &'a dyn Display),
    /// Other readers of `.env` files read the value at this place differently.
    Ambiguous(&'a dyn Display),
    /// Credentials were to be had again, and this is why they could not.
    ReloadFailed(&'a dyn Display),
    /// Another host than Kling's wanted to be given a credential, and was not.
    Withheld(&'a dyn Display),
    /// Credentials were found here.
    CredentialsFound(&'a dyn Display),
    /// The credentials were replaced by those from here.
    CredentialsReplaced(&'a dyn Display),
    /// The server's clock is ahead of this machine's by so many seconds, and tokens are signed by
    /// it from now on.
    ClockCorrected(i64),
    /// A request was refused for this cause, and may pass with the token that is current now.
    RequestRetried(Cause),
    /// A token was minted that expires then, in Unix seconds.
    TokenMinted(u64),
}

impl<'a> EventKind<'a> {
    /// What is odd about credentials, with the places of both values; of what goes by an API key's
    /// name, twice the same.
    pub fn of(
        oddity: CredentialWarning,
        access_key: &'a dyn Display,
        secret_key: &'a dyn Display,
    ) -> Self {
        let place = |field| if field == Field::SecretKey { secret_key } else { access_key };
        match oddity {
            CredentialWarning::Cleaned(field, what) => Self::Cleaned(place(field), what),
            CredentialWarning::Shape(field) => Self::Shape(place(field), field),
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

    /// How much it matters. The code begins with it too: `WARN_`, `INFO_`, `DEBUG_`.
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
            Self::Cleaned(place, what) => {
                place.fmt(f)?;
                write_all(f, &[": removed ", what, " around the value"])
            }
            Self::Shape(place, field) => {
                let expected = match field {
                    Field::ApiKey => "an API key (api-key-kling-…)",
                    _ => "a key of 32 letters and digits",
                };
                place.fmt(f)?;
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
            Self::Ambiguous(place) => {
                place.fmt(f)?;
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

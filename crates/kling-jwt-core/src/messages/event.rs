//! What is worth a warning, or a line in a log, and no refusal.

use core::fmt::{self, Display};

use crate::{
    Cause, Field, Oddity,
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
/// use kling_jwt_core::Note;
///
/// let note = Note::Cleaned(&"KLING_SECRET_KEY", "white space");
/// assert_eq!(note.code(), "WARN_CLEANED");
/// assert_eq!(note.to_string(), "KLING_SECRET_KEY: removed white space around the value");
/// ```
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a place need not have one")]
#[non_exhaustive]
pub enum Note<'a> {
    /// At this place, this stood around the value and was taken off.
    Cleaned(&'a dyn Display, &'static str),
    /// The value at this place does not look like one of its field.
    Shape(&'a dyn Display, Field),
    /// The values at these places look swapped.
    Swapped(&'a dyn Display, &'a dyn Display),
    /// The first is used, and the second, at the same place, is not.
    Several(&'a dyn Display, &'a dyn Display),
    /// The keys at these places are used as a pair, and their names do not belong together.
    Mixed(&'a dyn Display, &'a dyn Display),
    /// Other readers of `.env` files read the value at this place differently.
    Ambiguous(&'a dyn Display),
    /// Credentials were to be had again, and this is why they could not.
    Kept(&'a dyn Display),
    /// Another host than Kling's wanted to be given a credential, and was not.
    Withheld(&'a dyn Display),
    /// Credentials were found here.
    Found(&'a dyn Display),
    /// The credentials were replaced by those from here.
    Rotated(&'a dyn Display),
    /// The server's clock is ahead of this machine's by so many seconds, and tokens are signed by
    /// it from now on.
    ClockCorrected(i64),
    /// A request was refused for this cause, and may pass with the token that is current now.
    Repeated(Cause),
    /// A token was minted that expires then, in Unix seconds.
    Minted(u64),
}

impl<'a> Note<'a> {
    /// What is odd about credentials, with the places of both values; of what goes by an API key's
    /// name, twice the same.
    pub fn of(oddity: Oddity, access_key: &'a dyn Display, secret_key: &'a dyn Display) -> Self {
        let place = |field| if field == Field::SecretKey { secret_key } else { access_key };
        match oddity {
            Oddity::Cleaned(field, what) => Self::Cleaned(place(field), what),
            Oddity::Shape(field) => Self::Shape(place(field), field),
            Oddity::Swapped => Self::Swapped(access_key, secret_key),
        }
    }

    /// The stable code: its level and upper case, the same in all languages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cleaned(..) => "WARN_CLEANED",
            Self::Shape(..) => "WARN_SHAPE",
            Self::Swapped(..) => "WARN_SWAPPED",
            Self::Several(..) => "WARN_SEVERAL",
            Self::Mixed(..) => "WARN_MIXED",
            Self::Ambiguous(_) => "WARN_AMBIGUOUS",
            Self::Kept(_) => "WARN_KEPT",
            Self::Withheld(_) => "WARN_WITHHELD",
            Self::Found(_) => "INFO_CREDENTIALS_FOUND",
            Self::Rotated(_) => "INFO_CREDENTIALS_REPLACED",
            Self::ClockCorrected(_) => "INFO_CLOCK_CORRECTED",
            Self::Repeated(_) => "INFO_REQUEST_REPEATED",
            Self::Minted(_) => "DEBUG_TOKEN_MINTED",
        }
    }

    /// How much it matters. The code begins with it too: `WARN_`, `INFO_`, `DEBUG_`.
    ///
    /// ```
    /// use kling_jwt_core::{Level, Note};
    ///
    /// assert_eq!(Note::Found(&".env").level(), Level::Info);
    /// assert_eq!(Note::ClockCorrected(-60).to_string(), "this machine's clock is 60 seconds ahead \
    ///     of Kling's: tokens are signed by Kling's clock from now on");
    /// ```
    pub const fn level(&self) -> Level {
        match self.code().as_bytes() {
            [b'D', ..] => Level::Debug,
            [b'I', ..] => Level::Info,
            _ => Level::Warning,
        }
    }
}

impl Display for Note<'_> {
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
            Self::Several(used, ignored) => {
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
            Self::Kept(why) => {
                why.fmt(f)?;
                f.write_str("; the credentials held before are kept")
            }
            Self::Withheld(origin) => {
                origin.fmt(f)?;
                f.write_str(
                    " answered 401 to a request without the bearer, which goes only to Kling's API \
                     and to the base URL; if it is a gateway of yours, give its URL as base URL",
                )
            }
            Self::Found(source) => write_both(f, &"using the credentials from ", "", source),
            Self::Rotated(source) => {
                write_both(f, &"the credentials were replaced by those from ", "", source)
            }
            Self::ClockCorrected(offset) => {
                let seconds = Decimal::of(offset.unsigned_abs());
                let side = if *offset < 0 { " seconds ahead of" } else { " seconds behind" };
                let rest = " Kling's: tokens are signed by Kling's clock from now on";
                write_all(f, &["this machine's clock is ", seconds.as_str(), side, rest])
            }
            Self::Repeated(cause) => {
                let refused = ["the request was refused (", cause.as_str()];
                write_all(f, &refused)?;
                f.write_str("): it is sent once more, with the token that is current now")
            }
            Self::Minted(expires_at) => {
                f.write_str("minted a token that expires at ")?;
                Utc(*expires_at).fmt(f)
            }
        }
    }
}

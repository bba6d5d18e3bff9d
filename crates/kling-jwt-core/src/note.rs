//! What is worth a warning, and no refusal.

use core::fmt::{self, Display};

use crate::{
    Field,
    pieces::{write_all, write_both},
};

/// Something that was mended, or that looks odd. Its text names places, and holds no secret.
///
/// ```
/// use kling_jwt_core::Note;
///
/// let note = Note::Cleaned(&"KLING_SECRET_KEY", "white space");
/// assert_eq!(note.code(), "WARN_CLEANED");
/// assert_eq!(note.to_string(), "KLING_SECRET_KEY: white space was taken off the value");
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
}

impl Note<'_> {
    /// The stable code: `WARN_` and upper case, the same in all languages.
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
        }
    }
}

impl Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cleaned(place, what) => {
                place.fmt(f)?;
                write_all(f, &[": ", what, " was taken off the value"])
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
        }
    }
}

//! What is worth a warning, and no refusal.

use std::fmt;

use super::Place;

/// Something that was mended, or that looks odd. Its text holds no secret.
///
/// ```
/// use kling_auth::KlingAuth;
///
/// let auth = KlingAuth::new(" 0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
/// let notes = auth?.take_notes();
/// assert_eq!(notes[0].code(), "WARN_CLEANED");
/// assert_eq!(
///     notes[0].to_string(),
///     "argument (access key): white space was taken off the value",
/// );
/// # Ok::<_, kling_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Cleaned,
    Shape,
    Swapped,
    Several,
    Kept,
    Withheld,
}

impl Note {
    pub(super) fn cleaned(place: &Place, what: &str) -> Self {
        Self::new(Kind::Cleaned, format!("{place}: {what} was taken off the value"))
    }

    pub(super) fn shape(place: &Place, expected: &str) -> Self {
        Self::new(
            Kind::Shape,
            format!("{place}: the value does not look like {expected}; it is used as it is"),
        )
    }

    pub(super) fn swapped(access_key: &Place, secret_key: &Place) -> Self {
        let text = format!("{access_key} and {secret_key} look swapped; they are used as they are");
        Self::new(Kind::Swapped, text)
    }

    pub(super) fn several(used: &str, ignored: &str) -> Self {
        Self::new(Kind::Several, format!("{used} is used, and {ignored} beside it is not"))
    }

    /// Credentials were to be had again, and this is why they could not.
    pub(crate) fn kept(why: &dyn fmt::Display) -> Self {
        Self::new(Kind::Kept, format!("{why}; the credentials held before are kept"))
    }

    /// Another host than Kling's wanted to be given a credential, and was not.
    pub(crate) fn withheld(origin: &str) -> Self {
        let text = format!(
            "{origin} answered 401 to a request without the bearer, which goes only to Kling's API \
             and to the base URL; if it is a gateway of yours, give its URL as base URL",
        );
        Self::new(Kind::Withheld, text)
    }

    fn new(kind: Kind, text: String) -> Self {
        Self { kind, text }
    }

    /// The stable code: `WARN_` and upper case, the same in all languages.
    pub fn code(&self) -> &'static str {
        match self.kind {
            Kind::Cleaned => "WARN_CLEANED",
            Kind::Shape => "WARN_SHAPE",
            Kind::Swapped => "WARN_SWAPPED",
            Kind::Several => "WARN_SEVERAL",
            Kind::Kept => "WARN_KEPT",
            Kind::Withheld => "WARN_WITHHELD",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

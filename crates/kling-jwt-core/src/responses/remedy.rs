//! What to do about a refusal, for people. The sentence is assembled when it is shown, so that its
//! variants for each console and each scheme need not be stored.

use core::fmt;

use crate::{Cause, Region, encoding::write::write_all};

/// What a refusal means, and what to do about it. Its `Display` is a sentence for people.
///
/// ```
/// use kling_jwt_core::Cause;
///
/// let remedy = Cause::AccountInArrears.remedy();
/// assert_eq!(
///     remedy.to_string(),
///     "the account is in arrears; the credentials are valid: pay in Kling's console",
/// );
/// assert_eq!(remedy.parts().concat(), remedy.to_string());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Remedy(Why);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Why {
    /// The remedy of a cause, for keys of a region.
    Refused(Cause, Region),
    /// The client sent no `Authorization` header.
    NothingSent,
    /// The client sent this scheme instead of `Bearer`. The name is in backticks.
    Sent(&'static str),
}

impl Cause {
    /// What the cause means, and what to do about it, for people.
    pub fn remedy(self) -> Remedy {
        self.remedy_for_region(Region::Singapore)
    }

    /// The remedy for keys of a region: it names that region's console.
    ///
    /// ```
    /// use kling_jwt_core::{Cause, Region};
    ///
    /// let remedy = Cause::WrongSecretKey.remedy_for_region(Region::Beijing);
    /// assert!(remedy.to_string().contains("https://klingai.com/dev/api-key"));
    /// ```
    pub fn remedy_for_region(self, region: Region) -> Remedy {
        Remedy::of(self, if self.is_for_console() { region } else { Region::Singapore })
    }
}

impl Remedy {
    pub(crate) const NOTHING_SENT: Self = Self(Why::NothingSent);

    pub(crate) fn of(cause: Cause, region: Region) -> Self {
        Self(Why::Refused(cause, region))
    }

    pub(crate) fn sent(scheme: &'static str) -> Self {
        Self(Why::Sent(scheme))
    }

    /// The sentence in three parts, to concatenate: for programs that do not link `core::fmt`.
    pub fn parts(self) -> [&'static str; 3] {
        match self.0 {
            Why::Refused(cause, region) => cause.remedy_parts(region),
            Why::NothingSent => [NOTHING_SENT, "", ""],
            Why::Sent(scheme) => ["the client sent ", scheme, SENT],
        }
    }

    /// Whether this is the text of this remedy.
    pub(crate) fn is(self, text: &str) -> bool {
        let rest = self.parts().into_iter().try_fold(text, |rest, part| rest.strip_prefix(part));
        rest == Some("")
    }
}

const NOTHING_SENT: &str = "the client sent no Authorization header: send the bearer with each \
    request, also after a redirect, or pass the auth object to the client (in Python `auth=auth`)";

const SENT: &str = " instead of the bearer: it found other credentials in ~/.netrc, in the URL or in \
    its own options; remove them, or pass the auth object to the client (in Python `auth=auth`; for \
    requests, `session.trust_env = False` helps too)";

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_all(f, &self.parts())
    }
}

/// Same as `Debug` of the sentence.
impl fmt::Debug for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, shared, after] = self.parts();
        write_all(f, &["\"", before, shared, after, "\""])
    }
}

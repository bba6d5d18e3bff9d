//! What to do about a refusal, for people. A sentence is put together when it is shown: whole ones
//! for each console and each scheme would be kept several times.

use core::fmt;

use crate::{Cause, Region, encoding::write::write_all};

/// What a refusal means, and what to do about it: a sentence for people, its `Display`.
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
    /// A cause, for keys of a region.
    Refused(Cause, Region),
    /// Nothing was sent in the bearer's place.
    NothingSent,
    /// This scheme was, in quotes.
    Sent(&'static str),
}

impl Cause {
    /// For people: what it means, and what to do about it.
    pub fn remedy(self) -> Remedy {
        self.remedy_for_region(Region::Singapore)
    }

    /// The remedy for keys of a region, whose console it names.
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

    /// The sentence in pieces, one behind the other: for machines without `core::fmt`.
    pub fn parts(self) -> [&'static str; 3] {
        match self.0 {
            Why::Refused(cause, region) => cause.remedy_pieces(region),
            Why::NothingSent => [NOTHING_SENT, "", ""],
            Why::Sent(scheme) => ["the client sent ", scheme, SENT],
        }
    }

    /// Whether this is its text.
    pub(crate) fn is(self, text: &str) -> bool {
        let rest = self.parts().into_iter().try_fold(text, |rest, piece| rest.strip_prefix(piece));
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

/// As that of its text.
impl fmt::Debug for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, shared, after] = self.parts();
        write_all(f, &["\"", before, shared, after, "\""])
    }
}

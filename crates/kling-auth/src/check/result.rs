//! What a check found, for programs and for people.

use std::fmt;

use kling_jwt_core::{Cause, Verdict};

use super::CheckCause;

/// What a key pair cannot do, though it is right.
const KEY_PAIR: &str = "a key pair works only on the older paths (/v1/…); the newer ones (/tasks, \
                        /text-to-video/…) need an API key from https://kling.ai/dev/api-key";

/// What a check found. Its `Display` is a short list for people.
///
/// ```
/// use kling_auth::{KlingAuth, check::{Failure, Options, Probe}};
///
/// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
/// let result = Probe::new(&auth, Options::default()).handle_failure(Failure::Dns);
/// assert!(!result.is_valid);
/// assert_eq!(result.cause, "dns");
/// assert!(result.to_string().starts_with("valid       unknown\ncause       dns\n"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CheckResult {
    /// Whether Kling took the credential. Where it could not be asked, or could not tell, it did
    /// not: the cause says so.
    pub is_valid: bool,
    /// What was found.
    pub cause: CheckCause,
    /// For people: what it means, and what to do about it; empty where all is well.
    pub remedy: String,
    /// The verdict on what the base URL's host answered last, if it answered.
    pub verdict: Option<Verdict>,
    /// By how many seconds Kling's clock is ahead of this machine's; negative where this one is
    /// ahead. 0 where it is right, or where no answer told.
    pub clock_offset: i64,
    /// Whose host was asked.
    pub base_url: String,
    /// The base URL at which the key is known, if it is not the one above. Only where it was
    /// [asked for](super::Options).
    pub region: Option<String>,
    /// Where the credential comes from, for people.
    pub source: String,
    /// The stable name of that place: the [kind](crate::sources::Source::kind) of the source.
    pub source_kind: &'static str,
    /// The access key that signed, [masked](crate::Masked): `SKga…0001`. An API key has none.
    pub access_key: Option<String>,
    /// How many requests were sent.
    pub requests: u8,
    /// For people: what a credential that is valid cannot do all the same, if there is something:
    /// Kling's newer paths do not take a key pair.
    pub warning: Option<String>,
    /// The names of other credentials that stand where this one was found and are not used, for
    /// people.
    pub unused: Option<String>,
}

impl CheckResult {
    /// A result of this cause, of which nothing else is known: for hosts that take one to another
    /// process. `None` if no cause has this name.
    ///
    /// ```
    /// use kling_auth::check::{CheckCause, CheckResult};
    ///
    /// assert_eq!(CheckResult::from_cause(CheckCause::WrongRegion).cause, "wrong_region");
    /// ```
    pub fn from_cause(cause: CheckCause) -> Self {
        Self {
            is_valid: false,
            cause,
            remedy: String::new(),
            verdict: None,
            clock_offset: 0,
            base_url: String::new(),
            region: None,
            source: String::new(),
            source_kind: "",
            access_key: None,
            warning: None,
            unused: None,
            requests: 0,
        }
    }

    /// Whether nothing is known of the credential, since no answer of Kling's says.
    pub fn is_inconclusive(&self) -> bool {
        // A relay may look for other things before it looks at the key.
        const SAY_NOTHING: [Cause; 4] =
            [Cause::NotKling, Cause::RelayNotFound, Cause::RelayRateLimited, Cause::RelayRefused];
        let says_nothing =
            || matches!(self.cause, CheckCause::Answered(cause) if SAY_NOTHING.contains(&cause));
        match &self.verdict {
            None => true,
            Some(verdict) => !self.is_valid && (verdict.status >= 500 || says_nothing()),
        }
    }

    pub(super) fn warn_of_key_pair(&mut self) {
        if self.is_valid && self.access_key.is_some() {
            self.warning = Some(KEY_PAIR.to_owned());
        }
    }

    /// Where all else is well, the clock is what is to be told.
    pub(super) fn tell_skew(&mut self) {
        if self.is_valid
            && self.clock_offset != 0
            && self.cause == CheckCause::Answered(Cause::Accepted)
        {
            self.cause = CheckCause::ClockSkew;
            self.remedy = format!(
                "the credentials are valid, but this machine's clock is {}: set it by NTP",
                self.clock(),
            );
        }
    }

    /// How the clock is off, for people.
    fn clock(&self) -> String {
        let side = if self.clock_offset > 0 { "behind" } else { "ahead of" };
        format!("{} seconds {side} Kling's", self.clock_offset.unsigned_abs())
    }

    /// The list as names and texts, for a host that lays it out itself.
    #[doc(hidden)]
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let is_valid = match (self.is_valid, self.is_inconclusive()) {
            (true, _) => "yes",
            (false, true) => "unknown",
            (false, false) => "no",
        };
        let mut lines = vec![("valid", is_valid.to_owned()), ("cause", self.cause.to_string())];
        let remedy = Some(&self.remedy).filter(|remedy| !remedy.is_empty());
        lines.extend(remedy.map(|remedy| ("remedy", remedy.clone())));
        lines.extend(self.warning.clone().map(|warning| ("warning", warning)));
        lines.extend(self.verdict.as_ref().map(|verdict| ("response", response(verdict))));
        lines.push(("host", self.base_url.clone()));
        lines.extend(self.region.clone().map(|region| ("region", region)));
        lines.push(("source", self.source.clone()));
        lines.extend(self.unused.clone().map(|names| ("unused", names)));
        lines.extend(self.access_key.clone().map(|key| ("access key", key)));
        if self.clock_offset != 0 {
            lines.push(("clock", self.clock()));
        }
        lines.push(("requests", self.requests.to_string()));
        lines
    }
}

/// A response in a line, without its remedy.
fn response(verdict: &Verdict) -> String {
    let status = format!("HTTP {}", verdict.status);
    let code = verdict.code.map(|code| format!("code {code}"));
    let message = Some(verdict.message()).filter(|message| !message.is_empty());
    let message = message.map(|message| format!("{message:?}"));
    let request = verdict.request_id().map(|id| format!("request {id}"));
    [Some(status), code, message, request].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl fmt::Display for CheckResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, text)) in self.lines().iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{name:<12}{text}")?;
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
mod json {
    use serde::{Serialize, Serializer, ser::SerializeStruct};

    use super::CheckResult;
    use crate::json::OfVerdict;

    impl Serialize for CheckResult {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut object = serializer.serialize_struct("CheckResult", 13)?;
            object.serialize_field("is_valid", &self.is_valid)?;
            object.serialize_field("cause", self.cause.as_str())?;
            object.serialize_field("remedy", &self.remedy)?;
            object.serialize_field("verdict", &self.verdict.as_ref().map(OfVerdict::of))?;
            object.serialize_field("clock_offset", &self.clock_offset)?;
            object.serialize_field("base_url", &self.base_url)?;
            object.serialize_field("region", &self.region)?;
            object.serialize_field("source", &self.source)?;
            object.serialize_field("source_kind", self.source_kind)?;
            object.serialize_field("access_key", &self.access_key)?;
            object.serialize_field("requests", &self.requests)?;
            object.serialize_field("warning", &self.warning)?;
            object.serialize_field("unused", &self.unused)?;
            object.end()
        }
    }

    impl CheckResult {
        /// The same as JSON, on one line; the names are those of the fields.
        ///
        /// ```
        /// use kling_auth::{KlingAuth, check::{Failure, Options, Probe}};
        ///
        /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
        /// let result = Probe::new(&auth, Options::default()).handle_failure(Failure::Timeout);
        /// assert!(result.to_json().starts_with(r#"{"is_valid":false,"cause":"timeout","#));
        /// ```
        pub fn to_json(&self) -> String {
            serde_json::to_string(self).expect("texts and numbers, into memory")
        }
    }
}

//! The result of a check.

use std::fmt;

use kling_jwt_core::{Cause, Verdict};

use super::CheckCause;

/// The warning for a valid key pair.
const KEY_PAIR: &str = "a key pair works only on the older paths (/v1/…); the newer ones (/tasks, \
                        /text-to-video/…) need an API key from https://kling.ai/dev/api-key";

/// The result of a check. `Display` shows it as a short list.
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
    /// Whether Kling accepted the credentials. `false` also if it could not be reached or the
    /// response is inconclusive: see [`is_inconclusive`](Self::is_inconclusive).
    pub is_valid: bool,
    /// Why.
    pub cause: CheckCause,
    /// What the cause means, and what a person can do about it; empty if all is well.
    pub remedy: String,
    /// The verdict on the last response of the base URL's host, if there was one.
    pub verdict: Option<Verdict>,
    /// By how many seconds Kling's clock is ahead of this machine's; negative if this machine's is
    /// ahead. 0 if this machine's clock is right, or no response showed the time.
    pub clock_offset: i64,
    /// The base URL that was checked.
    pub base_url: String,
    /// The other base URL, if the key is known there and not at `base_url`. Only if the
    /// [options](super::Options) say to try it.
    pub region: Option<String>,
    /// Where the credentials come from, as readable text.
    pub source: String,
    /// The stable name of the [kind](crate::sources::Source::kind) of source.
    pub source_kind: &'static str,
    /// The access key, [masked](crate::Masked), such as `AKga…0001`; `None` for an API key.
    pub access_key: Option<String>,
    /// How many requests were sent.
    pub requests: u8,
    /// What valid credentials cannot do, as readable text: Kling's newer paths do not accept a key
    /// pair.
    pub warning: Option<String>,
    /// The names of other credentials at the same place that are not used, as text.
    pub unused: Option<String>,
}

impl CheckResult {
    /// An otherwise empty result with this cause, for hosts that restore a result in another
    /// process.
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

    /// Whether it is unknown if the credentials are valid, because no response from Kling shows it.
    pub fn is_inconclusive(&self) -> bool {
        // A relay may refuse for these reasons before it checks the key.
        const INCONCLUSIVE: [Cause; 4] =
            [Cause::NotKling, Cause::RelayNotFound, Cause::RelayRateLimited, Cause::RelayRefused];
        let is_inconclusive =
            || matches!(self.cause, CheckCause::Answered(cause) if INCONCLUSIVE.contains(&cause));
        match &self.verdict {
            None => true,
            Some(verdict) => !self.is_valid && (verdict.status >= 500 || is_inconclusive()),
        }
    }

    pub(super) fn warn_of_key_pair(&mut self) {
        if self.is_valid && self.access_key.is_some() {
            self.warning = Some(KEY_PAIR.to_owned());
        }
    }

    /// Makes a wrong clock the cause, if nothing else is wrong.
    pub(super) fn report_clock_skew(&mut self) {
        if self.is_valid
            && self.clock_offset != 0
            && self.cause == CheckCause::Answered(Cause::Accepted)
        {
            self.cause = CheckCause::ClockSkew;
            self.remedy = format!(
                "the credentials are valid, but this machine's clock is {}: set it by NTP",
                self.clock_difference(),
            );
        }
    }

    /// How this machine's clock differs, as text.
    fn clock_difference(&self) -> String {
        let side = if self.clock_offset > 0 { "behind" } else { "ahead of" };
        format!("{} seconds {side} Kling's", self.clock_offset.unsigned_abs())
    }

    /// The names and texts that `Display` shows, for hosts with a layout of their own.
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
        lines.extend(self.verdict.as_ref().map(|verdict| ("response", response_line(verdict))));
        lines.push(("host", self.base_url.clone()));
        lines.extend(self.region.clone().map(|region| ("region", region)));
        lines.push(("source", self.source.clone()));
        lines.extend(self.unused.clone().map(|names| ("unused", names)));
        lines.extend(self.access_key.clone().map(|key| ("access key", key)));
        if self.clock_offset != 0 {
            lines.push(("clock", self.clock_difference()));
        }
        lines.push(("requests", self.requests.to_string()));
        lines
    }
}

/// A response on one line, without its remedy.
fn response_line(verdict: &Verdict) -> String {
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
    use crate::json::VerdictJson;

    impl Serialize for CheckResult {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut object = serializer.serialize_struct("CheckResult", 13)?;
            object.serialize_field("is_valid", &self.is_valid)?;
            object.serialize_field("cause", self.cause.as_str())?;
            object.serialize_field("remedy", &self.remedy)?;
            object.serialize_field("verdict", &self.verdict.as_ref().map(VerdictJson::of))?;
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
        /// The result as JSON, on one line. The names are those of the fields.
        ///
        /// ```
        /// use kling_auth::{KlingAuth, check::{Failure, Options, Probe}};
        ///
        /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
        /// let result = Probe::new(&auth, Options::default()).handle_failure(Failure::Timeout);
        /// assert!(result.to_json().starts_with(r#"{"is_valid":false,"cause":"timeout","#));
        /// ```
        pub fn to_json(&self) -> String {
            serde_json::to_string(self).expect("strings and numbers can be serialized")
        }
    }
}

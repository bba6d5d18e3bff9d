//! The verdict on a response: its cause by Kling's code and message, or by the HTTP status if a
//! relay or an unknown server refused. Kling's code means the same with any HTTP status.

use core::fmt;

use crate::{
    Action, Cause, Region, Remedy,
    credential::env_names::{PROFILE, VARIABLES},
    encoding::{
        bounded::InlineStr,
        write::{Decimal, write_all, write_quoted},
    },
    responses::{bearer_kind::BearerKind, envelope::Envelope, sent_scheme as sent},
};

/// What a response means.
///
/// Its `Display` is a sentence for people with the status, Kling's code and message, the remedy and
/// the request id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Verdict {
    /// Why the request was refused, or [`Cause::Accepted`].
    pub cause: Cause,
    /// What to do next.
    pub action: Action,
    /// The HTTP status.
    pub status: u16,
    /// Kling's code, if the response has one.
    pub code: Option<u32>,
    remedy: Remedy,
    /// See [`unused_api_key`](Self::unused_api_key).
    unused_api_key: Option<&'static str>,
    message: InlineStr<256>,
    request_id: InlineStr<64>,
}

impl Verdict {
    pub(crate) fn new(status: u16, envelope: Option<Envelope<'_>>, kind: BearerKind) -> Self {
        let mut verdict = Self {
            cause: Cause::Accepted,
            action: Action::Accept,
            status,
            code: envelope.and_then(|envelope| envelope.code),
            remedy: Cause::Accepted.remedy(),
            unused_api_key: None,
            message: InlineStr::EMPTY,
            request_id: InlineStr::EMPTY,
        };
        if let Some(envelope) = envelope {
            verdict.message.unescape(envelope.message.unwrap_or_default());
            verdict.request_id.unescape(envelope.request_id.unwrap_or_default());
        }
        (verdict.cause, verdict.action) = verdict.classify(envelope.is_some(), kind);
        verdict.remedy = verdict.cause.remedy();
        verdict
    }

    /// The cause and the action, by the status, the code and the message.
    fn classify(&self, has_envelope: bool, kind: BearerKind) -> (Cause, Action) {
        let is_refused = self.status >= 400;
        let known = match self.code {
            _ if !has_envelope => None,
            // Relays send the HTTP status as the code. Kling's codes begin at 1000.
            Some(code @ 400..=599) if !is_refused => code.try_into().ok().map(Cause::of_relay),
            None | Some(400..=599) => Some(Cause::of_relay(self.status)),
            Some(code) => Cause::of_code(code, self.message()),
        };
        // A refused request with a code of success: the code says nothing.
        match known.filter(|cause| !is_refused || *cause != Cause::Accepted) {
            Some(cause) => match cause.action() {
                // Kling refuses a token for its time with 401 only.
                Action::Retry if self.status != 401 => (cause, Action::Fail),
                // A server that failed may have done the work, and billed it.
                Action::Backoff if self.status >= 500 => (cause, Action::Fail),
                action => (cause.of_kind(kind), action),
            },
            None if !has_envelope && !is_refused => (Cause::Accepted, Action::Accept),
            None => (
                if has_envelope { Cause::UnknownCode } else { Cause::NotKling },
                if self.status == 429 { Action::Backoff } else { Action::Fail },
            ),
        }
    }

    /// Sets the server's message and request id, to restore a verdict in another process.
    ///
    /// ```
    /// use kling_jwt_core::{Cause, Action, Response};
    ///
    /// let body = br#"{"code":1102,"message":"exhausted","request_id":"r-1"}"#;
    /// let here = Response::new(429, body).verdict();
    /// let mut there = Response::default().verdict().with_message(here.message(), here.request_id());
    /// (there.cause, there.action) = (Cause::ResourcePackUsedUp, Action::Fail);
    /// (there.status, there.code) = (429, Some(1102));
    /// assert_eq!(there.with_remedy(&here.remedy().to_string(), here.unused_api_key()), here);
    /// ```
    #[must_use]
    pub fn with_message(self, message: &str, request_id: Option<&str>) -> Self {
        let request_id = request_id.map_or(InlineStr::EMPTY, InlineStr::from_plain);
        Self { message: InlineStr::from_plain(message), request_id, ..self }
    }

    /// Completes the remedy by the base URL of the request: it then names the region's console.
    ///
    /// If the path does not accept a key pair, it also names `unused_api_key`, the name of an API
    /// key that was found with the key pair, but not used.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// let body = br#"{"code":1002,"message":"The current API does not support AK/SK"}"#;
    /// let verdict = Response::new(401, body).verdict();
    /// let verdict = verdict.with_base_url("https://api-beijing.klingai.com", Some("KLING_API_KEY"));
    /// assert!(verdict.remedy().to_string().contains("https://klingai.com/dev/api-key"));
    /// assert!(verdict.to_string().contains("KLING_API_KEY is set"));
    /// ```
    #[must_use]
    pub fn with_base_url(mut self, base_url: &str, unused_api_key: Option<&'static str>) -> Self {
        if self.remedy == self.cause.remedy()
            && let Some(region) = Region::from_base_url(base_url)
        {
            self.remedy = self.cause.remedy_for_region(region);
        }
        self.unused_api_key = unused_api_key.filter(|_| self.cause == Cause::WrongScheme);
        self
    }

    /// Whether the request was not refused.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// let accepted = Response::new(200, br#"{"code":0}"#);
    /// assert!(accepted.verdict().is_accepted());
    /// assert!(!Response::new(401, accepted.body).verdict().is_accepted());
    /// ```
    pub fn is_accepted(&self) -> bool {
        self.cause == Cause::Accepted
    }

    /// The name of an API key that was found with the key pair, but not used, if the path does not
    /// accept a key pair.
    pub fn unused_api_key(&self) -> Option<&'static str> {
        self.unused_api_key
    }

    /// Sets the remedy and the unused API key, to restore a verdict in another process like
    /// [`with_message`](Self::with_message). A text that is not a remedy of the cause is ignored.
    #[must_use]
    pub fn with_remedy(self, remedy: &str, unused_api_key: Option<&str>) -> Self {
        let of_cause = [self.cause.remedy(), self.cause.remedy_for_region(Region::Beijing)];
        let known = of_cause.into_iter().chain(sent::remedies()).find(|known| known.is(remedy));
        let mut names = VARIABLES.api_keys.iter().chain(PROFILE.api_keys).copied();
        let unused_api_key = names.find(|name| Some(*name) == unused_api_key);
        Self { remedy: known.unwrap_or(self.remedy), unused_api_key, ..self }
    }

    /// Hides a bearer in the server's message and request id: a server may repeat it.
    pub(crate) fn hide(&mut self, bearer: &str) {
        self.message.hide(bearer);
        self.request_id.hide(bearer);
    }

    /// Completes the verdict by the `Authorization` header that the client sent; empty if it sent
    /// none.
    ///
    /// If Kling saw no bearer, because the client sent another scheme or nothing, the remedy says
    /// so. It names the scheme, but never the value. If Kling does not know the bearer, the cause
    /// says whether it is a token or an API key.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// let body = br#"{"code":1001,"message":"Authorization is empty"}"#;
    /// let verdict = Response::new(401, body).verdict();
    /// let verdict = verdict.with_authorization("Basic dXNlcjpwYXNz");
    /// assert!(verdict.to_string().contains("sent `Basic`"));
    /// assert_eq!(verdict.with_authorization("Bearer eyJ"), verdict);
    /// ```
    #[must_use]
    pub fn with_authorization(mut self, authorization: &str) -> Self {
        if let Some(bearer) = sent::bearer(authorization) {
            self.hide(bearer);
            let cause = self.cause.of_kind(BearerKind::of(bearer));
            if cause != self.cause {
                (self.cause, self.remedy) = (cause, cause.remedy());
                self.unused_api_key = None;
            }
        }
        self.remedy = sent::remedy(self.cause, authorization).unwrap_or(self.remedy);
        self
    }

    /// Whether Kling does not know the credentials. They may have been rotated, so it can help to
    /// read them again.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// let body = br#"{"code":1002,"message":"access key not exist"}"#;
    /// let refusal = Response::new(401, body);
    /// assert!(refusal.verdict().is_unknown_credentials());
    /// ```
    pub fn is_unknown_credentials(&self) -> bool {
        self.cause == Cause::RelayKeyRefused
            || self.code == UNKNOWN && self.cause != Cause::WrongScheme
    }

    /// What the response means, and what to do about it, for people.
    pub fn remedy(&self) -> Remedy {
        self.remedy
    }

    /// The message of Kling or of a relay: at most 256 bytes of it, without control characters;
    /// empty if there is none.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }

    /// The request id, by which Kling's support finds the request, if the response has one.
    pub fn request_id(&self) -> Option<&str> {
        Some(self.request_id.as_str()).filter(|id| !id.is_empty())
    }
}

/// Kling's code for credentials that it does not know.
const UNKNOWN: Option<u32> = Some(1002);

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_all(f, &["HTTP ", Decimal::of(self.status.into()).as_str()])?;
        if let Some(code) = self.code {
            write_all(f, &[", code ", Decimal::of(code.into()).as_str()])?;
        }
        if !self.message().is_empty() {
            f.write_str(", ")?;
            write_quoted(f, self.message())?;
        }
        f.write_str(": ")?;
        self.remedy.fmt(f)?;
        if let Some(name) = self.unused_api_key {
            write_all(f, &["; ", name, " is set, but not used: if it is an API key, pass that"])?;
        }
        match self.request_id() {
            Some(id) => write_all(f, &[" (request ", id, ")"]),
            None => Ok(()),
        }
    }
}

//! From a response to its verdict: the cause by Kling's code and message, or by the HTTP status
//! where a relay refused, or nobody who is known. A code means the same at any status.

use core::fmt;

use crate::{
    Cause, Next,
    cause::Row,
    envelope::Envelope,
    pieces::{Decimal, write_all, write_quoted},
    response::Kind,
    sent,
    text::Text,
};

/// What a response means.
///
/// Its `Display` is a sentence for people, of the status, Kling's code and message, the remedy
/// and the request's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// Why it was refused, or that it was not.
    pub cause: Cause,
    /// What to do next.
    pub next: Next,
    /// The HTTP status.
    pub status: u16,
    /// Kling's code, if the answer has one.
    pub code: Option<u32>,
    remedy: &'static str,
    message: Text<256>,
    request_id: Text<64>,
}

impl Verdict {
    pub(crate) fn new(status: u16, envelope: Option<&Envelope>, kind: Kind) -> Self {
        let (cause, next) = judge(status, envelope, kind);
        Self {
            cause,
            next,
            status,
            code: envelope.and_then(|envelope| envelope.code),
            remedy: cause.remedy(),
            message: envelope.map_or(Text::EMPTY, |envelope| envelope.message),
            request_id: envelope.map_or(Text::EMPTY, |envelope| envelope.request_id),
        }
    }

    /// Takes a bearer out of what the server says: it may repeat the request's.
    pub(crate) fn hide(&mut self, bearer: &str) {
        self.message.hide(bearer);
        self.request_id.hide(bearer);
    }

    /// The verdict in view of the `Authorization` header with which the request left; empty if it
    /// had none. Where Kling saw no bearer because another scheme was sent, or nothing, the remedy
    /// says so, and names the scheme; of its value it tells nothing. Of a bearer that Kling does not
    /// know, the cause says which kind it is.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// let body = br#"{"code":1001,"message":"Authorization is empty"}"#;
    /// let verdict = Response { status: 401, body, ..Response::default() }.verdict();
    /// assert!(verdict.after_sending("Basic dXNlcjpwYXNz").remedy().contains("sent `Basic`"));
    /// assert_eq!(verdict.after_sending("Bearer eyJ"), verdict);
    /// ```
    #[must_use]
    pub fn after_sending(mut self, authorization: &str) -> Self {
        if let Some(bearer) = sent::bearer(authorization) {
            self.hide(bearer);
            let cause = self.cause.of_kind(Kind::of(bearer));
            if cause != self.cause {
                (self.cause, self.remedy) = (cause, cause.remedy());
            }
        }
        self.remedy = sent::remedy(self.cause, authorization).unwrap_or(self.remedy);
        self
    }

    /// Whether Kling does not know the credentials, so that others may be known by now.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// let body = br#"{"code":1002,"message":"access key not exist"}"#;
    /// let refusal = Response { status: 401, body, ..Response::default() };
    /// assert!(refusal.verdict().is_of_unknown_credentials());
    /// ```
    pub fn is_of_unknown_credentials(&self) -> bool {
        self.cause == Cause::RelayKeyRefused
            || self.code == UNKNOWN && self.cause != Cause::WrongScheme
    }

    /// For people: what it means, and what to do about it.
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }

    /// Kling's message, or a relay's: at most 256 bytes of it, without control characters; empty
    /// without one.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }

    /// The id under which Kling's support finds the request, if the answer has one.
    pub fn request_id(&self) -> Option<&str> {
        Some(self.request_id.as_str()).filter(|id| !id.is_empty())
    }
}

/// Kling's code for credentials that it does not know.
const UNKNOWN: Option<u32> = Some(1002);

fn judge(status: u16, envelope: Option<&Envelope>, kind: Kind) -> (Cause, Next) {
    let is_refused = status >= 400;
    let row = |envelope: &Envelope| match envelope.code {
        // A relay takes the HTTP status for a code. Kling's own begin at 1000.
        Some(code @ 400..=599) if !is_refused => Row::of_relay(code.try_into().ok()?),
        None | Some(400..=599) => Row::of_relay(status),
        Some(code) => Row::of(code, envelope.message.as_str()),
    };
    let known = envelope.and_then(row).filter(|row| !is_refused || row.cause != Cause::Accepted);
    match (known, envelope) {
        (Some(row), _) => match row.next {
            Next::Resign if status != 401 => (row.cause, Next::Fail),
            Next::Backoff if status >= 500 => (row.cause, Next::Fail),
            next => (row.cause.of_kind(kind), next),
        },
        (None, None) if !is_refused => (Cause::Accepted, Next::Accept),
        (None, _) => (
            if envelope.is_some() { Cause::UnknownCode } else { Cause::NotKling },
            if status == 429 { Next::Backoff } else { Next::Fail },
        ),
    }
}

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
        write_all(f, &[": ", self.remedy()])?;
        match self.request_id() {
            Some(id) => write_all(f, &[" (request ", id, ")"]),
            None => Ok(()),
        }
    }
}

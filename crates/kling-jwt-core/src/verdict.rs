//! From a response to its verdict: the cause by Kling's code and message, or by the HTTP status
//! alone where the code is none of Kling's. A code means the same at any status.

use core::fmt;

use crate::{
    Cause, Next,
    cause::Row,
    envelope::Envelope,
    pieces::{Decimal, write_all, write_quoted},
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
    pub(crate) fn new(status: u16, envelope: Option<&Envelope>) -> Self {
        let (cause, next) = judge(status, envelope);
        Self {
            cause,
            next,
            status,
            code: envelope.map(|envelope| envelope.code),
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
    /// says so, and names the scheme; of its value it tells nothing.
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
        self.remedy = sent::remedy(self.cause, authorization).unwrap_or(self.remedy);
        self
    }

    /// For people: what it means, and what to do about it.
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }

    /// Kling's message, at most 256 bytes of it, without control characters; empty without one.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }

    /// The id under which Kling's support finds the request, if the answer has one.
    pub fn request_id(&self) -> Option<&str> {
        Some(self.request_id.as_str()).filter(|id| !id.is_empty())
    }
}

fn judge(status: u16, envelope: Option<&Envelope>) -> (Cause, Next) {
    let is_refused = status >= 400;
    let known = envelope
        .and_then(|envelope| Row::of(envelope.code, envelope.message.as_str()))
        .filter(|row| !is_refused || row.cause != Cause::Accepted);
    match (known, envelope) {
        (Some(row), _) => match row.next {
            Next::Resign if status != 401 => (row.cause, Next::Fail),
            Next::Backoff if status >= 500 => (row.cause, Next::Fail),
            next => (row.cause, next),
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

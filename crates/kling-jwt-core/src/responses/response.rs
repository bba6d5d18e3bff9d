//! A response, as the code that sent the request passes it in.

use core::fmt;

use crate::{
    Verdict,
    encoding::chars::split_once,
    responses::{
        bearer_kind::BearerKind,
        envelope::{Envelope, MAX_BODY_LEN},
    },
};

/// The parts of a response that show whether it is a refusal, and why.
///
/// ```
/// use kling_jwt_core::{Cause, Action, Response};
///
/// let body = br#"{"code":1000,"message":"signature is invalid","request_id":"r-1"}"#;
/// let verdict = Response::new(401, body).verdict();
/// assert_eq!((verdict.cause, verdict.action), (Cause::WrongSecretKey, Action::Fail));
/// assert_eq!(verdict.request_id(), Some("r-1"));
/// ```
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct Response<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `Date` header, if there is one.
    pub date: Option<&'a str>,
    /// The body, as far as it was received. It is ignored if it is longer than
    /// [`MAX_BODY_LEN`](Self::MAX_BODY_LEN).
    pub body: &'a [u8],
    /// The bearer that the request carried, without `Bearer`. If it is `None`, the provider assumes
    /// its current token.
    pub token: Option<&'a str>,
}

impl<'a> Response<'a> {
    /// Makes a response from an HTTP status and a body.
    pub const fn new(status: u16, body: &'a [u8]) -> Self {
        Self { status, date: None, body, token: None }
    }

    /// Sets the value of the `Date` header, if there was one. Without it, no clock is corrected.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
    /// assert_eq!(Response::new(200, b"").with_date(date).date, date);
    /// ```
    #[must_use]
    pub const fn with_date(self, date: Option<&'a str>) -> Self {
        Self { date, ..self }
    }

    /// Sets the bearer that the request carried, without `Bearer`, if it is known.
    #[must_use]
    pub const fn with_token(self, token: Option<&'a str>) -> Self {
        Self { token, ..self }
    }
}

impl Response<'_> {
    /// The longest body that is parsed, in bytes. Kling's refusals have about a hundredth of that.
    pub const MAX_BODY_LEN: usize = MAX_BODY_LEN;

    /// Whether an adapter, which sees all responses of a client, should read the body of this one.
    ///
    /// It should if the status is an error. It also should if the status is 200 and the body is
    /// JSON with a `Content-Length` of at most [`MAX_BODY_LEN`](Self::MAX_BODY_LEN), because Kling
    /// may refuse with HTTP 200 and a code in the body. Other bodies are left to the caller.
    ///
    /// ```
    /// use kling_jwt_core::Response;
    ///
    /// assert!(Response::should_read_body(401, None, None));
    /// assert!(Response::should_read_body(200, Some("application/json; charset=utf-8"), Some(60)));
    /// assert!(!Response::should_read_body(200, Some("video/mp4"), Some(60)));
    /// assert!(!Response::should_read_body(200, Some("application/json"), None));
    /// ```
    pub fn should_read_body(
        status: u16,
        content_type: Option<&str>,
        content_length: Option<u64>,
    ) -> bool {
        let is_json = |text: &str| {
            let media_type = split_once(text, b';').map_or(text, |(media_type, _)| media_type);
            media_type.trim_ascii().eq_ignore_ascii_case("application/json")
        };
        let is_short = |length| length <= Self::MAX_BODY_LEN as u64;
        status >= 400
            || status == 200
                && content_type.is_some_and(is_json)
                && content_length.is_some_and(is_short)
    }

    /// Whether it is a refusal, why, and what to do next.
    ///
    /// This uses only the response.
    /// [`TokenProvider::handle_response`](crate::TokenProvider::handle_response) also considers the
    /// token and the clock, and corrects the clock.
    ///
    /// Kling's message may be the same for an unknown API key and for a token. The
    /// [`token`](Self::token) shows which of them was sent.
    ///
    /// ```
    /// use kling_jwt_core::{Cause, Response};
    ///
    /// let body = br#"{"code":1002,"message":"The current API does not support AK/SK"}"#;
    /// let response = Response::new(401, body);
    /// assert_eq!(response.verdict().cause, Cause::WrongScheme);
    /// let response = response.with_token(Some("an API key"));
    /// assert_eq!(response.verdict().cause, Cause::UnknownApiKey);
    /// ```
    pub fn verdict(&self) -> Verdict {
        self.verdict_on(BearerKind::Unknown)
    }

    /// The verdict. If the bearer is not known, its kind is `otherwise`.
    pub(crate) fn verdict_on(&self, otherwise: BearerKind) -> Verdict {
        let kind = self.token.map_or(otherwise, BearerKind::of);
        let envelope = Envelope::read(self.body, self.status >= 400);
        let mut verdict = Verdict::new(self.status, envelope, kind);
        if let Some(token) = self.token {
            verdict.hide(token);
        }
        verdict
    }
}

/// Shows neither the token nor the body, which may contain anything.
impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut response = f.debug_struct("Response");
        response.field("status", &self.status).field("date", &self.date).finish_non_exhaustive()
    }
}

//! A request of the probe, and the response to it.

use std::fmt;

use kling_jwt_core::Response;

/// A request to send unchanged. Do not follow redirects: the bearer must not reach other hosts.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckRequest {
    /// Always `GET`, which changes and costs nothing.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// Names and values of the headers. They contain the bearer: do not log them.
    pub headers: Vec<(&'static str, String)>,
    /// How many seconds to wait before sending: Kling accepts one such request per second.
    pub wait: u64,
}

/// Shows only the names of the headers, because the values contain the bearer.
impl fmt::Debug for CheckRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("CheckRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &names)
            .field("wait", &self.wait)
            .finish()
    }
}

/// The response to a [`CheckRequest`].
///
/// ```
/// use kling_auth::check::CheckResponse;
///
/// let body = br#"{"code":0,"message":"SUCCEED","data":[]}"#.to_vec();
/// let response = CheckResponse::new(200, body);
/// assert_eq!(response.date, None);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckResponse {
    /// The HTTP status.
    pub status: u16,
    /// The `Date` header, if there is one.
    pub date: Option<String>,
    /// The `Location` header, if there is one.
    pub location: Option<String>,
    /// The body. Only the first [`MAX_BODY`](CheckResponse::MAX_BODY) bytes are used.
    pub body: Vec<u8>,
}

impl CheckResponse {
    /// A response with this HTTP status and body.
    pub const fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, date: None, location: None, body }
    }

    /// Sets the value of the `Date` header, if there was one.
    #[must_use]
    pub fn with_date(self, date: Option<String>) -> Self {
        Self { date, ..self }
    }

    /// Sets the value of the `Location` header, if there was one.
    #[must_use]
    pub fn with_location(self, location: Option<String>) -> Self {
        Self { location, ..self }
    }

    /// How many bytes of a body a host needs to read.
    pub const MAX_BODY: usize = Response::MAX_BODY_LEN;

    pub(super) fn as_response(&self) -> Response<'_> {
        let Self { status, date, body, .. } = self;
        // No token is passed: the request had the provider's current one.
        Response::new(*status, body).with_date(date.as_deref())
    }

    /// Whether the body begins with `{`, as Kling's do. The page of a portal or a proxy does not.
    pub(super) fn looks_like_json(&self) -> bool {
        self.body.trim_ascii_start().first() == Some(&b'{')
    }
}

/// Without the body, which may contain anything.
impl fmt::Debug for CheckResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckResponse")
            .field("status", &self.status)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

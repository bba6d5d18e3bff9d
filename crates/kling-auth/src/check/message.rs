//! One request of the probe's, and the answer to it.

use std::fmt;

use kling_jwt_core::Response;

/// A request to send, as it stands. Redirects are not to be followed: the bearer must not travel.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckRequest {
    /// Always `GET`, which changes nothing and costs nothing.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// Names and values. One of them is the bearer: it is not for logs.
    pub headers: Vec<(&'static str, String)>,
    /// How many seconds to wait before it is sent: Kling takes one a second.
    pub wait: u64,
}

/// The names of the headers alone: a value is a secret.
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

/// What came back.
///
/// ```
/// use kling_auth::check::CheckResponse;
///
/// let body = br#"{"code":0,"message":"SUCCEED","data":[]}"#.to_vec();
/// let answer = CheckResponse::new(200, body);
/// assert_eq!(answer.date, None);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckResponse {
    /// The HTTP status.
    pub status: u16,
    /// The `Date` header, if there is one.
    pub date: Option<String>,
    /// The `Location` header, if there is one: where a redirect leads.
    pub location: Option<String>,
    /// The body. More than [`MAX_BODY`](CheckResponse::MAX_BODY) bytes of it are not looked at.
    pub body: Vec<u8>,
}

impl CheckResponse {
    /// A response by its HTTP status and its body.
    pub const fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, date: None, location: None, body }
    }

    /// With the value of the `Date` header, if there was one.
    #[must_use]
    pub fn with_date(self, date: Option<String>) -> Self {
        Self { date, ..self }
    }

    /// With the value of the `Location` header, if there was one.
    #[must_use]
    pub fn with_location(self, location: Option<String>) -> Self {
        Self { location, ..self }
    }

    /// As much of a body as a host need read, in bytes.
    pub const MAX_BODY: usize = Response::MAX_BODY_LEN;

    pub(super) fn as_response(&self) -> Response<'_> {
        let Self { status, date, body, .. } = self;
        // The bearer is the probe's own, and current.
        Response::new(*status, body).with_date(date.as_deref())
    }

    /// Whether the body begins as Kling's do. The page of a portal or a proxy does not.
    pub(super) fn looks_like_json(&self) -> bool {
        self.body.trim_ascii_start().first() == Some(&b'{')
    }
}

/// Without the body, which is whatever a server likes.
impl fmt::Debug for CheckResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckResponse")
            .field("status", &self.status)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

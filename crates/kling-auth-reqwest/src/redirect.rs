//! The request that follows a redirect.

use http::{
    Method, StatusCode,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderName,
        LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
    },
};
use reqwest_middleware::reqwest::{Request, Response};

/// Headers that are removed when a redirect leads to another origin, for the rest of the chain.
const ORIGIN_HEADERS: [HeaderName; 4] = [AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION];
/// Headers that are removed together with the body.
const BODY_HEADERS: [HeaderName; 4] =
    [CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING];

/// A copy of a request, to repeat it or to follow a redirect.
pub(crate) struct FollowUp {
    request: Request,
    /// Whether the copy is complete. A streaming body cannot be copied.
    is_complete: bool,
}

impl FollowUp {
    pub(crate) fn new(request: &Request) -> Self {
        let copy = request.try_clone();
        let is_complete = copy.is_some();
        Self { request: copy.unwrap_or_else(|| without_body(request)), is_complete }
    }

    /// The same request again; `None` if its body cannot be sent twice.
    pub(crate) fn repeat(&self) -> Option<Request> {
        self.request.try_clone().filter(|_| self.is_complete)
    }

    /// The request to the URL that this response redirects to; `None` if it is not a redirect, or
    /// cannot be followed.
    pub(crate) fn redirect(self, response: &Response) -> Option<Request> {
        let Self { mut request, is_complete } = self;
        // The same rules as in browsers and reqwest.
        let becomes_get = match response.status() {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => *request.method() == Method::POST,
            StatusCode::SEE_OTHER => *request.method() != Method::HEAD,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => false,
            _ => return None,
        };
        let location = response.headers().get(LOCATION)?;
        let url = request.url().join(str::from_utf8(location.as_bytes()).ok()?).ok()?;
        if becomes_get {
            *request.method_mut() = Method::GET;
            *request.body_mut() = None;
            remove(&mut request, &BODY_HEADERS);
        } else if !is_complete {
            return None;
        }
        if url.origin() != request.url().origin() {
            remove(&mut request, &ORIGIN_HEADERS);
        }
        *request.url_mut() = url;
        Some(request)
    }
}

fn without_body(request: &Request) -> Request {
    let mut head = Request::new(request.method().clone(), request.url().clone());
    *head.headers_mut() = request.headers().clone();
    *head.version_mut() = request.version();
    *head.timeout_mut() = request.timeout().copied();
    head
}

fn remove(request: &mut Request, names: &[HeaderName]) {
    for name in names {
        request.headers_mut().remove(name);
    }
}

//! Where a redirect leads, and what of a request goes along.

use http::{
    Method, StatusCode,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderName,
        LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
    },
};
use reqwest_middleware::reqwest::{Request, Response};

/// Made for one origin. Once taken off, they do not come back.
const OF_ORIGIN: [HeaderName; 4] = [AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION];
const OF_BODY: [HeaderName; 4] =
    [CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING];

/// A request before it is sent, in case that it has to be sent again, here or elsewhere.
pub(crate) struct FollowUp {
    request: Request,
    /// Whether the body is there too. One that streams can be sent only once.
    is_whole: bool,
}

impl FollowUp {
    pub(crate) fn new(request: &Request) -> Self {
        let whole = request.try_clone();
        let is_whole = whole.is_some();
        Self { request: whole.unwrap_or_else(|| without_body(request)), is_whole }
    }

    /// The same request once more.
    pub(crate) fn again(&self) -> Option<Request> {
        self.request.try_clone().filter(|_| self.is_whole)
    }

    /// The request that follows this response; `None` if it is no redirect, or one that cannot be
    /// followed.
    pub(crate) fn after(self, response: &Response) -> Option<Request> {
        let Self { mut request, is_whole } = self;
        // As browsers, and reqwest: after these a GET, where something was sent.
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
            remove(&mut request, &OF_BODY);
        } else if !is_whole {
            return None;
        }
        if url.origin() != request.url().origin() {
            remove(&mut request, &OF_ORIGIN);
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

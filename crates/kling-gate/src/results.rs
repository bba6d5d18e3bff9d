//! Results: the files of tasks that have succeeded, on another host as Kling's are.

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use hyper::http::uri::Authority;

use crate::body::Response;

/// The host of results: the gate under another name than in the request, so that it is another
/// origin.
pub(crate) fn host_of_results(headers: &HeaderMap) -> String {
    other_name(headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default())
}

/// `localhost` for an address, and `127.0.0.1` for `localhost`.
pub(crate) fn other_name(host: &str) -> String {
    let authority: Option<Authority> = host.parse().ok();
    let port = authority.as_ref().and_then(Authority::port_u16).unwrap_or(80);
    let is_name = authority.is_some_and(|authority| authority.host() == "localhost");
    format!("{}:{port}", if is_name { "127.0.0.1" } else { "localhost" })
}

/// A result, as a file store answers. The URL contains a signature, so the store refuses an
/// additional `Authorization`. This detects a bearer sent to the wrong host.
pub(crate) fn result(headers: &HeaderMap) -> Response {
    let has_bearer = headers.contains_key(AUTHORIZATION);
    let text = if has_bearer { "Only one auth mechanism allowed" } else { "a video of the gate" };
    let mut response = Response::new(text.to_owned().into());
    if has_bearer {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("video/mp4"));
    response
}

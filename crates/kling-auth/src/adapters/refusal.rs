//! What all adapters do before a request is sent and after it was answered.

use bytes::Bytes;
use http::{
    Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap},
};
use http_body::Body;

use super::body::KlingBody;
use crate::{
    Action, Cause, Error, KlingAuth, Response as Answer, Token, Verdict, bindings::engine,
    header::bearer, steps::should_authorize,
};

/// Puts the bearer on a request to this URL, and gives the token that it now has; `None` if it goes
/// without.
pub(super) fn attach(
    auth: &KlingAuth,
    url: &str,
    headers: &mut HeaderMap,
) -> Result<Option<Token>, Error> {
    for value in headers.get_all(AUTHORIZATION) {
        should_authorize(engine(auth), url, value.to_str().ok())?;
    }
    let attaches = should_authorize(engine(auth), url, None)?;
    Ok(attaches.then(|| attach_current(auth, headers)))
}

/// Puts the current token on a request that may have it, and gives it.
pub(super) fn attach_current(auth: &KlingAuth, headers: &mut HeaderMap) -> Token {
    let token = auth.token();
    headers.insert(AUTHORIZATION, bearer(&token));
    token
}

/// Takes in the answer of this URL to a request that went without the bearer.
pub(super) fn note_unattached(auth: &KlingAuth, url: &str, status: StatusCode) {
    if status == StatusCode::UNAUTHORIZED {
        engine(auth).warn_withheld(url);
    }
}

/// Takes in the answer to a request that had this token. It has a verdict afterwards if it is a
/// refusal, unless its body breaks off.
pub(super) async fn observe_answer<R: Body<Data = Bytes>>(
    auth: &KlingAuth,
    token: &Token,
    response: Response<R>,
) -> Response<KlingBody<R>> {
    let (mut head, body) = response.into_parts();
    let mut body = KlingBody::new(body);
    if should_read_body(head.status, &head.headers)
        && let Some(seen) = body.look().await
    {
        let verdict = auth.handle_response(&Answer {
            status: head.status.as_u16(),
            date: head.headers.get(DATE).and_then(|date| date.to_str().ok()),
            body: &seen,
            token: Some(token.as_str()),
        });
        if verdict.cause != Cause::Accepted {
            head.extensions.insert(verdict);
        }
    }
    Response::from_parts(head, body)
}

pub(super) fn should_read_body(status: StatusCode, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    Answer::should_read_body(status.as_u16(), text(CONTENT_TYPE), length)
}

/// Whether a response with these extensions asks for the request once more.
pub(super) fn asks_for_more(extensions: &http::Extensions) -> bool {
    extensions.get::<Verdict>().is_some_and(|verdict| verdict.action == Action::Retry)
}

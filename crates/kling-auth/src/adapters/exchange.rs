//! What all adapters do before they send a request and after they receive the response.
//!
//! It is public only for adapters in other crates, such as `kling-auth-reqwest`, and may change at
//! any time.

use bytes::Bytes;
use http::{
    Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap},
};
use http_body::Body;

use super::{blocking, body::KlingBody};
use crate::{
    Action, Cause, Error, KlingAuth, Response as CoreResponse, Token, Verdict, bindings::engine,
    header::bearer, steps::should_authorize,
};

/// Adds the bearer to a request, and returns the token; `None` if this URL may not have it.
///
/// # Errors
///
/// [`Error::Origin`] if the request already has the bearer, but its host must not receive it.
pub async fn authorize(
    auth: &KlingAuth,
    url: &str,
    headers: &mut HeaderMap,
) -> Result<Option<Token>, Error> {
    for value in headers.get_all(AUTHORIZATION) {
        should_authorize(engine(auth), url, value.to_str().ok())?;
    }
    if !should_authorize(engine(auth), url, None)? {
        return Ok(None);
    }
    Ok(Some(authorize_again(auth, headers).await))
}

/// Adds the current token to a request that may have it, and returns the token.
pub async fn authorize_again(auth: &KlingAuth, headers: &mut HeaderMap) -> Token {
    let token = current_token(auth).await;
    headers.insert(AUTHORIZATION, bearer(&token));
    token
}

/// The token to send now. If a file check is due, it runs on another thread.
async fn current_token(auth: &KlingAuth) -> Token {
    let now = auth.clock.now();
    if engine(auth).are_files_checked(now) {
        return auth.token_at(now);
    }
    let auth = auth.clone();
    blocking::run(move || auth.token_at(now)).await
}

/// Warns if a request that was sent without the bearer got a 401 from this URL.
pub fn warn_withheld(auth: &KlingAuth, url: &str, status: StatusCode) {
    if status == StatusCode::UNAUTHORIZED {
        engine(auth).warn_withheld(url);
    }
}

/// Handles the response to a request that had this token. A refusal gets a [`Verdict`] in its
/// extensions, unless its body cannot be read.
pub async fn handle_response<R: Body<Data = Bytes>>(
    auth: &KlingAuth,
    token: &Token,
    response: Response<R>,
) -> Response<KlingBody<R>> {
    let (mut head, body) = response.into_parts();
    let mut body = KlingBody::new(body);
    if should_read_body(head.status, &head.headers)
        && let Some(seen) = body.peek().await
    {
        let date = head.headers.get(DATE).and_then(|date| date.to_str().ok());
        let verdict = verdict_on(auth, token, head.status, date, seen).await;
        if verdict.cause != Cause::Accepted {
            head.extensions.insert(verdict);
        }
    }
    Response::from_parts(head, body)
}

/// The verdict on a response. A 401 can cause a reload, so it is handled on another thread if the
/// credentials come from files.
async fn verdict_on(
    auth: &KlingAuth,
    token: &Token,
    status: StatusCode,
    date: Option<&str>,
    body: Vec<u8>,
) -> Verdict {
    let status = status.as_u16();
    let handle = move |auth: &KlingAuth, token: &Token, date: Option<&str>, body: &[u8]| {
        let response = CoreResponse::new(status, body).with_date(date);
        auth.handle_response(&response.with_token(Some(token.as_str())))
    };
    if status != 401 || !engine(auth).has_files() {
        return handle(auth, token, date, &body);
    }
    let (auth, token, date) = (auth.clone(), token.clone(), date.map(str::to_owned));
    blocking::run(move || handle(&auth, &token, date.as_deref(), &body)).await
}

/// Whether to read the body of a response and handle it.
pub fn should_read_body(status: StatusCode, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    CoreResponse::should_read_body(status.as_u16(), text(CONTENT_TYPE), length)
}

/// Whether the verdict in these extensions says to send the request once more.
pub fn should_retry(extensions: &http::Extensions) -> bool {
    extensions.get::<Verdict>().is_some_and(|verdict| verdict.action == Action::Retry)
}

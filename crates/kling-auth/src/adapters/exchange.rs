//! What all adapters do before a request is sent and after its response came. For adapters in crates of
//! their own, such as `kling-auth-reqwest`: what is in here may change at any time.

use bytes::Bytes;
use http::{
    Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap},
};
use http_body::Body;

use super::{blocking, body::KlingBody};
use crate::{
    Action, Cause, Error, KlingAuth, Response as Received, Token, Verdict, bindings::engine,
    header::bearer, steps::should_authorize, unix_now,
};

/// Puts the bearer on a request to this URL, and returns the token that it now has; `None` if it goes
/// without.
///
/// # Errors
///
/// [`Error::Origin`] for a request that has the bearer already, to a host that must not see it.
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

/// Puts the current token on a request that may have it, and returns it.
pub async fn authorize_again(auth: &KlingAuth, headers: &mut HeaderMap) -> Token {
    let token = current_token(auth).await;
    headers.insert(AUTHORIZATION, bearer(&token));
    token
}

/// The token to send now. Files that are due for a check are read on another thread.
async fn current_token(auth: &KlingAuth) -> Token {
    let now = unix_now();
    if engine(auth).are_files_checked(now) {
        return auth.token_at(now);
    }
    let auth = auth.clone();
    blocking::run(move || auth.token_at(now)).await
}

/// Warns of a 401 from this URL to a request that went without the bearer.
pub fn warn_withheld(auth: &KlingAuth, url: &str, status: StatusCode) {
    if status == StatusCode::UNAUTHORIZED {
        engine(auth).warn_withheld(url);
    }
}

/// Handles the response to a request that had this token. It has a verdict afterwards if it is a
/// refusal, unless its body breaks off.
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

/// The verdict. A 401 may lead to a reload, which reads files: then on another thread.
async fn verdict_on(
    auth: &KlingAuth,
    token: &Token,
    status: StatusCode,
    date: Option<&str>,
    body: Vec<u8>,
) -> Verdict {
    let status = status.as_u16();
    let handle = move |auth: &KlingAuth, token: &Token, date: Option<&str>, body: &[u8]| {
        let response = Received::new(status, body).with_date(date);
        auth.handle_response(&response.with_token(Some(token.as_str())))
    };
    if status != 401 || !engine(auth).has_files() {
        return handle(auth, token, date, &body);
    }
    let (auth, token, date) = (auth.clone(), token.clone(), date.map(str::to_owned));
    blocking::run(move || handle(&auth, &token, date.as_deref(), &body)).await
}

/// Whether the body of a response is to be read, and the response to be handled.
pub fn should_read_body(status: StatusCode, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    Received::should_read_body(status.as_u16(), text(CONTENT_TYPE), length)
}

/// Whether a response with these extensions says that the request should be sent once more.
pub fn should_retry(extensions: &http::Extensions) -> bool {
    extensions.get::<Verdict>().is_some_and(|verdict| verdict.action == Action::Retry)
}

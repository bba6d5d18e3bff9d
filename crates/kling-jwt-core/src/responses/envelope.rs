//! Kling's envelope: `{"code": …, "message": …, "request_id": …, "data": …}`; and the forms in
//! which relays in front of Kling refuse.
//!
//! Each member counts by itself: one that is missing or of another type costs no other.

use crate::encoding::json;

/// The longest body that is looked at, in bytes.
pub(crate) const MAX_BODY_LEN: usize = 64 * 1024;

/// What an envelope says. Its texts are as they stand between their quotes.
#[derive(Clone, Copy)]
pub(crate) struct Envelope<'a> {
    /// Kling's code; `None` for a refusal in a relay's form.
    pub(crate) code: Option<u32>,
    pub(crate) message: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    /// The envelope that a body is; `None` if it is none, was cut, or is too long to be one. A
    /// relay's form is looked for where the status refuses, and the plainest of them always.
    pub(crate) fn read(body: &'a [u8], is_refused: bool) -> Option<Self> {
        if body.len() > MAX_BODY_LEN {
            return None;
        }
        let body = json::object(body)?;
        let data = json::member(body, "data").unwrap_or_default();
        let (code, message) = match (code(body), code(data)) {
            // `/account/costs` says in `data` again how it went, and above it 0.
            (None | Some(0 | 200), Some(code @ 1..)) => (Some(code), json::string(data, "msg")),
            (None, _) => (None, Some(relay_message(body, is_refused)?)),
            (code, _) => (code, json::string(body, "message")),
        };
        Some(Self { code, message, request_id: json::string(body, "request_id") })
    }
}

/// What a relay says in a refusal: `{"error":{"message":…}}`, as most of them have it, or
/// `{"error":…}`; or `message` beside a word for a code, or beside `"success":false`, as new-api's.
fn relay_message(body: &str, is_refused: bool) -> Option<&str> {
    let error = json::member(body, "error").unwrap_or_default();
    if let Some(message) = json::string(error, "message") {
        return Some(message);
    }
    let is_word = || json::string(body, "code").is_some();
    let is_failure = || json::member(body, "success") == Some("false");
    let message = || json::string(body, "message").filter(|_| is_word() || is_failure());
    let error = || json::string(body, "error");
    if is_refused { error().or_else(message) } else { None }
}

fn code(object: &str) -> Option<u32> {
    json::number(object, "code")?.try_into().ok()
}

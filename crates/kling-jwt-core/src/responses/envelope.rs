//! Parses the body of a response: Kling's `{"code": …, "message": …, "request_id": …, "data": …}`,
//! and the refusals of relays in front of Kling.
//!
//! A member that is missing or has another type does not affect the others.

use crate::encoding::json;

/// The longest body that is parsed, in bytes.
pub(crate) const MAX_BODY_LEN: usize = 64 * 1024;

/// The members of a body that matter. The texts still have their JSON escapes.
#[derive(Clone, Copy)]
pub(crate) struct Envelope<'a> {
    /// Kling's code; `None` for a relay's refusal.
    pub(crate) code: Option<u32>,
    pub(crate) message: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    /// Parses a body; `None` if it has no known form, was cut off, or is too long.
    ///
    /// `is_refused` is whether the HTTP status is an error. If not, of the relays' forms only
    /// `{"error":{"message":…}}` is recognized.
    pub(crate) fn read(body: &'a [u8], is_refused: bool) -> Option<Self> {
        if body.len() > MAX_BODY_LEN {
            return None;
        }
        let body = json::object(body)?;
        let data = json::member(body, "data").unwrap_or_default();
        let (code, message) = match (code(body), code(data)) {
            // `/account/costs` has 0 at the top level, and the code that counts in `data`.
            (None | Some(0 | 200), Some(code @ 1..)) => (Some(code), json::string(data, "msg")),
            (None, _) => (None, Some(relay_message(body, is_refused)?)),
            (code, _) => (code, json::string(body, "message")),
        };
        Some(Self { code, message, request_id: json::string(body, "request_id") })
    }
}

/// The message of a relay's refusal: `{"error":{"message":…}}` from most relays, `{"error":…}`, or
/// `message` next to a `code` that is a string, or next to `"success":false` (new-api).
fn relay_message(body: &str, is_refused: bool) -> Option<&str> {
    let error = json::member(body, "error").unwrap_or_default();
    if let Some(message) = json::string(error, "message") {
        return Some(message);
    }
    let has_text_code = || json::string(body, "code").is_some();
    let is_failure = || json::member(body, "success") == Some("false");
    let message = || json::string(body, "message").filter(|_| has_text_code() || is_failure());
    let error = || json::string(body, "error");
    if is_refused { error().or_else(message) } else { None }
}

fn code(object: &str) -> Option<u32> {
    json::number(object, "code")?.try_into().ok()
}

//! Kling's envelope: `{"code": …, "message": …, "request_id": …, "data": …}`.
//!
//! Each member counts by itself: one that is missing or of another type costs no other.

use crate::{Response, json, text::Text};

/// What an envelope says.
#[derive(Clone, Copy)]
pub(crate) struct Envelope {
    pub(crate) code: u32,
    pub(crate) message: Text<256>,
    pub(crate) request_id: Text<64>,
}

impl Envelope {
    /// The envelope that a body is; `None` if it is none, was cut, or is too long to be one.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        if body.len() > Response::MAX_BODY_LEN {
            return None;
        }
        let body = json::object(body)?;
        let data = json::member(body, "data").unwrap_or_default();
        let (code, message) = match (code(body), code(data)) {
            // `/account/costs` says in `data` again how it went, and above it 0.
            (None | Some(0), Some(code @ 1..)) => (code, json::string(data, "msg")),
            (code, _) => (code?, json::string(body, "message")),
        };
        let request_id = json::string(body, "request_id");
        Some(Self {
            code,
            message: message.map_or(Text::EMPTY, Text::unescaped),
            request_id: request_id.map_or(Text::EMPTY, Text::unescaped),
        })
    }
}

fn code(object: &str) -> Option<u32> {
    json::number(object, "code")?.try_into().ok()
}

//! Kling's envelope: `{"code": …, "message": …, "request_id": …, "data": …}`.

use serde::Deserialize;
use serde_json_core::{from_slice, str::EscapedStr};

use crate::{json, text::Text};

/// The longest body that is looked at, in bytes: a hundred times what Kling's refusals have.
const MAX_LEN: usize = 64 * 1024;

/// What an envelope says.
#[derive(Clone, Copy)]
pub(crate) struct Envelope {
    pub(crate) code: u32,
    pub(crate) message: Text<256>,
    pub(crate) request_id: Text<64>,
}

// Each member is read by itself, so that one which is missing or of another type costs no other.

#[derive(Deserialize)]
struct Code {
    code: u32,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    message: EscapedStr<'a>,
}

#[derive(Deserialize)]
struct RequestId<'a> {
    #[serde(borrow)]
    request_id: EscapedStr<'a>,
}

/// `/account/costs` says in `data` again how it went.
#[derive(Deserialize)]
struct Nested<'a> {
    #[serde(borrow)]
    data: Costs<'a>,
}

#[derive(Deserialize)]
struct Costs<'a> {
    code: u32,
    #[serde(borrow)]
    msg: EscapedStr<'a>,
}

impl Envelope {
    /// The envelope that a body is; `None` if it is none, was cut, or is too long to be one.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        if body.len() > MAX_LEN || !json::is_object(body) {
            return None;
        }
        let code = member(body).map(|Code { code }| code);
        let (code, message) = match (code, member(body)) {
            // The outer code is that of the envelope; it says 0 where the inner one refuses.
            (None | Some(0), Some(Nested { data: Costs { code: code @ 1.., msg } })) => {
                (code, Some(msg))
            }
            (code, _) => (code?, member(body).map(|Message { message }| message)),
        };
        let request_id = member(body).map(|RequestId { request_id }| request_id);
        Some(Self {
            code,
            message: message.map_or(Text::EMPTY, Text::unescaped),
            request_id: request_id.map_or(Text::EMPTY, Text::unescaped),
        })
    }
}

fn member<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    from_slice(body).ok().map(|(member, _)| member)
}

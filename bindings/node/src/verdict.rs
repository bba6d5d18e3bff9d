//! `verdict`: what a response means, as a plain object.

use kling_auth::Response;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

/// How many bytes of a response's body are read at most.
#[napi]
#[expect(clippy::cast_possible_truncation, reason = "64 KiB")]
pub const MAX_BODY: u32 = Response::MAX_BODY_LEN as u32;

/// What a response means.
#[napi(object)]
pub struct Verdict {
    /// Whether it was not refused.
    pub is_accepted: bool,
    /// Why it was refused, as a stable name.
    pub cause: String,
    /// What to do: `accept`, `retry`, `backoff` or `fail`.
    pub action: String,
    /// The HTTP status.
    pub status: u16,
    /// Kling's code.
    pub code: Option<u32>,
    /// Kling's message, or a relay's.
    pub message: String,
    /// The id under which Kling's support finds the request.
    pub request_id: Option<String>,
    /// What it means, and what to do.
    pub remedy: String,
    /// The verdict as a sentence.
    pub text: String,
}

impl From<kling_auth::Verdict> for Verdict {
    fn from(verdict: kling_auth::Verdict) -> Self {
        Self {
            is_accepted: verdict.is_accepted(),
            cause: verdict.cause.as_str().to_owned(),
            action: verdict.action.as_str().to_owned(),
            status: verdict.status,
            code: verdict.code,
            message: verdict.message().to_owned(),
            request_id: verdict.request_id().map(str::to_owned),
            remedy: verdict.remedy().to_string(),
            text: verdict.to_string(),
        }
    }
}

/// What a response means, from its HTTP status, its raw body, and the `Authorization` header of
/// its request.
#[napi(catch_unwind)]
pub fn verdict(status: u16, body: Uint8ArraySlice<'_>, sent: Option<String>) -> Verdict {
    let verdict = Response::new(status, &body).verdict();
    sent.map_or(verdict, |sent| verdict.with_authorization(&sent)).into()
}

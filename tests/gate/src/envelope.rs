//! Kling's codes and messages in one table, and the JSON object around every answer.

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use crate::door::Response;

/// One line of Kling's table: HTTP status, service code, message.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) status: StatusCode,
    pub(crate) code: u16,
    pub(crate) message: &'static str,
}

/// Status and code are Kling's. So are the messages of 1000 and of the two unknown keys;
/// those of 1001, 1003, 1004 and the first 1002 are its documentation's words for the code;
/// the others are the gate's own.
impl Outcome {
    pub(crate) const SUCCEED: Self = Self::new(StatusCode::OK, 0, "SUCCEED");

    pub(crate) const SIGNATURE_INVALID: Self = Self::refused(1000, "signature is invalid");
    pub(crate) const AUTHORIZATION_EMPTY: Self = Self::refused(1001, "Authorization is empty");
    pub(crate) const AUTHORIZATION_INVALID: Self = Self::refused(1002, "Authorization is invalid");
    pub(crate) const ACCESS_KEY_UNKNOWN: Self = Self::refused(1002, "access key not exist");
    pub(crate) const API_KEY_UNKNOWN: Self = Self::refused(1002, "api key not found");
    /// The guide says that Kling enforces the ceiling. With which code is not known: 1002,
    /// "invalid", is the gate's choice, since signing again would not help.
    pub(crate) const LIFETIME_TOO_LONG: Self =
        Self::refused(1002, "Authorization is invalid: exp is more than 1800 seconds ahead");
    pub(crate) const NOT_YET_VALID: Self = Self::refused(1003, "Authorization is not yet valid");
    pub(crate) const EXPIRED: Self = Self::refused(1004, "Authorization has expired");

    pub(crate) const TASK_PARAMETERS: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "model_name and prompt are required");
    pub(crate) const COSTS_PARAMETERS: Self = Self::new(
        StatusCode::BAD_REQUEST,
        1201,
        "start_time and end_time are required, in milliseconds, and in order",
    );
    pub(crate) const METHOD_UNKNOWN: Self =
        Self::new(StatusCode::NOT_FOUND, 1202, "no such method and path");

    const fn new(status: StatusCode, code: u16, message: &'static str) -> Self {
        Self { status, code, message }
    }

    const fn refused(code: u16, message: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    /// The answer in Kling's envelope.
    pub(crate) fn respond(self, request_id: &str, data: &Value) -> Response {
        let envelope = json!({
            "code": self.code,
            "message": self.message,
            "request_id": request_id,
            "data": data,
        });
        json_response(self.status, &envelope)
    }
}

/// An answer of JSON, with or without Kling's envelope.
pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

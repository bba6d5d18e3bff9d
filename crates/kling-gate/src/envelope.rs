//! Kling's codes and messages in one table, and the JSON object around every answer.

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use crate::body::Response;

/// The content type of every answer, including errors.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer: HTTP status, service code, message.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) status: StatusCode,
    pub(crate) code: u16,
    pub(crate) message: &'static str,
}

/// Status and code are Kling's. The messages of 1000, of the two unknown keys, of the unsupported
/// key pair, of the parts of a token, of the ids of tasks and of 1303 were seen in answers of
/// Kling. The others of `TABLE` are from its documentation, some shortened. The rest are the
/// gate's own.
impl Outcome {
    /// Kling's table, one line per code.
    const TABLE: [Self; 22] = [
        Self::SUCCEED,
        Self::SIGNATURE_INVALID,
        Self::AUTHORIZATION_EMPTY,
        Self::AUTHORIZATION_INVALID,
        Self::NOT_YET_VALID,
        Self::EXPIRED,
        Self::limited(1100, "Account exception"),
        Self::limited(1101, "Account in arrears"),
        Self::PACK_DEPLETED,
        Self::new(StatusCode::FORBIDDEN, 1103, "Unauthorized access to requested resource"),
        Self::new(StatusCode::BAD_REQUEST, 1200, "Invalid request parameters"),
        Self::new(StatusCode::BAD_REQUEST, 1201, "Invalid parameters"),
        Self::new(StatusCode::NOT_FOUND, 1202, "The requested method is invalid"),
        Self::new(StatusCode::NOT_FOUND, 1203, "The requested resource does not exist"),
        Self::new(StatusCode::BAD_REQUEST, 1300, "Trigger strategy of the platform"),
        Self::new(StatusCode::BAD_REQUEST, 1301, "Trigger the content security policy"),
        Self::limited(1302, "The API request is too fast"),
        Self::TOO_MANY_TASKS,
        Self::limited(1304, "Trigger the platform's IP whitelisting policy"),
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 5000, "Server internal error"),
        Self::new(StatusCode::SERVICE_UNAVAILABLE, 5001, "Server temporarily unavailable"),
        Self::new(StatusCode::GATEWAY_TIMEOUT, 5002, "Server internal timeout"),
    ];

    pub(crate) const SUCCEED: Self = Self::new(StatusCode::OK, 0, "SUCCEED");

    pub(crate) const SIGNATURE_INVALID: Self = Self::refused(1000, "signature is invalid");
    pub(crate) const AUTHORIZATION_EMPTY: Self = Self::refused(1001, "Authorization is empty");
    pub(crate) const AUTHORIZATION_INVALID: Self = Self::refused(1002, "Authorization is invalid");
    pub(crate) const ACCESS_KEY_UNKNOWN: Self = Self::refused(1002, "access key not exist");
    pub(crate) const API_KEY_UNKNOWN: Self = Self::refused(1002, "api key not found");
    /// The guide says that Kling enforces the maximum lifetime. The code is not known. The gate
    /// uses 1002, "invalid", since signing again would not help.
    pub(crate) const LIFETIME_TOO_LONG: Self =
        Self::refused(1002, "Authorization is invalid: exp is more than 1800 seconds ahead");
    /// Kling's answer to anything that does not begin like an API key.
    pub(crate) const KEY_PAIR_UNSUPPORTED: Self = Self::refused(
        1002,
        "Authentication error. The current API does not support AK/SK; please go to the console \
         (https://kling.ai/dev/api-key) to create API key.",
    );
    pub(crate) const TOKEN_PARTS: Self =
        Self::refused(1002, "The token was expected to have 3 parts");
    pub(crate) const NOT_YET_VALID: Self = Self::refused(1003, "Authorization is not yet valid");
    pub(crate) const EXPIRED: Self = Self::refused(1004, "Authorization has expired");

    pub(crate) const PACK_DEPLETED: Self = Self::limited(1102, "Resource pack depleted or expired");
    pub(crate) const TOO_MANY_TASKS: Self =
        Self::limited(1303, "parallel task over resource pack limit");

    pub(crate) const BODY: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "the body must be a JSON object");
    pub(crate) const PAGE_PARAMETERS: Self = Self::new(
        StatusCode::BAD_REQUEST,
        1201,
        "pageNum must be from 1 to 1000, and pageSize from 1 to 500",
    );
    pub(crate) const TASK_PARAMETERS: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "model_name and prompt are required");
    pub(crate) const PROMPT_PARAMETER: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "prompt is required");
    pub(crate) const TASK_UNKNOWN: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "Task not found by id/external id");
    pub(crate) const TASK_EXISTS: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "external_task_id already exists");
    pub(crate) const TASKS_PARAMETERS: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "task_ids or external_task_ids is required");
    pub(crate) const TASKS_TOO_MANY: Self =
        Self::new(StatusCode::BAD_REQUEST, 1201, "at most 20 ids");
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

    const fn limited(code: u16, message: &'static str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, message)
    }

    /// The line of Kling's table for a code.
    pub(crate) fn of_code(code: u16) -> Option<Self> {
        Self::TABLE.into_iter().find(|line| line.code == code)
    }

    /// Kling's table without success.
    pub(crate) fn refusals() -> impl Iterator<Item = Self> {
        Self::TABLE.into_iter().filter(|line| line.code != 0)
    }

    /// The answer in Kling's envelope.
    pub(crate) fn respond(self, request_id: &str, data: &Value) -> Response {
        json_response(self.status, &envelope(self.code, self.message, request_id, data))
    }
}

/// The object around every answer.
pub(crate) fn envelope(code: u16, message: &str, request_id: &str, data: &Value) -> Value {
    json!({
        "code": code,
        "message": message,
        "request_id": request_id,
        "data": data,
    })
}

/// A JSON answer, with or without Kling's envelope.
pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

//! The error of a command: code, message, exit status.

use std::collections::BTreeMap;

use kling_auth::{CoreError, Error};
use serde::Serialize;

use crate::{status::Status, view::json};

/// Why a command failed. It contains no secret.
#[derive(Debug)]
pub(crate) struct CliError {
    code: &'static str,
    message: String,
    pub(crate) status: Status,
}

impl CliError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, status: Status) -> Self {
        Self { code, message: message.into(), status }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        let message = format!("{}; see `kling-auth --help`", message.into());
        Self::new("ERR_USAGE", message, Status::Usage)
    }

    /// The host did not do what the step asked for.
    pub(crate) fn of_host() -> Self {
        let message = "the host's reply does not match its step";
        Self::new("ERR_INTERNAL", message, Status::Internal)
    }

    pub(crate) fn line(&self, is_json: bool) -> String {
        line("error", self.code, &self.message, is_json)
    }
}

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let status = Status::of_error(&error);
        Self::new(error.code(), error.to_string(), status)
    }
}

impl From<CoreError> for CliError {
    fn from(error: CoreError) -> Self {
        Self::new(error.code(), error.to_string(), Status::of_core_error(error))
    }
}

/// A line for standard error: an `error` or a `warning`.
pub(crate) fn line(kind: &'static str, code: &str, message: &str, is_json: bool) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        code: &'a str,
        message: &'a str,
    }
    match (is_json, kind) {
        (true, _) => {
            let object = BTreeMap::from([(kind, Line { code, message })]);
            json(&object)
        }
        (false, "error") => format!("kling-auth: {message}\n"),
        (false, _) => format!("kling-auth: {kind}: {message}\n"),
    }
}

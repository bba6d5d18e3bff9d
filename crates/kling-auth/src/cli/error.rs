//! Why a command line was not carried out: code, message, exit status.

use serde::Serialize;

use super::status::Status;
use crate::{CoreError, Error};

/// Why a command line was not carried out. It holds no secret.
#[derive(Debug)]
pub(super) struct CliError {
    code: &'static str,
    message: String,
    pub(super) status: Status,
}

impl CliError {
    pub(super) fn new(code: &'static str, message: impl Into<String>, status: Status) -> Self {
        Self { code, message: message.into(), status }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        let message = format!("{}; see `kling-auth --help`", message.into());
        Self::new("ERR_USAGE", message, Status::Usage)
    }

    /// The host did something else than it was asked to.
    pub(super) fn of_host() -> Self {
        let message = "the host's reply is not to what it was asked";
        Self::new("ERR_INTERNAL", message, Status::Internal)
    }

    pub(super) fn line(&self, is_json: bool) -> String {
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

/// A line for standard error, of an error or a note.
pub(super) fn line(kind: &'static str, code: &str, message: &str, is_json: bool) -> String {
    #[derive(Serialize)]
    struct EventKind<'a> {
        code: &'a str,
        message: &'a str,
    }
    match (is_json, kind) {
        (true, _) => {
            let told = std::collections::BTreeMap::from([(kind, EventKind { code, message })]);
            super::view::json(&told)
        }
        (false, "error") => format!("kling-auth: {message}\n"),
        (false, _) => format!("kling-auth: {kind}: {message}\n"),
    }
}

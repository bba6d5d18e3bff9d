//! Why a command line was not carried out: code, message, exit status.

use kling_auth::{CoreError, Error};
use serde::Serialize;

use crate::{status::Status, view::json};

/// Why a command line was not carried out. It holds no secret.
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

    /// The host did something else than it was asked to.
    pub(crate) fn of_host() -> Self {
        let message = "the host's reply is not to what it was asked";
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

/// A line for standard error, of an error or a note.
pub(crate) fn line(kind: &'static str, code: &str, message: &str, is_json: bool) -> String {
    #[derive(Serialize)]
    struct EventKind<'a> {
        code: &'a str,
        message: &'a str,
    }
    match (is_json, kind) {
        (true, _) => {
            let told = std::collections::BTreeMap::from([(kind, EventKind { code, message })]);
            json(&told)
        }
        (false, "error") => format!("kling-auth: {message}\n"),
        (false, _) => format!("kling-auth: {kind}: {message}\n"),
    }
}

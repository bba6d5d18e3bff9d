//! `webhook`: verifies that a callback comes from Kling.

use kling_auth::{
    bindings::read_once,
    webhook::{Delivery, Secret, verify},
};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    Exit, Host, Reply, Step,
    arguments::Arguments,
    error::CliError,
    outcome::Outcome,
    status::Status,
    view::{View, json},
};

/// The variable with the secret, or with several, separated by white space.
const VARIABLE: &str = "KLING_WEBHOOK_SECRET";
/// More bytes than any callback of Kling has.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// A callback whose body is still to be read.
pub(crate) struct Webhook {
    secrets: Vec<Secret>,
    id: String,
    timestamp: String,
    signature: String,
}

impl Webhook {
    pub(crate) fn start(arguments: &Arguments, host: &Host) -> Result<Outcome<Self>, CliError> {
        let header = |name| arguments.required(name).map(str::to_owned);
        let webhook = Self {
            id: header("id")?,
            timestamp: header("timestamp")?,
            signature: header("signature")?,
            secrets: secrets(arguments, host)?,
        };
        if host.terminals.stdin {
            return Err(CliError::usage(
                "`webhook` reads the body from a pipe or a file, not from a terminal",
            ));
        }
        Ok(Outcome::Ask(Step::Read { limit: MAX_BODY + 1 }, webhook))
    }

    pub(crate) fn take(
        &self,
        reply: Reply,
        view: &View,
        now: u64,
    ) -> Result<Outcome<Self>, CliError> {
        let Reply::Input(body) = reply else { return Err(CliError::of_host()) };
        if body.len() > MAX_BODY {
            let message = "the body is larger than 4 MiB, so it is not a callback from Kling";
            return Err(CliError::new("ERR_INPUT", message, Status::Invalid));
        }
        let delivery = Delivery::from_parts(
            Some(&self.id),
            Some(&self.timestamp),
            Some(&self.signature),
            &body,
        );
        let verified = verify(&self.secrets, &delivery, now)?;
        let stdout = shown(verified.id, verified.timestamp, view);
        Ok(Outcome::Exit(Exit { status: Status::Ok as u8, stdout, stderr: String::new() }))
    }
}

fn shown(id: &str, timestamp: u64, view: &View) -> String {
    #[derive(Serialize)]
    struct Valid<'a> {
        id: &'a str,
        timestamp: u64,
    }
    if view.is_json {
        return json(&Valid { id, timestamp });
    }
    // It is signed, but control characters still do not belong on a terminal.
    let id: String = id.chars().filter(|char| !char.is_control()).collect();
    format!("valid: callback {id} of {timestamp}\n")
}

/// The secrets from the file or from the environment.
fn secrets(arguments: &Arguments, host: &Host) -> Result<Vec<Secret>, CliError> {
    let text = match arguments.path("secret-file") {
        Some(path) => Some(read_once(&host.working_directory.join(path))?),
        None => (host.environment)(VARIABLE).map(Zeroizing::new),
    };
    let text = text.unwrap_or_default();
    let secrets: Result<Vec<_>, _> = text.split_whitespace().map(Secret::new).collect();
    let secrets = secrets?;
    if secrets.is_empty() {
        let message = format!(
            "no webhook secret: set {VARIABLE} to the secret that Kling's console shows (whsec_…), \
             or use --secret-file",
        );
        return Err(CliError::new("ERR_CREDENTIALS_MISSING", message, Status::Credential));
    }
    Ok(secrets)
}

//! `token`, `header` and `env`: a bearer, in the form that its reader needs.

use kling_auth::KlingAuth;
use serde::Serialize;

use crate::{
    arguments::Arguments,
    commands::Command,
    error::CliError,
    shell::Format,
    status::Status,
    view::{View, json},
};

/// The variable with the bearer. Credentials are not looked for by this name, because a token expires
/// within 30 minutes.
const VARIABLE: &str = "KLING_TOKEN";
/// The variable with the time at which it expires, in Unix seconds.
const EXPIRES_AT: &str = "KLING_TOKEN_EXPIRES_AT";

#[derive(Serialize)]
struct Printed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<String>,
    expires_at: Option<u64>,
    source: String,
}

#[derive(Serialize)]
#[expect(non_snake_case, reason = "the fields are the variables")]
struct Variables<'a> {
    KLING_TOKEN: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    KLING_TOKEN_EXPIRES_AT: Option<String>,
}

/// A scrollback is kept, copied and shared, so `--show` is required to write a token there.
pub(crate) fn may_show(
    command: Command,
    arguments: &Arguments,
    view: &View,
) -> Result<(), CliError> {
    if !view.is_terminal || arguments.has("show") {
        return Ok(());
    }
    let name = command.name();
    let example = command.examples()[0];
    let message = format!(
        "`{name}` does not show a token on a terminal, because it would stay in the scrollback: \
         use its output, as in `{example}`, or pass --show",
    );
    Err(CliError::new("ERR_TERMINAL", message, Status::Usage))
}

pub(crate) fn print(
    command: Command,
    auth: &KlingAuth,
    arguments: &Arguments,
    view: &View,
    now: u64,
) -> Result<String, CliError> {
    let token = auth.token_at(now);
    let (bearer, expires_at) = (token.as_str(), token.expires_at());
    let authorization = format!("Bearer {bearer}");
    let source = auth.source();
    Ok(match (command, view.is_json) {
        (Command::Env, true) => json(&Variables {
            KLING_TOKEN: bearer,
            KLING_TOKEN_EXPIRES_AT: expires_at.map(|time| time.to_string()),
        }),
        (Command::Env, false) => {
            let format = Format::named(arguments.text("format")?);
            let expires_at = expires_at.map(|time| format.set(EXPIRES_AT, &time.to_string()));
            format.set(VARIABLE, bearer) + &expires_at.unwrap_or_default()
        }
        (Command::Header, true) => {
            let authorization = Some(authorization);
            json(&Printed { token: None, authorization, expires_at, source })
        }
        (Command::Header, false) => format!("Authorization: {authorization}\n"),
        (_, true) => {
            json(&Printed { token: Some(bearer), authorization: None, expires_at, source })
        }
        (_, false) => format!("{bearer}\n"),
    })
}

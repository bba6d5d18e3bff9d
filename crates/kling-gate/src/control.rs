//! `/_gate/…`: how a test in any language controls the gate. Not authenticated and not logged.
//!
//! | | |
//! |---|---|
//! | `GET /_gate/answers` | the scripted answers that are left, the next one first |
//! | `PUT`, `POST /_gate/answers` | replaces them, or adds more; the body is a list in the form of `notation` |
//! | `DELETE /_gate/answers` | removes them |
//! | `POST /_gate/refuse` | the next requests are refused: `{"code": 1004, "times": 1, "message": …}` |
//! | `GET`, `PUT /_gate/skew` | by how many seconds the server's clock is ahead of the client's: an integer |
//! | `GET`, `PUT /_gate/time` | by how many seconds a test has moved the time of both: a number |
//! | `GET`, `PUT /_gate/date` | whether answers have a `Date`: `true` or `false` |
//! | `GET`, `PUT /_gate/region` | the region of this host: a text, or `null` for one that knows every account |
//! | `GET`, `PUT /_gate/slow` | by how many seconds each answer is delayed: a number up to 30 |
//! | `GET`, `PUT /_gate/tasks` | how new tasks proceed: `{"seconds": 0, "looks": 0, "fails": false}` |
//! | `GET`, `PUT /_gate/limits` | the account's limits: `{"parallel": null, "total": null}` |
//! | `PUT /_gate/accounts` | the accounts that are known: the JSON of `--accounts` |
//! | `POST /_gate/rotate` | a new account; the earlier ones are refused from now on |
//! | `GET`, `DELETE /_gate/log` | the requests received |
//! | `GET`, `DELETE /_gate/callbacks` | the callbacks that were sent |
//! | `POST /_gate/callbacks` | a callback, signed and not sent: `{"task_id": …}`, by default of the newest task |

use std::time::Duration;

use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::accounts::Accounts;
use crate::body::Response;
use crate::door::Door;
use crate::envelope::json_response;
use crate::notation::MAX_WAIT;

const RESOURCES: &str = "the gate has answers (GET, PUT, POST, DELETE), refuse (POST), \
                         skew, time, date, region, slow, tasks, limits (GET, PUT), \
                         accounts (PUT), rotate (POST), log (GET, DELETE) and \
                         callbacks (GET, POST, DELETE)";

/// About 31,000 years: as far as the gate's clock can be moved.
const LATEST: Duration = Duration::from_secs(1_000_000_000_000);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusals {
    code: u16,
    #[serde(default = "once")]
    times: usize,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reported {
    task_id: Option<String>,
}

/// A change is answered with the new value.
pub(crate) fn answer(door: &Door, method: &Method, resource: &str, body: &[u8]) -> Response {
    if *method != Method::GET {
        match change(door, method, resource, body) {
            Ok(None) => {}
            Ok(Some(answer)) => return json_response(StatusCode::OK, &answer),
            Err(Refusal { status, reason }) => {
                return json_response(status, &json!({ "error": reason }));
            }
        }
    }
    match value(door, resource) {
        Some(value) => json_response(StatusCode::OK, &value),
        None => json_response(StatusCode::NOT_FOUND, &json!({ "error": RESOURCES })),
    }
}

/// Why a change is refused.
struct Refusal {
    status: StatusCode,
    reason: String,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self { status: StatusCode::BAD_REQUEST, reason }
    }
}

fn value(door: &Door, resource: &str) -> Option<Value> {
    Some(match resource {
        "answers" => door.script.to_json(),
        "skew" => json!(door.clocks.skew()),
        "time" => json!(door.clocks.moved().as_secs_f64()),
        "date" => json!(door.dates()),
        "region" => json!(door.region()),
        "slow" => json!(door.slow().as_secs_f64()),
        "tasks" => json!(door.tasks.settings()),
        "limits" => json!(door.tasks.limits()),
        "log" => json!(door.log.list()),
        "callbacks" => json!(door.callbacks.list()),
        _ => return None,
    })
}

/// Makes a change. `None`: the answer is the resource's new value.
fn change(
    door: &Door,
    method: &Method,
    resource: &str,
    body: &[u8],
) -> Result<Option<Value>, Refusal> {
    match (method.as_str(), resource) {
        ("PUT", "answers") => door.script.replace(list(body)?)?,
        ("POST", "answers") => door.script.append(list(body)?)?,
        ("DELETE", "answers") => door.script.clear(),
        ("POST", "refuse") => {
            let Refusals { code, times, message } =
                parse(body, resource, "an object with code and, if you like, times and message")?;
            door.refuse(code, times, message.as_deref())?;
            return Ok(Some(door.script.to_json()));
        }
        ("PUT", "skew") => door.clocks.set_skew(parse(body, resource, "an integer: seconds")?),
        ("PUT", "time") => {
            door.clocks.set_moved(seconds(body, resource, LATEST)?);
            door.progress.notify_one();
        }
        ("PUT", "date") => door.set_dates(parse(body, resource, "true or false")?),
        ("PUT", "region") => {
            door.set_region(parse(body, resource, "the name of a region, or null")?)?;
        }
        ("PUT", "slow") => door.set_slow(seconds(body, resource, MAX_WAIT)?),
        ("PUT", "tasks") => door.tasks.set_settings(parse(
            body,
            resource,
            "an object with any of seconds, looks (integers) and fails (true or false)",
        )?),
        ("PUT", "limits") => door.tasks.set_limits(parse(
            body,
            resource,
            "an object with any of parallel and total (integers, or null for no limit)",
        )?),
        ("PUT", "accounts") => {
            let json = str::from_utf8(body).map_err(|error| error.to_string())?;
            let accounts: Accounts = json.parse().map_err(|error| format!("{error}"))?;
            door.set_accounts(accounts);
            return Ok(Some(Value::Null));
        }
        ("POST", "rotate") => return Ok(Some(json!(door.rotate()))),
        ("DELETE", "log") => door.log.clear(),
        ("POST", "callbacks") => {
            let expected = "an object with the task_id of a task, or {}";
            let Reported { task_id } = parse(body, resource, expected)?;
            return Ok(Some(json!(door.callback(task_id.as_deref()).map_err(str::to_owned)?)));
        }
        ("DELETE", "callbacks") => door.callbacks.clear(),
        _ => {
            let reason = RESOURCES.to_owned();
            return Err(Refusal { status: StatusCode::NOT_FOUND, reason });
        }
    }
    Ok(None)
}

fn once() -> usize {
    1
}

fn list(body: &[u8]) -> Result<Vec<Value>, String> {
    serde_json::from_slice(body)
        .map_err(|error| format!("answers must be a JSON list of answers: {error}"))
}

/// Parses the value of a resource. An error names the resource: a client in another language has a
/// function of that name.
fn parse<T: DeserializeOwned>(body: &[u8], resource: &str, expected: &str) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|_| format!("{resource} must be {expected}"))
}

fn seconds(body: &[u8], resource: &str, most: Duration) -> Result<Duration, String> {
    let refused = || format!("{resource} must be a number: seconds from 0 to {}", most.as_secs());
    let seconds: f64 = serde_json::from_slice(body).map_err(|_| refused())?;
    Duration::try_from_secs_f64(seconds).ok().filter(|&wait| wait <= most).ok_or_else(refused)
}

//! The API: tasks on the older paths, and the account's costs.
//!
//! Only authenticated requests get here, so every answer from here, even 400 or 404, means that
//! the credentials are valid. The newer paths are in `new_paths`.

use hyper::Method;
use serde_json::{Value, json};

use crate::call::{Call, decoded};
use crate::envelope::Outcome;
use crate::new_paths::NewPath;

/// The first time in milliseconds with 13 digits, September 2001. A smaller number is a time in
/// seconds, a common mistake.
const EARLIEST_MILLISECONDS: u64 = 1_000_000_000_000;

/// What the older paths begin with; the name of one kind of task follows.
const BEFORE_THE_KIND: [&str; 3] = ["/v1/videos/", "/v1/images/", "/v1/audio/"];
/// The kinds whose parameters are checked: enough to find a body that is not the one of a task.
const CHECKED: [&str; 2] = ["/v1/videos/text2video", "/v1/videos/image2video"];

/// One of the older paths.
enum OldPath<'a> {
    /// Creates tasks and lists them.
    Kind,
    /// Returns one task.
    Task(&'a str),
}

impl<'a> OldPath<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let rest = BEFORE_THE_KIND.iter().find_map(|before| path.strip_prefix(before))?;
        let mut names = rest.split('/');
        match (names.next(), names.next(), names.next()) {
            (Some(kind), None, None) if !kind.is_empty() => Some(Self::Kind),
            (Some(kind), Some(id), None) if !kind.is_empty() && !id.is_empty() => {
                Some(Self::Task(id))
            }
            _ => None,
        }
    }
}

/// The outcome of a call, and the envelope's `data`.
pub(crate) fn answer(call: &Call<'_>) -> (Outcome, Value) {
    let path = call.parts.uri.path();
    if let Some(new_path) = NewPath::of(path) {
        return new_path.answer(call);
    }
    match (&call.parts.method, OldPath::of(path)) {
        (&Method::GET, Some(OldPath::Kind)) => call.list(),
        (&Method::POST, Some(OldPath::Kind)) if CHECKED.contains(&path) => {
            call.create_task(&["model_name", "prompt"], Outcome::TASK_PARAMETERS)
        }
        (&Method::POST, Some(OldPath::Kind)) => call.create_task(&[], Outcome::BODY),
        (&Method::GET, Some(OldPath::Task(id))) => match call.look(&decoded(id)) {
            Some(task) => (Outcome::SUCCEED, task),
            None => (Outcome::TASK_UNKNOWN, Value::Null),
        },
        (&Method::GET, None) if path == "/account/costs" => account_costs(call),
        _ => (Outcome::METHOD_UNKNOWN, Value::Null),
    }
}

fn account_costs(call: &Call<'_>) -> (Outcome, Value) {
    match (milliseconds(call, "start_time"), milliseconds(call, "end_time")) {
        (Some(start), Some(end)) if start <= end => {
            let costs = json!({
                "code": 0,
                "msg": "SUCCEED",
                "resource_pack_subscribe_infos": [],
            });
            (Outcome::SUCCEED, costs)
        }
        _ => (Outcome::COSTS_PARAMETERS, Value::Null),
    }
}

/// A time in the query.
fn milliseconds(call: &Call<'_>, name: &str) -> Option<u64> {
    call.parameter(name)?.parse().ok().filter(|&time| time >= EARLIEST_MILLISECONDS)
}

//! The newer paths, with the model in the path. They only accept API keys.
//!
//! A token is verified before it is refused, so that an invalid one gets the same code as on other
//! paths. In which order Kling checks is not known; this order is the gate's choice.

use hyper::Method;
use serde_json::{Value, json};

use crate::call::{Call, decoded};
use crate::envelope::Outcome;
use crate::scheme::Scheme;

/// How many ids one query may have.
const MAX_IDS: usize = 20;

const BEFORE_THE_MODEL: [&str; 4] =
    ["/text-to-video/", "/image-to-video/", "/omni-video/", "/motion-control/"];

/// One of the newer paths.
#[derive(Clone, Copy)]
pub(crate) enum NewPath {
    /// Creates tasks and lists them.
    Model,
    /// Returns tasks by their ids.
    Tasks,
}

impl NewPath {
    pub(crate) fn of(path: &str) -> Option<Self> {
        if path == "/tasks" {
            return Some(Self::Tasks);
        }
        let model = BEFORE_THE_MODEL.iter().find_map(|before| path.strip_prefix(before))?;
        (!model.is_empty() && !model.contains('/')).then_some(Self::Model)
    }

    pub(crate) fn answer(self, call: &Call<'_>) -> (Outcome, Value) {
        if matches!(call.scheme, Scheme::Jwt) {
            return (Outcome::KEY_PAIR_UNSUPPORTED, Value::Null);
        }
        match (self, &call.parts.method) {
            (Self::Model, &Method::POST) => {
                call.create_task(&["prompt"], Outcome::PROMPT_PARAMETER)
            }
            (Self::Model, &Method::GET) => call.list(),
            (Self::Tasks, &Method::GET) => tasks(call),
            _ => (Outcome::METHOD_UNKNOWN, Value::Null),
        }
    }
}

/// Unknown ids are left out.
fn tasks(call: &Call<'_>) -> (Outcome, Value) {
    // A query has a plus for a space, and the commas may be encoded as well.
    let given = |name| {
        call.parameter(name)
            .filter(|ids| !ids.is_empty())
            .map(|ids| decoded(&ids.replace('+', " ")))
    };
    match given("task_ids").or_else(|| given("external_task_ids")) {
        Some(ids) if ids.split(',').count() > MAX_IDS => (Outcome::TASKS_TOO_MANY, Value::Null),
        Some(ids) => {
            let tasks: Vec<_> = ids.split(',').filter_map(|id| call.look(id)).collect();
            (Outcome::SUCCEED, json!(tasks))
        }
        None => (Outcome::TASKS_PARAMETERS, Value::Null),
    }
}

//! The API: the guide's endpoint, the same for images, and the account's costs.
//!
//! Only authenticated requests get here, so every answer from here, even 400 or 404, means that
//! the credentials are valid. The newer paths are in `new_paths`.

use hyper::Method;
use hyper::http::request::Parts;
use serde_json::{Value, json};

use crate::envelope::Outcome;
use crate::new_paths::NewPath;
use crate::tasks::{Tasks, host_of_results};
use crate::verify::Scheme;

/// The first time in milliseconds with 13 digits, September 2001. A smaller number is a time in
/// seconds, a common mistake.
const EARLIEST_MILLISECONDS: u64 = 1_000_000_000_000;

/// An authenticated request.
pub(crate) struct Call<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a [u8],
    /// How it was authenticated.
    pub(crate) scheme: Scheme,
    /// The gate's time in Unix seconds.
    pub(crate) now: u64,
    /// The number of the request, used in generated ids.
    pub(crate) serial: u64,
    pub(crate) tasks: &'a Tasks,
}

const VIDEOS: [&str; 2] = ["/v1/videos/text2video", "/v1/videos/image2video"];

impl Call<'_> {
    /// The outcome and the envelope's `data`.
    pub(crate) fn answer(&self) -> (Outcome, Value) {
        let path = self.parts.uri.path();
        if let Some(new_path) = NewPath::of(path) {
            return new_path.answer(self);
        }
        match (&self.parts.method, path) {
            (&Method::GET, path) if VIDEOS.contains(&path) => (Outcome::SUCCEED, json!([])),
            (&Method::POST, path) if VIDEOS.contains(&path) => {
                self.create_task(&["model_name", "prompt"], Outcome::TASK_PARAMETERS)
            }
            (&Method::GET, "/account/costs") => self.account_costs(),
            (&Method::GET, path) => match task_of(path).map(|id| self.look(id)) {
                Some(Some(task)) => (Outcome::SUCCEED, task),
                Some(None) => (Outcome::TASK_UNKNOWN, Value::Null),
                None => (Outcome::METHOD_UNKNOWN, Value::Null),
            },
            _ => (Outcome::METHOD_UNKNOWN, Value::Null),
        }
    }

    /// Creates a task, if each of the required parameters is a string in the body.
    pub(crate) fn create_task(&self, required: &[&str], lacking: Outcome) -> (Outcome, Value) {
        let body: Value = serde_json::from_slice(self.body).unwrap_or_default();
        if !required.iter().all(|name| body[*name].is_string()) {
            return (lacking, Value::Null);
        }
        let external_id = body["external_task_id"].as_str();
        match self.tasks.create(self.serial, external_id, self.now) {
            Some(task) => (Outcome::SUCCEED, task),
            None => (Outcome::TASK_EXISTS, Value::Null),
        }
    }

    /// The current state of a task, or `None` if its id is unknown.
    pub(crate) fn look(&self, id: &str) -> Option<Value> {
        self.tasks.look(id, self.now, &host_of_results(&self.parts.headers))
    }

    fn account_costs(&self) -> (Outcome, Value) {
        match (self.milliseconds("start_time"), self.milliseconds("end_time")) {
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
    fn milliseconds(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok().filter(|&time| time >= EARLIEST_MILLISECONDS)
    }

    /// The value of a name in the query. The values used here need no percent-decoding.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.parts.uri.query()?.split('&');
        let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    }
}

/// The task's id in a path.
fn task_of(path: &str) -> Option<&str> {
    let id = VIDEOS.iter().find_map(|videos| path.strip_prefix(videos)?.strip_prefix('/'))?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

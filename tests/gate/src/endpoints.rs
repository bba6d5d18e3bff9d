//! What lies behind the door: the guide's endpoint, its like for images, the account's costs.
//!
//! Only callers that were let in get here, so anything that is answered here, be it 400 or
//! 404, means a valid credential. The newer paths stand in `new_paths`.

use hyper::Method;
use hyper::http::request::Parts;
use serde_json::{Value, json};

use crate::envelope::Outcome;
use crate::new_paths::NewPath;
use crate::tasks::{Tasks, host_of_results};
use crate::verify::Scheme;

/// The first millisecond count of 13 digits, September 2001. A smaller number is a time in
/// seconds, the usual mistake.
const EARLIEST_MILLISECONDS: u64 = 1_000_000_000_000;

/// A request that was let in.
pub(crate) struct Call<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a [u8],
    /// By what it was let in.
    pub(crate) scheme: Scheme,
    /// The gate's time in Unix seconds.
    pub(crate) now: u64,
    /// The number of the request, from which made-up names are made.
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

    /// A task, if each of the required parameters is a text in the body.
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

    /// A look at a task.
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

    /// The value of a name in the query. The values of interest need no percent-decoding.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.parts.uri.query()?.split('&');
        let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    }
}

/// The id in the path of a task.
fn task_of(path: &str) -> Option<&str> {
    let id = VIDEOS.iter().find_map(|videos| path.strip_prefix(videos)?.strip_prefix('/'))?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

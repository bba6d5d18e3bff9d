//! The tasks that were created, and how each proceeds: enough to poll one to its end.
//!
//! A task is `submitted` when it is created, then `processing`, and in the end `succeed` or `failed`:
//! after a time on the gate's clock, or after a number of queries. The names of statuses and fields
//! are from Kling's documentation of the older paths. The answers of the newer paths are not known;
//! here they are assumed to be the same.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::body::Response;
use crate::envelope::Outcome;

/// How many tasks are stored; older ones are dropped, so that a test of the load can go on.
const CAPACITY: usize = 100_000;

/// How new tasks proceed.
///
/// A task is `processing` until its time has passed and it was queried often enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskSettings {
    /// After how many seconds, on the gate's clock, a task ends.
    pub seconds: u64,
    /// How many queries find a task `processing` before it ends.
    pub looks: u64,
    /// Whether it fails in the end.
    pub fails: bool,
}

/// The limits of the account. Without them, each task is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How many tasks may be unfinished at once; one more is refused with 1303.
    pub parallel: Option<u64>,
    /// How many tasks the resource pack is for; one more is refused with 1102.
    pub total: Option<u64>,
}

/// What a request asks for.
pub(crate) struct Order<'a> {
    /// The path that creates such tasks.
    pub(crate) path: &'a str,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) callback_url: Option<&'a str>,
}

/// The moment of a request.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// The server's time, which its answers show, in Unix seconds.
    pub(crate) shown: u64,
    /// The time by which tasks proceed, in Unix seconds: a skew does not change it.
    pub(crate) elapsed: u64,
}

struct Task {
    id: String,
    path: String,
    external_id: Option<String>,
    /// Taken when the callback is sent.
    callback_url: Option<String>,
    created: Moment,
    settings: TaskSettings,
    looks: u64,
}

/// A task that has ended, and where to report it.
pub(crate) struct Ended {
    pub(crate) task_id: String,
    pub(crate) url: String,
}

pub(crate) struct Tasks(Mutex<Held>);

struct Held {
    list: VecDeque<Task>,
    /// The number of the first task in `list`.
    first: usize,
    /// Ids and external ids, to the number of the task.
    numbers: HashMap<String, usize>,
    settings: TaskSettings,
    limits: Limits,
    /// How many tasks wait for their end to be reported.
    to_report: usize,
}

impl Default for Tasks {
    fn default() -> Self {
        Self(Mutex::new(Held {
            list: VecDeque::new(),
            first: 0,
            numbers: HashMap::new(),
            // The first query finds it at work, the next one done: a poll without a clock ends.
            settings: TaskSettings { looks: 1, ..TaskSettings::default() },
            limits: Limits::default(),
            to_report: 0,
        }))
    }
}

impl Tasks {
    pub(crate) fn settings(&self) -> TaskSettings {
        self.held().settings
    }

    pub(crate) fn set_settings(&self, settings: TaskSettings) {
        self.held().settings = settings;
    }

    pub(crate) fn limits(&self) -> Limits {
        self.held().limits
    }

    pub(crate) fn set_limits(&self, limits: Limits) {
        self.held().limits = limits;
    }

    /// A new task.
    pub(crate) fn create(&self, order: &Order<'_>, now: Moment) -> Result<Value, Outcome> {
        let mut held = self.held();
        if order.external_id.is_some_and(|id| held.numbers.contains_key(id)) {
            return Err(Outcome::TASK_EXISTS);
        }
        held.check_limits(now)?;
        if held.list.len() == CAPACITY {
            held.drop_oldest();
        }
        let number = held.first + held.list.len();
        let task = Task {
            id: format!("gate-task-{number}"),
            path: order.path.to_owned(),
            external_id: order.external_id.map(str::to_owned),
            callback_url: order.callback_url.map(str::to_owned),
            created: now,
            settings: held.settings,
            looks: 0,
        };
        held.numbers.insert(task.id.clone(), number);
        if let Some(id) = &task.external_id {
            held.numbers.insert(id.clone(), number);
        }
        held.to_report += usize::from(task.callback_url.is_some());
        let shown = task.shown("submitted", now, None);
        held.list.push_back(task);
        Ok(shown)
    }

    /// Queries a task by its id or external id. `host` is the host of its result.
    pub(crate) fn look(&self, id: &str, now: Moment, host: &str) -> Option<Value> {
        let mut held = self.held();
        let task = held.find(id)?;
        let status = task.status(now);
        task.looks += 1;
        Some(task.shown(status, now, Some(host)))
    }

    /// One page of the tasks that this path created, the newest first. It is not a query.
    pub(crate) fn page(&self, path: &str, page: Page, now: Moment, host: &str) -> Vec<Value> {
        let held = self.held();
        let own = held.list.iter().rev().filter(|task| task.path == path);
        let shown = own.skip((page.number - 1).saturating_mul(page.size)).take(page.size);
        shown.map(|task| task.shown(task.status(now), now, Some(host))).collect()
    }

    /// The state of a task, by default of the newest, for a callback. It is not a query.
    pub(crate) fn state(
        &self,
        id: Option<&str>,
        now: Moment,
        host: &str,
    ) -> Option<(String, Value)> {
        let mut held = self.held();
        let task = match id {
            Some(id) => held.find(id)?,
            None => held.list.back_mut()?,
        };
        Some((task.id.clone(), task.shown(task.status(now), now, Some(host))))
    }

    /// The tasks that have ended since the last call and want a callback.
    pub(crate) fn ended(&self, now: Moment) -> Vec<Ended> {
        let mut held = self.held();
        if held.to_report == 0 {
            return Vec::new();
        }
        let due = held.list.iter_mut().filter(|task| task.has_ended(now));
        let ended: Vec<_> = due.filter_map(Task::ended).collect();
        held.to_report -= ended.len();
        ended
    }

    /// After how much time the next task with a callback ends, if only time is missing.
    pub(crate) fn next_end(&self, now: Moment) -> Option<Duration> {
        let held = self.held();
        if held.to_report == 0 {
            return None;
        }
        let waiting = held.list.iter().filter(|task| task.callback_url.is_some());
        let lacking = waiting.filter(|task| task.looks >= task.settings.looks);
        let seconds = lacking.map(|task| task.settings.seconds.saturating_sub(task.age(now))).min();
        seconds.map(Duration::from_secs)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // The state is consistent even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn find(&mut self, id: &str) -> Option<&mut Task> {
        let index = self.numbers.get(id)?.checked_sub(self.first)?;
        self.list.get_mut(index)
    }

    fn check_limits(&self, now: Moment) -> Result<(), Outcome> {
        let Limits { parallel, total } = self.limits;
        let created = (self.first + self.list.len()) as u64;
        if total.is_some_and(|total| created >= total) {
            return Err(Outcome::PACK_DEPLETED);
        }
        let unfinished = || self.list.iter().filter(|task| !task.has_ended(now)).count() as u64;
        if parallel.is_some_and(|parallel| unfinished() >= parallel) {
            return Err(Outcome::TOO_MANY_TASKS);
        }
        Ok(())
    }

    fn drop_oldest(&mut self) {
        let Some(task) = self.list.pop_front() else { return };
        self.first += 1;
        self.to_report -= usize::from(task.callback_url.is_some());
        self.numbers.remove(&task.id);
        if let Some(id) = &task.external_id {
            self.numbers.remove(id);
        }
    }
}

impl Task {
    /// In seconds.
    fn age(&self, now: Moment) -> u64 {
        now.elapsed.saturating_sub(self.created.elapsed)
    }

    fn has_ended(&self, now: Moment) -> bool {
        self.age(now) >= self.settings.seconds && self.looks >= self.settings.looks
    }

    fn status(&self, now: Moment) -> &'static str {
        match (self.has_ended(now), self.settings.fails) {
            (false, _) => "processing",
            (true, true) => "failed",
            (true, false) => "succeed",
        }
    }

    fn ended(&mut self) -> Option<Ended> {
        Some(Ended { task_id: self.id.clone(), url: self.callback_url.take()? })
    }

    fn shown(&self, status: &str, now: Moment, host: Option<&str>) -> Value {
        let mut shown = json!({
            "task_id": self.id,
            "task_status": status,
            "task_info": { "external_task_id": self.external_id },
            "created_at": self.created.shown * 1000,
            "updated_at": now.shown * 1000,
        });
        if status == "failed" {
            shown["task_status_msg"] = json!("the gate is set to fail this task");
        }
        if let ("succeed", Some(host)) = (status, host) {
            shown["task_result"] = self.result(host);
        }
        shown
    }

    fn result(&self, host: &str) -> Value {
        if self.path.starts_with("/v1/images/") {
            let url = format!("http://{host}/results/{}.png", self.id);
            return json!({ "images": [{ "index": 0, "url": url }] });
        }
        let url = format!("http://{host}/results/{}.mp4", self.id);
        json!({ "videos": [{ "id": self.id, "url": url, "duration": "5" }] })
    }
}

/// A page of a list.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) size: usize,
}

/// The host of results: the gate under another name than in the request, so that it is another
/// origin.
pub(crate) fn host_of_results(headers: &HeaderMap) -> String {
    other_name(headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default())
}

/// `localhost` for an address, and `127.0.0.1` for `localhost`.
pub(crate) fn other_name(host: &str) -> String {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let other = if name == "localhost" { "127.0.0.1" } else { "localhost" };
    format!("{other}:{port}")
}

/// A result, as a file store answers. The URL contains a signature, so the store refuses an
/// additional `Authorization`. This detects a bearer sent to the wrong host.
pub(crate) fn result(headers: &HeaderMap) -> Response {
    let has_bearer = headers.contains_key(AUTHORIZATION);
    let text = if has_bearer { "Only one auth mechanism allowed" } else { "a video of the gate" };
    let mut response = Response::new(text.to_owned().into());
    if has_bearer {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("video/mp4"));
    response
}

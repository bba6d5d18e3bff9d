//! The tasks that were created, and how each proceeds: enough to poll one to its end.
//!
//! A task proceeds each time it is queried: `submitted` when it is created, `processing` for as
//! many queries as a test sets, then `succeed` or `failed`. The names of statuses and fields are
//! from Kling's documentation of the older paths. The answers of the newer paths are not known; here
//! they are assumed to be the same.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::body::Response;

/// How new tasks proceed.
#[derive(Clone, Copy)]
pub(crate) struct Course {
    /// How many queries find a task `processing` before it is done.
    pub(crate) looks: u64,
    /// Whether it fails in the end.
    pub(crate) fails: bool,
}

impl Default for Course {
    fn default() -> Self {
        Self { looks: 1, fails: false }
    }
}

struct Task {
    id: String,
    external_id: Option<String>,
    /// In milliseconds of the gate's clock.
    created_at: u64,
    course: Course,
    looks: u64,
}

#[derive(Default)]
pub(crate) struct Tasks {
    held: Mutex<Vec<Task>>,
    course: Mutex<Course>,
}

impl Tasks {
    pub(crate) fn course(&self) -> Course {
        *lock(&self.course)
    }

    pub(crate) fn set_course(&self, course: Course) {
        *lock(&self.course) = course;
    }

    /// A new task; `None` if its external id is taken.
    pub(crate) fn create(&self, serial: u64, external_id: Option<&str>, now: u64) -> Option<Value> {
        let course = self.course();
        let mut held = lock(&self.held);
        if external_id.is_some_and(|id| held.iter().any(|task| task.is(id))) {
            return None;
        }
        let id = format!("gate-task-{serial}");
        let external_id = external_id.map(str::to_owned);
        let task = Task { id, external_id, created_at: now * 1000, course, looks: 0 };
        let shown = task.shown("submitted", now, None);
        held.push(task);
        Some(shown)
    }

    /// Queries a task by its id or external id. `host` is the host of its result.
    pub(crate) fn look(&self, id: &str, now: u64, host: &str) -> Option<Value> {
        let mut held = lock(&self.held);
        let task = held.iter_mut().find(|task| task.is(id))?;
        task.looks += 1;
        let status = match task.course {
            Course { looks, .. } if task.looks <= looks => "processing",
            Course { fails: true, .. } => "failed",
            Course { fails: false, .. } => "succeed",
        };
        Some(task.shown(status, now, Some(host)))
    }
}

impl Task {
    fn is(&self, id: &str) -> bool {
        self.id == id || self.external_id.as_deref() == Some(id)
    }

    fn shown(&self, status: &str, now: u64, host: Option<&str>) -> Value {
        let mut shown = json!({
            "task_id": self.id,
            "task_status": status,
            "task_info": { "external_task_id": self.external_id },
            "created_at": self.created_at,
            "updated_at": now * 1000,
        });
        if status == "failed" {
            shown["task_status_msg"] = json!("the gate is set to fail this task");
        }
        if let ("succeed", Some(host)) = (status, host) {
            let url = format!("http://{host}/results/{}.mp4", self.id);
            shown["task_result"] =
                json!({ "videos": [{ "id": self.id, "url": url, "duration": "5" }] });
        }
        shown
    }
}

/// The host of results: the gate under another name than in the request, so that it is another
/// origin.
pub(crate) fn host_of_results(headers: &HeaderMap) -> String {
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
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

/// The state is consistent even after a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

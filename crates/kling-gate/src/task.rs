//! One task: how it proceeds, and what answers show of it.
//!
//! A task is `submitted` when it is created, then `processing`, and in the end `succeed` or `failed`:
//! after a time on the gate's clock, or after a number of queries. The names of statuses and fields
//! are from Kling's documentation of the older paths. The answers of the newer paths are not known;
//! here they are assumed to be the same.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

/// The moment of a request.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// The server's time, which its answers show, in Unix seconds.
    pub(crate) shown: u64,
    /// The time by which tasks proceed, in Unix seconds: a skew does not change it.
    pub(crate) elapsed: u64,
}

pub(crate) struct Task {
    /// Counts the tasks of the gate, from 0.
    pub(crate) number: usize,
    /// The path that created it.
    pub(crate) path: Arc<str>,
    pub(crate) external_id: Option<String>,
    /// Taken when the callback is sent.
    pub(crate) callback_url: Option<String>,
    pub(crate) created: Moment,
    pub(crate) settings: TaskSettings,
    /// How many queries there were.
    pub(crate) looks: u64,
}

impl Task {
    /// Before the number, in an id.
    const PREFIX: &str = "gate-task-";

    /// The number in an id.
    pub(crate) fn number_in(id: &str) -> Option<usize> {
        let number = id.strip_prefix(Self::PREFIX)?.parse().ok()?;
        // Not with zeros or a sign before it.
        (Self::id_of(number) == id).then_some(number)
    }

    fn id_of(number: usize) -> String {
        format!("{}{number}", Self::PREFIX)
    }

    pub(crate) fn id(&self) -> String {
        Self::id_of(self.number)
    }

    pub(crate) fn lacks_queries(&self) -> bool {
        self.looks < self.settings.looks
    }

    /// When its time is over, on the clock by which tasks proceed. A test may set that clock back, so
    /// a task without a time of its own is over at any.
    pub(crate) fn end(&self) -> u64 {
        match self.settings.seconds {
            0 => 0,
            seconds => self.created.elapsed.saturating_add(seconds),
        }
    }

    pub(crate) fn status(&self, now: Moment) -> &'static str {
        match (self.lacks_queries() || self.end() > now.elapsed, self.settings.fails) {
            (true, _) => "processing",
            (false, true) => "failed",
            (false, false) => "succeed",
        }
    }

    pub(crate) fn shown(&self, status: &str, now: Moment, host: Option<&str>) -> Value {
        let mut shown = json!({
            "task_id": self.id(),
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
            let url = format!("http://{host}/results/{}.png", self.id());
            return json!({ "images": [{ "index": 0, "url": url }] });
        }
        let url = format!("http://{host}/results/{}.mp4", self.id());
        json!({ "videos": [{ "id": self.id(), "url": url, "duration": "5" }] })
    }
}

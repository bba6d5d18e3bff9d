//! The tasks that were created: their ids, lists and limits, and which ones are due to be reported.
//!
//! A load test creates very many, so each request looks only at the tasks that it is about.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::envelope::Outcome;
use crate::task::{Moment, Task, TaskSettings};

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

/// A task that has ended, and where to report it.
pub(crate) struct Ended {
    pub(crate) task_id: String,
    pub(crate) url: String,
}

/// A page of a list.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) size: usize,
}

pub(crate) struct Tasks(Mutex<Held>);

struct Held {
    /// How many tasks are kept; older ones are dropped, so that a test of the load can go on.
    kept: usize,
    list: VecDeque<Task>,
    /// The number of the first task in `list`.
    first: usize,
    /// External ids, to the number of the task.
    external_ids: HashMap<String, usize>,
    /// The numbers of the tasks that each path created.
    by_path: HashMap<Arc<str>, VecDeque<usize>>,
    settings: TaskSettings,
    limits: Limits,
    /// How many tasks lack queries.
    unqueried: usize,
    /// The others: when the time of each is over, and its number.
    ends: BTreeSet<(u64, usize)>,
    /// Those of `ends` that are still to be reported.
    reports: BTreeSet<(u64, usize)>,
}

impl Tasks {
    pub(crate) fn new(kept: usize) -> Self {
        Self(Mutex::new(Held {
            // The task of a request is always kept.
            kept: kept.max(1),
            list: VecDeque::new(),
            first: 0,
            external_ids: HashMap::new(),
            by_path: HashMap::new(),
            // The first query finds it at work, the next one done: a poll without a clock ends.
            settings: TaskSettings { looks: 1, ..TaskSettings::default() },
            limits: Limits::default(),
            unqueried: 0,
            ends: BTreeSet::new(),
            reports: BTreeSet::new(),
        }))
    }

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
        if order.external_id.is_some_and(|id| held.number(id).is_some()) {
            return Err(Outcome::TASK_EXISTS);
        }
        held.check_limits(now)?;
        if held.list.len() >= held.kept {
            held.drop_oldest();
        }
        let task = held.new_task(order, now);
        let shown = task.shown("submitted", now, None);
        held.add(task);
        Ok(shown)
    }

    /// Queries a task by its id or external id. `host` is the host of its result.
    pub(crate) fn look(&self, id: &str, now: Moment, host: &str) -> Option<Value> {
        let mut held = self.held();
        let number = held.number(id)?;
        let task = held.task(number);
        let shown = task.shown(task.status(now), now, Some(host));
        held.queried(number);
        Some(shown)
    }

    /// One page of the tasks that this path created, the newest first. It is not a query.
    pub(crate) fn page(&self, path: &str, page: Page, now: Moment, host: &str) -> Vec<Value> {
        let held = self.held();
        let Some(own) = held.by_path.get(path) else { return Vec::new() };
        let before = (page.number - 1).saturating_mul(page.size);
        let tasks = own.iter().rev().skip(before).take(page.size).map(|&number| held.task(number));
        tasks.map(|task| task.shown(task.status(now), now, Some(host))).collect()
    }

    /// The state of a task, by default of the newest, for a callback. It is not a query.
    pub(crate) fn state(
        &self,
        id: Option<&str>,
        now: Moment,
        host: &str,
    ) -> Option<(String, Value)> {
        let held = self.held();
        let task = match id {
            Some(id) => held.task(held.number(id)?),
            None => held.list.back()?,
        };
        Some((task.id(), task.shown(task.status(now), now, Some(host))))
    }

    /// A task that has ended and wants a callback; each only once.
    pub(crate) fn next_ended(&self, now: Moment) -> Option<Ended> {
        let mut held = self.held();
        let (_, number) = *held.reports.first().filter(|(end, _)| *end <= now.elapsed)?;
        held.reports.pop_first();
        let task = held.task_mut(number);
        Some(Ended { task_id: task.id(), url: task.callback_url.take()? })
    }

    /// Whether a task is still to be reported whose queries are over.
    pub(crate) fn has_reports(&self) -> bool {
        !self.held().reports.is_empty()
    }

    /// After how much time the next task with a callback ends, if only time is missing.
    pub(crate) fn next_end(&self, now: Moment) -> Option<Duration> {
        let (end, _) = *self.held().reports.first()?;
        Some(Duration::from_secs(end.saturating_sub(now.elapsed)))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // The state is consistent even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// The number of the task with this id or external id, if it is stored.
    fn number(&self, id: &str) -> Option<usize> {
        let stored = self.first..self.first + self.list.len();
        let by_id = Task::number_in(id).filter(|number| stored.contains(number));
        by_id.or_else(|| self.external_ids.get(id).copied())
    }

    /// A task that is stored.
    fn task(&self, number: usize) -> &Task {
        &self.list[number - self.first]
    }

    fn task_mut(&mut self, number: usize) -> &mut Task {
        &mut self.list[number - self.first]
    }

    fn check_limits(&self, now: Moment) -> Result<(), Outcome> {
        let Limits { parallel, total } = self.limits;
        let created = (self.first + self.list.len()) as u64;
        if total.is_some_and(|total| created >= total) {
            return Err(Outcome::PACK_DEPLETED);
        }
        if parallel.is_some_and(|parallel| self.has_unfinished(parallel, now)) {
            return Err(Outcome::TOO_MANY_TASKS);
        }
        Ok(())
    }

    /// Whether so many tasks are unfinished.
    fn has_unfinished(&self, count: u64, now: Moment) -> bool {
        if count > self.list.len() as u64 {
            return false;
        }
        let Some(besides) = count.checked_sub(self.unqueried as u64 + 1) else { return true };
        let after_now = (Bound::Excluded((now.elapsed, usize::MAX)), Bound::Unbounded);
        let mut lacking_time = self.ends.range(after_now);
        lacking_time.nth(usize::try_from(besides).unwrap_or(usize::MAX)).is_some()
    }

    fn new_task(&mut self, order: &Order<'_>, now: Moment) -> Task {
        let path = match self.by_path.get_key_value(order.path) {
            Some((path, _)) => Arc::clone(path),
            None => Arc::from(order.path),
        };
        Task {
            number: self.first + self.list.len(),
            path,
            external_id: order.external_id.map(str::to_owned),
            callback_url: order.callback_url.map(str::to_owned),
            created: now,
            settings: self.settings,
            looks: 0,
        }
    }

    fn add(&mut self, task: Task) {
        if let Some(id) = &task.external_id {
            self.external_ids.insert(id.clone(), task.number);
        }
        self.by_path.entry(Arc::clone(&task.path)).or_default().push_back(task.number);
        self.unqueried += 1;
        let number = task.number;
        self.list.push_back(task);
        if !self.task(number).lacks_queries() {
            self.lacks_no_query(number);
        }
    }

    fn queried(&mut self, number: usize) {
        let task = self.task_mut(number);
        let lacked = task.lacks_queries();
        task.looks = task.looks.saturating_add(1);
        if lacked && !task.lacks_queries() {
            self.lacks_no_query(number);
        }
    }

    /// From now on, only its time is missing.
    fn lacks_no_query(&mut self, number: usize) {
        let task = self.task(number);
        let end = (task.end(), number);
        if task.callback_url.is_some() {
            self.reports.insert(end);
        }
        self.ends.insert(end);
        self.unqueried -= 1;
    }

    fn drop_oldest(&mut self) {
        let Some(task) = self.list.pop_front() else { return };
        self.first += 1;
        if let Some(id) = &task.external_id {
            self.external_ids.remove(id);
        }
        if let Some(own) = self.by_path.get_mut(&task.path) {
            own.pop_front();
            if own.is_empty() {
                self.by_path.remove(&task.path);
            }
        }
        if task.lacks_queries() {
            self.unqueried -= 1;
        } else {
            let end = (task.end(), task.number);
            self.ends.remove(&end);
            self.reports.remove(&end);
        }
    }
}

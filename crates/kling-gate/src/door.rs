//! The gate's state, and one request to the API: answered from the script, or as Kling does.
//!
//! Everything here is a function of the request and the gate's state. Connections and timeouts
//! are handled by `server`.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONNECTION, DATE, HeaderValue};
use hyper::http::request::Parts;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::accounts::{Account, Accounts};
use crate::body::Response;
use crate::call::Call;
use crate::callbacks::{Callback, Callbacks};
use crate::clock::Clocks;
use crate::config::Config;
use crate::endpoints;
use crate::envelope::{Outcome, json_response};
use crate::log::{Log, Received};
use crate::results;
use crate::script::Script;
use crate::task::Moment;
use crate::tasks::Tasks;
use crate::verify::Bearer;

/// More than any test refuses by one line.
const MAX_TIMES: usize = 10_000;

/// The gate's state, shared by all connections.
pub(crate) struct Door {
    /// The gate under the name that its results have: another origin than its URL.
    results: String,
    known: Mutex<Known>,
    pub(crate) clocks: Clocks,
    /// Whether answers have a `Date`.
    dates: AtomicBool,
    /// In milliseconds: how long each answer is delayed.
    slow: AtomicU64,
    /// Whether each request is also written to stderr.
    echo: bool,
    pub(crate) log: Log,
    pub(crate) script: Script,
    pub(crate) tasks: Tasks,
    pub(crate) callbacks: Callbacks,
    /// Notified when a task may have ended.
    pub(crate) progress: Notify,
    /// Counts the requests, without those for control.
    serial: AtomicU64,
}

/// Who is known at this host.
struct Known {
    accounts: Accounts,
    region: Option<String>,
    /// The demo account, or the latest one that was made.
    account: Account,
    rotations: u64,
}

/// An answer, and how long it is delayed.
pub(crate) struct Reply {
    pub(crate) delay: Duration,
    pub(crate) response: Response,
}

impl Door {
    /// `authority` is the host and port of the gate's URL.
    pub(crate) fn new(config: Config, authority: &str) -> Self {
        let Config { accounts, region, clock, skew, date, kept_tasks, log, address: _ } = config;
        Self {
            results: results::other_name(authority),
            known: Mutex::new(Known { accounts, region, account: Account::demo(), rotations: 0 }),
            clocks: Clocks::new(clock, skew),
            dates: AtomicBool::new(date),
            slow: AtomicU64::new(0),
            echo: log,
            log: Log::default(),
            script: Script::default(),
            tasks: Tasks::new(kept_tasks),
            callbacks: Callbacks::default(),
            progress: Notify::new(),
            serial: AtomicU64::new(0),
        }
    }

    pub(crate) fn dates(&self) -> bool {
        self.dates.load(Ordering::Relaxed)
    }

    pub(crate) fn set_dates(&self, dates: bool) {
        self.dates.store(dates, Ordering::Relaxed);
    }

    pub(crate) fn slow(&self) -> Duration {
        Duration::from_millis(self.slow.load(Ordering::Relaxed))
    }

    pub(crate) fn set_slow(&self, delay: Duration) {
        let milliseconds = delay.as_millis().try_into().unwrap_or(u64::MAX);
        self.slow.store(milliseconds, Ordering::Relaxed);
    }

    pub(crate) fn region(&self) -> Option<String> {
        self.known().region.clone()
    }

    pub(crate) fn set_region(&self, region: Option<String>) -> Result<(), String> {
        let mut known = self.known();
        known.accounts.check_region(region.as_deref())?;
        known.region = region;
        Ok(())
    }

    pub(crate) fn set_accounts(&self, accounts: Accounts) {
        self.known().accounts = accounts;
    }

    pub(crate) fn account(&self) -> Account {
        self.known().account.clone()
    }

    /// A new account in the place of those that were known.
    pub(crate) fn rotate(&self) -> Account {
        let mut known = self.known();
        known.rotations += 1;
        // The demo account is the first one.
        known.account = Account::numbered(known.rotations + 1);
        known.accounts = Accounts::only(&known.account);
        known.account.clone()
    }

    /// The next `times` requests are refused with this code of Kling's table.
    pub(crate) fn refuse(
        &self,
        code: u16,
        times: usize,
        message: Option<&str>,
    ) -> Result<(), String> {
        if code == 0 || Outcome::of_code(code).is_none() {
            let codes: Vec<_> = Outcome::refusals().map(|line| line.code.to_string()).collect();
            return Err(format!("no such code; Kling refuses with {}", codes.join(", ")));
        }
        if times > MAX_TIMES {
            return Err(format!("times must be at most {MAX_TIMES}"));
        }
        let mut answer = json!({ "code": code });
        if let Some(message) = message {
            answer["message"] = message.into();
        }
        self.script.append(vec![answer; times])
    }

    /// A callback about a task, by default the newest, or why there is none.
    pub(crate) fn callback(&self, task_id: Option<&str>) -> Result<Callback, &'static str> {
        let found = self.tasks.state(task_id, self.moment(), &self.results);
        let (task_id, state) = found.ok_or(if task_id.is_some() {
            "there is no such task"
        } else {
            "there is no task: the program has to create one first"
        })?;
        Ok(self.callbacks.sign(task_id, &state, self.clocks.now()))
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { shown: self.clocks.now(), elapsed: self.clocks.of_the_client() }
    }

    /// Answers a request to the API.
    pub(crate) fn front(&self, parts: &Parts, body: &[u8]) -> Reply {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let request_id = format!("gate-request-{serial}");
        let bearer = Bearer::read(&parts.headers, parts.uri.path());
        if let Some(answer) = self.script.next() {
            self.record(parts, body, bearer.ok(), answer.status(), answer.code());
            let response = answer.respond(&request_id, self.date());
            return Reply { delay: answer.delay, response };
        }
        let (outcome, data) = self.judge(parts, body, bearer);
        self.record(parts, body, bearer.ok(), outcome.status, Some(outcome.code));
        let response = self.dated(outcome.respond(&request_id, &data));
        Reply { delay: Duration::ZERO, response }
    }

    /// Verifies the bearer first, as Kling does: a caller without one cannot find out which paths
    /// exist.
    fn judge(
        &self,
        parts: &Parts,
        body: &[u8],
        bearer: Result<Bearer<'_>, Outcome>,
    ) -> (Outcome, Value) {
        let now = self.moment();
        let scheme = bearer.and_then(|bearer| {
            let known = self.known();
            bearer.verify(&known.accounts, known.region.as_deref(), now.shown)?;
            Ok(bearer.scheme)
        });
        match scheme {
            Ok(scheme) => {
                let answer =
                    endpoints::answer(&Call { parts, body, scheme, now, tasks: &self.tasks });
                // A query may have been the last one that a task waited for.
                if self.tasks.has_reports() {
                    self.progress.notify_one();
                }
                answer
            }
            Err(refusal) => (refusal, Value::Null),
        }
    }

    /// Answers a request whose body is not read. Kling has no known code for it.
    pub(crate) fn unread(&self, parts: &Parts, status: StatusCode, reason: &str) -> Response {
        let mut response = json_response(status, &json!({ "error": reason }));
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        self.recorded(parts, &[], response)
    }

    /// Answers a request for the result of a task.
    pub(crate) fn result(&self, parts: &Parts, body: &[u8]) -> Response {
        self.recorded(parts, body, results::result(&parts.headers))
    }

    /// Records a request whose answer has no code of Kling's, and dates the answer.
    fn recorded(&self, parts: &Parts, body: &[u8], response: Response) -> Response {
        let bearer = Bearer::read(&parts.headers, parts.uri.path()).ok();
        self.record(parts, body, bearer, response.status(), None);
        self.dated(response)
    }

    fn record(
        &self,
        parts: &Parts,
        body: &[u8],
        bearer: Option<Bearer<'_>>,
        status: StatusCode,
        code: Option<u16>,
    ) {
        let received = Received {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            status: status.as_u16(),
            code,
            scheme: bearer.map_or("none", |bearer| bearer.scheme.name()),
            bearer: None,
            time: self.clocks.now(),
            body: None,
        };
        if self.echo {
            // The request is answered even if stderr is closed.
            let _ = writeln!(io::stderr(), "{received}");
        }
        self.log.push(received, body, bearer.map(Bearer::text));
    }

    /// With the usual `Date`, if answers have one.
    pub(crate) fn dated(&self, mut response: Response) -> Response {
        if let Some(date) = self.date() {
            response.headers_mut().insert(DATE, date);
        }
        response
    }

    fn date(&self) -> Option<HeaderValue> {
        let date = || {
            HeaderValue::from_str(&self.clocks.http_date())
                .expect("an IMF-fixdate is printable ASCII")
        };
        self.dates().then(date)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // The accounts are consistent even after a panic.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Answers one request: from the control resources, from the script, or as Kling does.
//!
//! Everything here is a function of the request and the gate's state. Connections and timeouts
//! are handled by `server`.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{DATE, HeaderValue};
use hyper::http::request::Parts;
use serde_json::Value;

use crate::accounts::Accounts;
use crate::body::Response;
use crate::clock::SkewedClock;
use crate::config::Config;
use crate::control;
use crate::endpoints::Call;
use crate::envelope::Outcome;
use crate::log::{Entry, Log};
use crate::script::Script;
use crate::tasks::{self, Tasks};
use crate::verify::Bearer;

/// The gate's state, shared by all connections.
pub(crate) struct Door {
    accounts: Accounts,
    pub(crate) clock: SkewedClock,
    /// Whether answers have a `Date`.
    dates: AtomicBool,
    /// Whether each request is also written to stderr.
    echo: bool,
    pub(crate) log: Log,
    pub(crate) script: Script,
    pub(crate) tasks: Tasks,
    /// Counts the requests, without those for control.
    serial: AtomicU64,
}

/// An answer, and how long it is delayed.
pub(crate) struct Reply {
    pub(crate) delay: Duration,
    pub(crate) response: Response,
}

impl Door {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            accounts: config.accounts.known_in(config.region.as_deref()),
            clock: SkewedClock::new(config.clock, config.skew),
            dates: AtomicBool::new(config.date),
            echo: config.log,
            log: Log::default(),
            script: Script::default(),
            tasks: Tasks::default(),
            serial: AtomicU64::new(0),
        }
    }

    pub(crate) fn answer(&self, parts: &Parts, body: &[u8]) -> Reply {
        let path = parts.uri.path();
        if let Some(resource) = path.strip_prefix("/_gate/") {
            self.at_once(control::answer(self, &parts.method, resource, body))
        } else if path.starts_with("/results/") {
            let response = tasks::result(&parts.headers);
            self.record(parts, Bearer::read(&parts.headers, path).ok(), response.status(), None);
            self.at_once(response)
        } else {
            self.front(parts, body)
        }
    }

    pub(crate) fn dates(&self) -> bool {
        self.dates.load(Ordering::Relaxed)
    }

    pub(crate) fn set_dates(&self, dates: bool) {
        self.dates.store(dates, Ordering::Relaxed);
    }

    fn front(&self, parts: &Parts, body: &[u8]) -> Reply {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let request_id = format!("gate-request-{serial}");
        let bearer = Bearer::read(&parts.headers, parts.uri.path());
        if let Some(answer) = self.script.next() {
            self.record(parts, bearer.ok(), answer.status(), answer.code());
            let response = answer.respond(&request_id, self.date());
            return Reply { delay: answer.delay, response };
        }
        let (outcome, data) = self.judge(parts, body, bearer, serial);
        self.record(parts, bearer.ok(), outcome.status, Some(outcome.code));
        self.at_once(outcome.respond(&request_id, &data))
    }

    /// Verifies the bearer first, as Kling does: a caller without one cannot find out which paths
    /// exist.
    fn judge(
        &self,
        parts: &Parts,
        body: &[u8],
        bearer: Result<Bearer<'_>, Outcome>,
        serial: u64,
    ) -> (Outcome, Value) {
        let now = self.clock.now();
        let scheme = bearer.and_then(|bearer| {
            bearer.verify(&self.accounts, now)?;
            Ok(bearer.scheme)
        });
        match scheme {
            Ok(scheme) => Call { parts, body, scheme, now, serial, tasks: &self.tasks }.answer(),
            Err(refusal) => (refusal, Value::Null),
        }
    }

    fn record(
        &self,
        parts: &Parts,
        bearer: Option<Bearer<'_>>,
        status: StatusCode,
        code: Option<u16>,
    ) {
        let entry = Entry {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            status: status.as_u16(),
            code,
            scheme: bearer.map_or("none", |bearer| bearer.scheme.name()),
        };
        if self.echo {
            // The request is answered even if stderr is closed.
            let _ = writeln!(io::stderr(), "{entry}");
        }
        self.log.push(entry, bearer.map(Bearer::text));
    }

    /// With the usual `Date`, if answers have one.
    fn at_once(&self, mut response: Response) -> Reply {
        if let Some(date) = self.date() {
            response.headers_mut().insert(DATE, date);
        }
        Reply { delay: Duration::ZERO, response }
    }

    fn date(&self) -> Option<HeaderValue> {
        let date = || {
            HeaderValue::from_str(&self.clock.http_date())
                .expect("an IMF-fixdate is printable ASCII")
        };
        self.dates().then(date)
    }
}

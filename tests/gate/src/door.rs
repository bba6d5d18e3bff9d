//! One request, answered: by the control resources, or at the front door.
//!
//! Everything here is a function of the request and the gate's state. Whoever brings the
//! request, and how slowly, is the server's affair.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{DATE, HeaderValue};
use hyper::http::request::Parts;
use serde_json::Value;

use crate::accounts::Accounts;
use crate::clock::SkewedClock;
use crate::config::Config;
use crate::control;
use crate::endpoints::Call;
use crate::envelope::Outcome;
use crate::log::{Entry, Log};
use crate::verify::Bearer;

pub(crate) type Response = hyper::Response<Full<Bytes>>;

/// The gate's state, shared by all connections.
pub(crate) struct Door {
    accounts: Accounts,
    pub(crate) clock: SkewedClock,
    /// Whether answers carry a `Date`.
    date: bool,
    /// Whether each request is also written to stderr.
    echo: bool,
    pub(crate) log: Log,
    /// Counts the requests at the front door.
    serial: AtomicU64,
}

impl Door {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            accounts: config.accounts,
            clock: SkewedClock::new(config.clock, config.skew),
            date: config.date,
            echo: config.log,
            log: Log::default(),
            serial: AtomicU64::new(0),
        }
    }

    pub(crate) fn answer(&self, parts: &Parts, body: &[u8]) -> Response {
        let mut response = match parts.uri.path().strip_prefix("/_gate/") {
            Some(resource) => control::answer(self, &parts.method, resource, body),
            None => self.front(parts, body),
        };
        if self.date {
            let date = HeaderValue::from_str(&self.clock.http_date())
                .expect("an IMF-fixdate is printable ASCII");
            response.headers_mut().insert(DATE, date);
        }
        response
    }

    /// Verifies the bearer first, as Kling does: a caller without one learns nothing of the
    /// paths behind.
    fn front(&self, parts: &Parts, body: &[u8]) -> Response {
        let now = self.clock.now();
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let bearer = Bearer::read(&parts.headers);
        let scheme = bearer.as_ref().map_or("none", |bearer| bearer.scheme.name());
        let verdict = bearer.and_then(|bearer| bearer.verify(&self.accounts, now));
        let (outcome, data) = match verdict {
            Ok(()) => Call { parts, body, now, serial }.answer(),
            Err(refusal) => (refusal, Value::Null),
        };
        self.record(parts, outcome, scheme);
        outcome.respond(&format!("gate-request-{serial}"), &data)
    }

    fn record(&self, parts: &Parts, outcome: Outcome, scheme: &'static str) {
        let entry = Entry {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            status: outcome.status.as_u16(),
            code: outcome.code,
            scheme,
        };
        if self.echo {
            // A closed stderr is no reason to refuse the request.
            let _ = writeln!(io::stderr(), "{entry}");
        }
        self.log.push(entry);
    }
}

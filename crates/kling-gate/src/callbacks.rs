//! Callbacks: a task's state, signed as Kling signs it, for a program under test.
//!
//! The reference library of Standard Webhooks signs, so that an error of the libraries under test
//! cannot hide itself. A task with a `callback_url` is reported once, when it has ended; Kling's
//! retries are not documented. Only URLs on this machine are called, since the URL in a test may be
//! a real server's.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The secret that signs callbacks: public, and only valid at the gate.
pub const DEMO_WEBHOOK_SECRET: &str = "whsec_a2xpbmctZ2F0ZSBkZW1vIHdlYmhvb2sgc2VjcmV0";

/// How long a server may take to answer a callback.
const TIMEOUT: Duration = Duration::from_secs(10);
/// In bytes: how much of an answer is read, for a server that would fail if nobody reads it.
const MAX_ANSWER: usize = 1024 * 1024;
/// How many callbacks are kept; older ones are dropped.
const CAPACITY: usize = 10_000;

/// A signed callback. Its headers and body are what a program verifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Callback {
    /// The task that it reports.
    pub task_id: String,
    /// `content-type`, `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    pub headers: BTreeMap<String, String>,
    /// The task as JSON, to the byte that was signed.
    pub body: String,
}

/// A callback for a task's `callback_url`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentCallback {
    /// The task's `callback_url`.
    pub url: String,
    /// The HTTP status of the answer; `None` if it was not sent, or not answered.
    pub status: Option<u16>,
    /// What was sent.
    #[serde(flatten)]
    pub callback: Callback,
}

#[derive(Default)]
pub(crate) struct Callbacks {
    /// Counts the messages, for their ids.
    serial: AtomicU64,
    sent: Mutex<VecDeque<SentCallback>>,
}

impl Callbacks {
    /// A callback about a task in this state, signed at `now` (Unix seconds).
    pub(crate) fn sign(&self, task_id: String, state: &Value, now: u64) -> Callback {
        let id = format!("gate-message-{}", self.serial.fetch_add(1, Ordering::Relaxed));
        // A space that no serializer writes: a program that verifies what it parsed and wrote again has
        // another text.
        let body = state.to_string().replacen('{', "{ ", 1);
        let timestamp = i64::try_from(now).expect("the clock ends in the year 9999");
        let signature = Webhook::new(DEMO_WEBHOOK_SECRET)
            .and_then(|webhook| webhook.sign(&id, timestamp, body.as_bytes()))
            .expect("the secret is valid");
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id),
            ("webhook-timestamp", now.to_string()),
            ("webhook-signature", signature),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
        Callback { task_id, headers, body }
    }

    /// Sends a callback, and keeps what became of it.
    pub(crate) async fn send(&self, url: String, callback: Callback) {
        let status = timeout(TIMEOUT, post(&url, &callback)).await.ok().flatten();
        let mut sent = self.sent();
        if sent.len() == CAPACITY {
            sent.pop_front();
        }
        sent.push_back(SentCallback { url, status, callback });
    }

    pub(crate) fn list(&self) -> Vec<SentCallback> {
        self.sent().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.sent().clear();
    }

    fn sent(&self) -> MutexGuard<'_, VecDeque<SentCallback>> {
        // The list is consistent even after a panic.
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The HTTP status of the answer. `None` if the URL is not on this machine, or nobody answers.
async fn post(url: &str, callback: &Callback) -> Option<u16> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']);
    let is_loopback = host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if uri.scheme_str() != Some("http") || !is_loopback {
        return None;
    }
    let port = uri.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((host, port)).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    // Ends with the sender.
    tokio::spawn(connection);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = format!("{}{query}", uri.path());
    // Without a user name, which the authority may have.
    let mut request = Request::post(path).header("host", format!("{}:{port}", uri.host()?));
    for (name, value) in &callback.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(callback.body.clone()))).ok()?;
    let response = sender.send_request(request).await.ok()?;
    let status = response.status().as_u16();
    tokio::spawn(timeout(TIMEOUT, Limited::new(response.into_body(), MAX_ANSWER).collect()));
    Some(status)
}

//! A gate with a fixed clock, an HTTP client, and functions that make tokens.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::time::Duration;

use jsonwebtoken::crypto::rust_crypto;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kling_gate::{Clock, Config, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, Gate};
use serde_json::{Value, json};
use ureq::http::{Method, Request};

/// The time of the gates of these tests: 15 January 2027, 08:00:00 UTC.
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) const LIST: &str = "/v1/videos/text2video";

/// The control resources.
pub(crate) const RESOURCES: [&str; 13] = [
    "answers",
    "refuse",
    "skew",
    "time",
    "date",
    "region",
    "slow",
    "tasks",
    "limits",
    "accounts",
    "rotate",
    "log",
    "callbacks",
];

/// A parsed answer.
pub(crate) struct CheckResponse {
    pub(crate) status: u16,
    pub(crate) date: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Value,
}

impl CheckResponse {
    /// What a client reads: status, code, message.
    pub(crate) fn verdict(&self) -> (u16, u64, &str) {
        let code = self.body["code"].as_u64().expect("an integer code");
        (self.status, code, self.body["message"].as_str().expect("a message"))
    }
}

pub(crate) fn gate() -> Gate {
    start(config())
}

pub(crate) fn config() -> Config {
    Config { clock: Clock::new(|| NOW), ..Config::default() }
}

pub(crate) fn start(config: Config) -> Gate {
    Gate::start(config).expect("a gate on a free loopback port")
}

pub(crate) fn address(gate: &Gate) -> SocketAddr {
    gate.url().strip_prefix("http://").unwrap().parse().unwrap()
}

/// `GET` with a bearer.
pub(crate) fn get(url: &str, path: &str, bearer: &str) -> CheckResponse {
    send(&Method::GET, url, path, Some(&format!("Bearer {bearer}")), None)
}

pub(crate) fn send(
    method: &Method,
    url: &str,
    path: &str,
    authorization: Option<&str>,
    body: Option<&str>,
) -> CheckResponse {
    try_send(method, url, path, authorization, body).expect("an answer of the gate")
}

/// A request to the gate's control resources.
pub(crate) fn control(
    method: &Method,
    url: &str,
    resource: &str,
    body: Option<&str>,
) -> CheckResponse {
    send(method, url, &format!("/_gate/{resource}"), None, body)
}

/// Sets the scripted answers.
pub(crate) fn script(gate: &Gate, answers: &Value) {
    let answer = control(&Method::PUT, gate.url(), "answers", Some(&answers.to_string()));
    assert_eq!((answer.status, &answer.body), (200, answers));
}

pub(crate) fn log(gate: &Gate) -> Value {
    control(&Method::GET, gate.url(), "log", None).body
}

/// Reads a control resource.
pub(crate) fn read(gate: &Gate, resource: &str) -> Value {
    let answer = control(&Method::GET, gate.url(), resource, None);
    assert_eq!(answer.status, 200, "{resource}: {}", answer.body);
    answer.body
}

/// Sets a control resource, and returns its new value.
pub(crate) fn set(gate: &Gate, resource: &str, value: &Value) -> Value {
    let answer = control(&Method::PUT, gate.url(), resource, Some(&value.to_string()));
    assert_eq!(answer.status, 200, "{resource}: {}", answer.body);
    answer.body
}

/// Sends a body that a control resource must refuse, and returns the reason.
pub(crate) fn refused(gate: &Gate, method: &Method, resource: &str, body: &str) -> String {
    let answer = control(method, gate.url(), resource, Some(body));
    assert_eq!(answer.status, 400, "{resource} {body:?}: {}", answer.body);
    answer.body["error"].as_str().expect("a reason").to_owned()
}

/// `POST` with the demo account's API key.
pub(crate) fn post(gate: &Gate, path: &str, body: &Value) -> CheckResponse {
    let authorization = format!("Bearer {DEMO_API_KEY}");
    send(&Method::POST, gate.url(), path, Some(&authorization), Some(&body.to_string()))
}

/// Creates a task with these fields besides those that it needs, and returns its id.
pub(crate) fn create(gate: &Gate, fields: &Value) -> String {
    let mut body = json!({ "model_name": "kling-v1", "prompt": "a cat" });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let answer = post(gate, LIST, &body);
    assert_eq!(answer.verdict(), (200, 0, "SUCCEED"));
    answer.body["data"]["task_id"].as_str().expect("an id").to_owned()
}

/// Queries a task once, and returns its status.
pub(crate) fn status(gate: &Gate, id: &str) -> String {
    let answer = get(gate.url(), &format!("{LIST}/{id}"), DEMO_API_KEY);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["data"]["task_status"].as_str().expect("a status").to_owned()
}

pub(crate) fn try_send(
    method: &Method,
    url: &str,
    path: &str,
    authorization: Option<&str>,
    body: Option<&str>,
) -> Result<CheckResponse, ureq::Error> {
    let mut request = Request::builder().method(method).uri(format!("{url}{path}"));
    if let Some(value) = authorization {
        request = request.header("Authorization", value);
    }
    let mut response = match body {
        Some(body) => agent().run(request.body(body.to_owned())?)?,
        None => agent().run(request.body(())?)?,
    };
    let header = |name| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    Ok(CheckResponse {
        status: response.status().as_u16(),
        date: header("Date"),
        content_type: header("Content-Type"),
        body: serde_json::from_reader(response.body_mut().as_reader()).expect("a body of JSON"),
    })
}

/// A connection without a client, for requests that a client would not send.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(gate: &Gate) -> Self {
        let stream = TcpStream::connect(address(gate)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends header lines, each with its CRLF, and a body; reads the status line and the body
    /// of the answer.
    pub(crate) fn send(&mut self, head: &str, body: &str) -> (String, Value) {
        self.write(head, body);
        let Head { status, length, .. } = self.read_head();
        (status, serde_json::from_slice(&self.read(length.expect("a length"))).expect("JSON"))
    }

    /// Sends header lines to which nothing is added.
    pub(crate) fn send_as_it_is(&mut self, head: &str) -> (String, Value) {
        self.0.get_mut().write_all(format!("{head}\r\n").as_bytes()).unwrap();
        let Head { status, length, .. } = self.read_head();
        (status, serde_json::from_slice(&self.read(length.expect("a length"))).expect("JSON"))
    }

    pub(crate) fn write(&mut self, head: &str, body: &str) {
        self.write_bytes(head, body.as_bytes());
    }

    pub(crate) fn write_bytes(&mut self, head: &str, body: &[u8]) {
        let head = format!("{head}Host: gate\r\nContent-Length: {}\r\n\r\n", body.len());
        self.0.get_mut().write_all(&[head.as_bytes(), body].concat()).unwrap();
    }

    /// Creates tasks, a hundred requests at a time.
    pub(crate) fn post_many(&mut self, numbers: Range<usize>, body: impl Fn(usize) -> Value) {
        let head = format!("POST {LIST} HTTP/1.1\r\nAuthorization: Bearer {DEMO_API_KEY}\r\n");
        for start in numbers.clone().step_by(100) {
            let numbers = start..numbers.end.min(start + 100);
            let requests = numbers.clone().map(|number| {
                let body = body(number).to_string();
                format!("{head}Host: gate\r\nContent-Length: {}\r\n\r\n{body}", body.len())
            });
            let requests: String = requests.collect();
            self.0.get_mut().write_all(requests.as_bytes()).unwrap();
            for _ in numbers {
                let Head { status, length, .. } = self.read_head();
                assert_eq!(status, "HTTP/1.1 200 OK");
                self.read(length.expect("a length"));
            }
        }
    }

    pub(crate) fn read_head(&mut self) -> Head {
        let mut lines = self.0.by_ref().lines().map(Result::unwrap);
        let status = lines.next().expect("a status line");
        let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let length = headers.iter().find_map(|line| content_length(line));
        Head { status, headers, length }
    }

    pub(crate) fn read(&mut self, length: usize) -> Vec<u8> {
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        body
    }

    /// Everything until the end of the connection; a reset is an error.
    pub(crate) fn read_to_end(mut self) -> std::io::Result<Vec<u8>> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).map(|_| rest)
    }
}

/// The head of an answer.
pub(crate) struct Head {
    pub(crate) status: String,
    pub(crate) headers: Vec<String>,
    /// The `Content-Length`.
    pub(crate) length: Option<usize>,
}

fn content_length(line: &str) -> Option<usize> {
    line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(20)))
        .build();
    config.into()
}

/// The guide's token of the demo account, issued at `now`.
pub(crate) fn token(now: u64) -> String {
    sign(&claims(now))
}

/// The guide's claims.
pub(crate) fn claims(now: u64) -> Value {
    json!({ "iss": DEMO_ACCESS_KEY, "exp": now + 1800, "nbf": now - 5 })
}

/// Selects the cryptography of `jsonwebtoken`: if another crate of the workspace enables its other
/// one, it panics without a choice.
pub(crate) fn settle_cryptography() {
    // An error means that one is chosen already.
    let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
}

/// A token of any claims, signed with the demo account's secret key.
pub(crate) fn sign(claims: &Value) -> String {
    sign_with(Algorithm::HS256, claims, DEMO_SECRET_KEY)
}

pub(crate) fn sign_with(algorithm: Algorithm, claims: &Value, secret_key: &str) -> String {
    settle_cryptography();
    let key = EncodingKey::from_secret(secret_key.as_bytes()).expect("a key");
    jsonwebtoken::encode(&Header::new(algorithm), claims, &key).expect("a token")
}

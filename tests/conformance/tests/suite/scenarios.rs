//! `tests/vectors/scenarios.json`: what the gate answers, and how a client with an adapter reacts.
//! Python and Node run the same.

use std::{
    io::{Write, stdout},
    sync::Arc,
};

use http::Method;
use kling_auth::{Credentials, Error, KlingAuth, Verdict};
use kling_conformance::read;
use kling_gate::{Config, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, Gate};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::adapters::{Adapter, Call, Client, Ending, Payload};

const TASK: &str = r#"{"model_name":"kling-v1","prompt":"a cat"}"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    #[serde(default)]
    credential: Credential,
    /// The gate's clock minus the machine's, in seconds.
    #[serde(default)]
    skew: i64,
    /// Whether the gate sends a `Date`.
    #[serde(default = "yes")]
    date: bool,
    #[serde(default = "get")]
    method: String,
    #[serde(default = "list")]
    path: String,
    body: Option<Kind>,
    #[serde(default)]
    host: Host,
    #[serde(default = "none")]
    answers: Value,
    #[serde(default = "none")]
    other_answers: Value,
    #[serde(default = "one")]
    times: usize,
    /// Whether the caller sets the bearer before the adapter sees the request.
    #[serde(default)]
    by_hand: bool,
    expect: Expectation,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Credential {
    #[default]
    KeyPair,
    WrongSecretKey,
    UnknownAccessKey,
    ApiKey,
    UnknownApiKey,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Json,
    Stream,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Host {
    /// The host of the base URL.
    #[default]
    Gate,
    Other,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    status: Option<Value>,
    /// The code that the caller reads from the last response.
    code: Option<u64>,
    error: Option<String>,
    cause: Option<String>,
    action: Option<String>,
    clock_offset: Option<i64>,
    warning: Option<String>,
    /// Status, code and number of the bearer of each request.
    seen: Value,
    #[serde(default = "none")]
    other_seen: Value,
}

fn yes() -> bool {
    true
}

fn get() -> String {
    "GET".to_owned()
}

fn list() -> String {
    "/v1/videos/text2video".to_owned()
}

fn none() -> Value {
    json!([])
}

fn one() -> usize {
    1
}

/// The two hosts of a scenario. The base URL is the first one.
struct Hosts {
    gate: Gate,
    other: Gate,
}

#[test]
fn scenarios() {
    let scenarios: Vec<Scenario> = read("scenarios.json");
    let hosts = Hosts {
        gate: Gate::start(Config::default()).unwrap(),
        other: Gate::start(Config::default()).unwrap(),
    };
    let runtime = Runtime::new().unwrap();
    let adapters: [(&str, Adapter); 2] = [("reqwest", Client::reqwest), ("tower", Client::tower)];
    let run = adapters.map(|(adapter, client)| {
        let run = scenarios.iter().map(|scenario| {
            let auth = Arc::new(scenario.credential.auth(hosts.gate.url()));
            hosts.prepare(scenario);
            let ending = runtime.block_on(scenario.play(&hosts, &auth, &client(&auth)));
            let about = format!("{}, through {adapter}", scenario.name);
            scenario.expect.check(&ending, &auth, &about);
            assert_eq!(seen(&hosts.gate), scenario.expect.seen, "{about}: seen");
            assert_eq!(seen(&hosts.other), scenario.expect.other_seen, "{about}: seen by other");
        });
        format!("{} through {adapter}", run.count())
    });
    // `println!` would only be shown for a failed test.
    writeln!(stdout(), "scenarios: {}", run.join(", ")).unwrap();
}

impl Credential {
    fn auth(self, base_url: &str) -> KlingAuth {
        const UNKNOWN: &str = "0123456789abcdefghijABCDEFGHIJ01";
        let credentials = match self {
            Self::KeyPair => Credentials::key_pair(DEMO_ACCESS_KEY, DEMO_SECRET_KEY),
            Self::WrongSecretKey => Credentials::key_pair(DEMO_ACCESS_KEY, UNKNOWN),
            Self::UnknownAccessKey => Credentials::key_pair(UNKNOWN, DEMO_SECRET_KEY),
            Self::ApiKey => Credentials::api_key(DEMO_API_KEY),
            Self::UnknownApiKey => Credentials::api_key(&format!("api-key-kling-{UNKNOWN}")),
        };
        let builder = KlingAuth::builder().credentials(credentials.unwrap());
        builder.base_url(base_url).build().unwrap()
    }
}

impl Scenario {
    /// Sends all its requests, and returns how the last one ended.
    async fn play(&self, hosts: &Hosts, auth: &KlingAuth, client: &Client) -> Ending {
        for _ in 1..self.times {
            client.send(self.call(hosts, auth)).await;
        }
        client.send(self.call(hosts, auth)).await
    }

    fn call(&self, hosts: &Hosts, auth: &KlingAuth) -> Call {
        let host = match self.host {
            Host::Gate => &hosts.gate,
            Host::Other => &hosts.other,
        };
        Call {
            method: Method::from_bytes(self.method.as_bytes()).unwrap(),
            url: format!("{}{}", host.url(), self.path),
            payload: match self.body {
                None => Payload::default(),
                Some(Kind::Json) => Payload::Replayable(TASK.into()),
                Some(Kind::Stream) => Payload::Stream(TASK.into()),
            },
            authorization: self.by_hand.then(|| auth.authorization()),
        }
    }
}

impl Expectation {
    fn check(&self, ending: &Ending, auth: &KlingAuth, about: &str) {
        let offset = auth.clock_offset();
        if let Some(expected) = self.clock_offset {
            assert!(offset.abs_diff(expected) <= 2, "{about}: clock offset {offset}");
        }
        if let Some(expected) = &self.warning {
            let codes: Vec<_> =
                auth.take_warnings().iter().map(kling_auth::sources::Event::code).collect();
            assert!(codes.contains(&expected.as_str()), "{about}: warnings {codes:?}");
        }
        let error = match ending {
            Ending::Refused(error) => Some(error),
            _ => None,
        };
        assert_eq!(error.map(Error::code), self.error.as_deref(), "{about}: {ending:?}");
        match ending {
            Ending::Broken => assert_eq!(self.status, Some(json!("broken")), "{about}"),
            Ending::Refused(_) => assert_eq!(self.status, None, "{about}"),
            Ending::Response { status, body, verdict } => {
                assert_eq!(Some(json!(status)), self.status, "{about}");
                if let Some(expected) = self.code {
                    let body: Value = serde_json::from_slice(body).expect(about);
                    assert_eq!(body["code"], expected, "{about}: code in the body");
                }
                let last = auth.last_verdict();
                self.check_verdict(last.as_ref(), about);
                // A response that was not refused has no verdict.
                assert_eq!(
                    verdict.as_deref(),
                    last.as_ref().filter(|last| last.status == *status),
                    "{about}: verdict of the response"
                );
            }
        }
    }

    fn check_verdict(&self, verdict: Option<&Verdict>, about: &str) {
        let cause = verdict.map(|verdict| verdict.cause.as_str());
        assert_eq!(cause, self.cause.as_deref(), "{about}: cause");
        if let Some(expected) = &self.action {
            let next = verdict.map(|verdict| verdict.action.as_str());
            assert_eq!(next, Some(expected.as_str()), "{about}: next");
        }
    }
}

impl Hosts {
    fn prepare(&self, scenario: &Scenario) {
        for (host, answers) in
            [(&self.gate, &scenario.answers), (&self.other, &scenario.other_answers)]
        {
            let answers = answers.to_string().replace("{other}", self.other.url());
            put(host, "skew", &scenario.skew.to_string());
            put(host, "date", &scenario.date.to_string());
            put(host, "answers", &answers);
            forget(host);
        }
    }
}

/// Changes a setting of a gate.
pub(crate) fn put(gate: &Gate, resource: &str, json: &str) {
    crate::gate::agent()
        .put(control(gate, resource))
        .send(json)
        .expect("the gate accepts the setting");
}

/// Empties its log.
pub(crate) fn forget(gate: &Gate) {
    crate::gate::agent().delete(control(gate, "log")).call().expect("the gate has a log");
}

/// Status, code and number of the bearer of each request that a gate saw.
pub(crate) fn seen(gate: &Gate) -> Value {
    let text = crate::gate::agent()
        .get(control(gate, "log"))
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    let log: Vec<Value> = serde_json::from_str(&text).unwrap();
    log.iter().map(|entry| json!([entry["status"], entry["code"], entry["bearer"]])).collect()
}

fn control(gate: &Gate, resource: &str) -> String {
    format!("{}/_gate/{resource}", gate.url())
}

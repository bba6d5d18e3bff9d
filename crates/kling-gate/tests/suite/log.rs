//! What the log keeps of a request besides its answer: its time and its body.

use std::time::Duration;

use kling_gate::DEMO_API_KEY;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{Connection, LIST, NOW, gate, get, log, post, read, send, set};

/// In bytes: the longest body that is kept.
const MAX_BODY: usize = 64 * 1024;

/// JSON of this length.
fn text(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length - 2))
}

#[test]
fn bodies_that_are_json() {
    let gate = gate();
    let bodies = [json!({ "a": [1, 2.5, null, "ü"] }), json!([]), json!(1), json!("text")];
    for body in &bodies {
        post(&gate, LIST, body);
    }
    let logged: Vec<_> =
        log(&gate).as_array().unwrap().iter().map(|one| one["body"].clone()).collect();
    assert_eq!(logged, bodies);
    assert_eq!(gate.requests()[0].body.as_ref(), Some(&bodies[0]));
}

#[test]
fn bodies_that_are_not() {
    let gate = gate();
    for body in ["", "no JSON", "{\"a\":", "{} {}", "\u{0}"] {
        send(&Method::POST, gate.url(), LIST, None, Some(body));
    }
    get(gate.url(), LIST, DEMO_API_KEY);
    for entry in log(&gate).as_array().unwrap() {
        assert_eq!(entry["body"], Value::Null);
    }
    assert!(gate.requests().iter().all(|request| request.body.is_none()));
}

#[test]
fn bodies_up_to_64_kib() {
    let gate = gate();
    for length in [MAX_BODY, MAX_BODY + 1] {
        send(&Method::POST, gate.url(), LIST, None, Some(&text(length)));
    }
    let requests = gate.requests();
    let length = |body: &Value| body.as_str().unwrap().len();
    assert_eq!(requests[0].body.as_ref().map(length), Some(MAX_BODY - 2));
    assert_eq!(requests[1].body, None);
}

/// The latest ones stay: a test that uploads much does not fill the memory.
#[test]
fn bodies_of_64_mib_in_all() {
    let gate = gate();
    let mut connection = Connection::open(&gate);
    let body = text(MAX_BODY);
    for number in 0..1030 {
        connection.send(&format!("POST /{number} HTTP/1.1\r\n"), &body);
    }
    let requests = gate.requests();
    assert_eq!((requests.len(), requests[0].path.as_str()), (1024, "/6"));
    assert!(requests.iter().all(|request| request.body.is_some()));
}

#[test]
fn the_time_is_the_servers() {
    let gate = gate();
    for (time, skew) in [(0, 0), (600, 0), (600, -3600)] {
        set(&gate, "time", &json!(time));
        set(&gate, "skew", &json!(skew));
        get(gate.url(), LIST, DEMO_API_KEY);
    }
    let times: Vec<_> = gate.requests().iter().map(|request| request.time).collect();
    assert_eq!(times, [NOW, NOW + 600, NOW - 3000]);
}

#[test]
fn results_are_listed_too() {
    let gate = gate();
    ureq::get(format!("{}/results/a.mp4", gate.url())).call().unwrap();
    let entry = &log(&gate)[0];
    assert_eq!((&entry["path"], &entry["status"]), (&json!("/results/a.mp4"), &json!(200)));
    assert_eq!((&entry["code"], &entry["scheme"]), (&Value::Null, &json!("none")));
}

#[test]
fn control_is_not_listed() {
    let gate = gate();
    gate.advance(Duration::from_secs(1));
    for resource in ["answers", "time", "tasks", "callbacks", "log"] {
        read(&gate, resource);
    }
    assert!(gate.requests().is_empty());
}

//! How a scripted answer is sent: late, in two parts, incomplete; and to methods with no body.

use std::time::{Duration, Instant};

use kling_gate::{DEMO_API_KEY, Gate};
use serde_json::{Value, json};

use crate::harness::{Connection, Head, LIST, gate, get, log, script};

/// Requests the answer of a script with one entry.
fn ask(gate: &Gate, entry: &Value) -> Connection {
    script(gate, &json!([entry]));
    let mut connection = Connection::open(gate);
    connection.write(&format!("GET {LIST} HTTP/1.1\r\n"), "");
    connection
}

#[test]
fn a_delay_comes_before_the_head() {
    let gate = gate();
    let start = Instant::now();
    let head = ask(&gate, &json!({ "delay": 0.3, "code": 5001 })).read_head();
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(head.status, "HTTP/1.1 503 Service Unavailable");
}

#[test]
fn a_delay_does_not_block_other_requests_and_is_logged_at_once() {
    let gate = gate();
    let start = Instant::now();
    let waiting = ask(&gate, &json!({ "delay": 30 }));
    while log(&gate)[0].is_null() {
        assert!(start.elapsed() < Duration::from_secs(20), "the request is not in the log");
    }
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
    drop(gate);
    assert!(waiting.read_to_end().unwrap().is_empty());
    assert!(start.elapsed() < Duration::from_secs(25), "the gate waited for its own delay");
}

#[test]
fn a_stall_comes_between_head_and_body() {
    let gate = gate();
    let start = Instant::now();
    let mut connection = ask(&gate, &json!({ "stall": 3, "body": "{}" }));
    let head = connection.read_head();
    let head_came = Instant::now();
    assert_eq!(head.length, Some(2));
    assert_eq!(connection.read(2), b"{}");
    assert!(start.elapsed() >= Duration::from_secs(3));
    // If they arrived together, this would be almost zero.
    assert!(head_came.elapsed() >= Duration::from_millis(300));
}

#[test]
fn delay_and_stall_add_up() {
    let gate = gate();
    let start = Instant::now();
    let mut connection = ask(&gate, &json!({ "delay": 0.2, "stall": 0.2, "body": "{}" }));
    connection.read_head();
    connection.read(2);
    assert!(start.elapsed() >= Duration::from_millis(400));
}

#[test]
fn a_cut_keeps_half_of_the_promised_length_and_ends_the_connection() {
    for (text, pad) in [("{\"code\": 0}", 0), ("abc", 0), ("a", 0), ("", 7), ("{}", 4 << 20)] {
        let gate = gate();
        let whole = text.len() + pad;
        let mut connection = ask(&gate, &json!({ "cut": true, "body": text, "pad": pad }));
        let Head { status, length, .. } = connection.read_head();
        let body = connection.read_to_end().expect("an orderly end");
        assert_eq!(status, "HTTP/1.1 200 OK");
        assert_eq!(length, Some(whole));
        assert_eq!(body.len(), whole / 2, "{text:?} and {pad}");
        assert!(body.starts_with(&text.as_bytes()[..text.len() / 2]));
        assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200, "the gate still answers");
    }
}

#[test]
fn a_cut_may_follow_a_stall() {
    let gate = gate();
    let start = Instant::now();
    let mut connection = ask(&gate, &json!({ "cut": true, "stall": 0.3, "code": 1004 }));
    let Head { status, length, .. } = connection.read_head();
    assert_eq!(status, "HTTP/1.1 401 Unauthorized");
    let body = connection.read_to_end().unwrap();
    assert_eq!(body.len(), length.unwrap() / 2);
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_cut_is_an_error_to_a_client() {
    let gate = gate();
    script(&gate, &json!([{ "cut": true }]));
    let mut answer = ureq::get(format!("{}{LIST}", gate.url())).call().unwrap();
    assert!(answer.body_mut().read_to_string().is_err());
}

/// The connection can be reused, however the answer is delivered.
#[test]
fn head_is_answered_without_a_body() {
    let gate = gate();
    script(&gate, &json!([null, {}, { "pad": 1000 }, { "stall": 30 }, { "cut": true }]));
    let mut connection = Connection::open(&gate);
    for status in ["HTTP/1.1 401 Unauthorized"].into_iter().chain(["HTTP/1.1 200 OK"; 4]) {
        connection.write(&format!("HEAD {LIST} HTTP/1.1\r\n"), "");
        let head = connection.read_head();
        assert_eq!(head.status, status);
        assert!(head.length.is_some_and(|length| length > 0));
    }
    connection.write("HEAD /_gate/log HTTP/1.1\r\n", "");
    assert_eq!(connection.read_head().status, "HTTP/1.1 404 Not Found");
    let (status, _) = connection.send(&format!("GET {LIST} HTTP/1.1\r\n"), "");
    assert_eq!(status, "HTTP/1.1 401 Unauthorized");
    assert_eq!(log(&gate).as_array().map(Vec::len), Some(6));
}

#[test]
fn head_with_a_key_is_an_unknown_method() {
    let gate = gate();
    let mut connection = Connection::open(&gate);
    let authorization = format!("Authorization: Bearer {DEMO_API_KEY}\r\n");
    for method in ["HEAD", "OPTIONS"] {
        connection.write(&format!("{method} {LIST} HTTP/1.1\r\n{authorization}"), "");
        let head = connection.read_head();
        assert_eq!(head.status, "HTTP/1.1 404 Not Found");
        if method == "OPTIONS" {
            connection.read(head.length.unwrap());
        }
    }
}

#[test]
fn a_status_that_has_no_body_is_sent_without() {
    let gate = gate();
    script(&gate, &json!([{ "status": 204 }, { "status": 304, "cut": true }]));
    let mut connection = Connection::open(&gate);
    for status in ["HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified"] {
        connection.write(&format!("GET {LIST} HTTP/1.1\r\n"), "");
        assert_eq!(connection.read_head().status, status);
    }
    let (status, _) = connection.send(&format!("GET {LIST} HTTP/1.1\r\n"), "");
    assert_eq!(status, "HTTP/1.1 401 Unauthorized");
}

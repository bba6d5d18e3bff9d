//! `refuse`: the next requests are refused as Kling refuses.

use kling_gate::{DEMO_API_KEY, Gate};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::answer::TABLE;
use crate::harness::{CheckResponse, LIST, control, gate, get, read, refused, script};

fn refuse(gate: &Gate, refusal: &Value) -> Value {
    let answer = control(&Method::POST, gate.url(), "refuse", Some(&refusal.to_string()));
    assert_eq!(answer.status, 200, "{refusal}: {}", answer.body);
    answer.body
}

fn ask(gate: &Gate) -> CheckResponse {
    get(gate.url(), LIST, DEMO_API_KEY)
}

#[test]
fn every_code_of_the_table_with_its_status_and_message() {
    let gate = gate();
    for (code, status, message) in TABLE.into_iter().filter(|line| line.0 != 0) {
        refuse(&gate, &json!({ "code": code }));
        let answer = ask(&gate);
        assert_eq!(answer.verdict(), (status, code, message));
        assert!(answer.body["request_id"].is_string());
        assert_eq!(ask(&gate).status, 200, "once by default");
    }
}

#[test]
fn so_many_times_and_no_more() {
    let gate = gate();
    refuse(&gate, &json!({ "code": 1303, "times": 3 }));
    assert_eq!([(); 5].map(|()| ask(&gate).verdict().1), [1303, 1303, 1303, 0, 0]);
    assert_eq!(refuse(&gate, &json!({ "code": 1303, "times": 0 })), json!([]));
    assert_eq!(ask(&gate).verdict().1, 0);
}

#[test]
fn with_a_message_of_the_test() {
    let gate = gate();
    let message = "access key is disabled \"\u{7}ü";
    refuse(&gate, &json!({ "code": 1002, "message": message }));
    assert_eq!(ask(&gate).verdict(), (401, 1002, message));
}

#[test]
fn after_the_answers_that_are_left() {
    let gate = gate();
    script(&gate, &json!([null, { "code": 5000 }]));
    let left = refuse(&gate, &json!({ "code": 1302 }));
    assert_eq!(left, json!([null, { "code": 5000 }, { "code": 1302 }]));
    assert_eq!(read(&gate, "answers"), left);
    assert_eq!([(); 4].map(|()| ask(&gate).verdict().1), [0, 5000, 1302, 0]);
}

#[test]
fn a_code_that_kling_does_not_have_is_refused_with_the_list() {
    let gate = gate();
    for code in [0, 1, 999, 1005, 1305, 5003, 65535] {
        let body = json!({ "code": code }).to_string();
        let reason = refused(&gate, &Method::POST, "refuse", &body);
        assert!(reason.starts_with("no such code; Kling refuses with 1000, 1001, "), "{reason}");
        assert!(reason.ends_with(", 5002"), "{reason}");
        assert_eq!(gate.refuse(code, 1).unwrap_err().to_string(), reason);
    }
    assert_eq!(read(&gate, "answers"), json!([]));
}

#[test]
fn what_is_no_refusal_changes_nothing() {
    let gate = gate();
    for (body, fault) in [
        ("", "refuse must be an object"),
        ("1303", "refuse must be an object"),
        ("{}", "refuse must be an object"),
        (r#"{"code": "1303"}"#, "refuse must be an object"),
        (r#"{"code": 65536}"#, "refuse must be an object"),
        (r#"{"code": 1303, "times": -1}"#, "refuse must be an object"),
        (r#"{"code": 1303, "times": 1e30}"#, "refuse must be an object"),
        (r#"{"code": 1303, "count": 1}"#, "refuse must be an object"),
        (r#"{"code": 1303, "times": 10001}"#, "times must be at most 10000"),
        (r#"{"code": 1303, "times": 18446744073709551615}"#, "times must be at most 10000"),
    ] {
        let reason = refused(&gate, &Method::POST, "refuse", body);
        assert!(reason.starts_with(fault), "{body}: {reason}");
    }
    assert_eq!(read(&gate, "answers"), json!([]));
    assert!(gate.refuse(1303, 10_000).is_ok());
    assert!(gate.refuse(1303, 10_001).is_err());
}

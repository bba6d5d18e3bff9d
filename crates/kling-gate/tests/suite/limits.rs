//! The account's limits: unfinished tasks at once, and tasks in all.

use std::time::Duration;

use kling_gate::{DEMO_API_KEY, Gate, Limits};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{LIST, create, gate, get, post, read, refused, set, status};

const PARALLEL: (u16, u64, &str) = (429, 1303, "parallel task over resource pack limit");
const TOTAL: (u16, u64, &str) = (429, 1102, "Resource pack depleted or expired");

fn code(gate: &Gate) -> u64 {
    post(gate, LIST, &json!({ "model_name": "m", "prompt": "p" })).verdict().1
}

#[test]
fn there_are_none_at_first() {
    let gate = gate();
    assert_eq!(read(&gate, "limits"), json!({ "parallel": null, "total": null }));
    assert_eq!([(); 20].map(|()| code(&gate)), [0; 20]);
}

#[test]
fn a_finished_task_makes_room_for_another() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "seconds": 10 }));
    let limits = set(&gate, "limits", &json!({ "parallel": 2 }));
    assert_eq!(limits, json!({ "parallel": 2, "total": null }));
    assert_eq!([(); 3].map(|()| code(&gate)), [0, 0, 1303]);
    let refusal = post(&gate, LIST, &json!({ "model_name": "m", "prompt": "p" }));
    assert_eq!((refusal.verdict(), &refusal.body["data"]), (PARALLEL, &Value::Null));

    gate.advance(Duration::from_secs(9));
    assert_eq!(code(&gate), 1303);
    gate.advance(Duration::from_secs(1));
    assert_eq!([(); 3].map(|()| code(&gate)), [0, 0, 1303]);
}

#[test]
fn tasks_that_lack_queries_are_unfinished() {
    let gate = gate();
    set(&gate, "limits", &json!({ "parallel": 1 }));
    let id = create(&gate, &json!({}));
    gate.advance(Duration::from_secs(1_000_000));
    assert_eq!(code(&gate), 1303);
    status(&gate, &id);
    assert_eq!([code(&gate), code(&gate)], [0, 1303]);
}

#[test]
fn tasks_that_lack_queries_and_time() {
    let gate = gate();
    set(&gate, "limits", &json!({ "parallel": 1 }));
    set(&gate, "tasks", &json!({ "seconds": 10, "looks": 1 }));
    let id = create(&gate, &json!({}));
    status(&gate, &id);
    status(&gate, &id);
    assert_eq!(code(&gate), 1303);
    gate.advance(Duration::from_secs(10));
    assert_eq!([code(&gate), code(&gate)], [0, 1303]);
}

#[test]
fn time_that_is_set_back_makes_tasks_unfinished_again() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "seconds": 10 }));
    set(&gate, "limits", &json!({ "parallel": 1 }));
    create(&gate, &json!({}));
    set(&gate, "time", &json!(10));
    create(&gate, &json!({}));
    set(&gate, "time", &json!(20));
    assert_eq!(code(&gate), 0);
    set(&gate, "time", &json!(5));
    assert_eq!(code(&gate), 1303);
}

#[test]
fn the_total_counts_all_tasks_and_no_refusals() {
    let gate = gate();
    create(&gate, &json!({}));
    let limits = set(&gate, "limits", &json!({ "total": 3 }));
    assert_eq!(limits, json!({ "parallel": null, "total": 3 }));
    assert_eq!(post(&gate, LIST, &json!({})).verdict().1, 1201);
    assert_eq!([(); 3].map(|()| code(&gate)), [0, 0, 1102]);
    gate.advance(Duration::from_secs(1_000_000));
    let refusal = post(&gate, LIST, &json!({ "model_name": "m", "prompt": "p" }));
    assert_eq!(refusal.verdict(), TOTAL);
    gate.set_limits(Limits { total: Some(4), ..Limits::default() });
    assert_eq!([code(&gate), code(&gate)], [0, 1102]);
}

#[test]
fn a_limit_of_nothing_refuses_all() {
    let gate = gate();
    for (limits, refusal) in
        [(json!({ "parallel": 0 }), 1303), (json!({ "total": 0, "parallel": 0 }), 1102)]
    {
        set(&gate, "limits", &limits);
        assert_eq!(code(&gate), refusal);
    }
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
    set(&gate, "limits", &json!({ "parallel": null, "total": null }));
    assert_eq!(code(&gate), 0);
}

#[test]
fn limits_hold_on_the_newer_paths_too() {
    let gate = gate();
    set(&gate, "limits", &json!({ "parallel": 1 }));
    let make = || post(&gate, "/text-to-video/kling-v3", &json!({ "prompt": "p" })).verdict().1;
    assert_eq!([make(), make(), code(&gate)], [0, 1303, 1303]);
}

#[test]
fn limits_as_large_as_an_integer() {
    let gate = gate();
    set(&gate, "limits", &json!({ "parallel": u64::MAX, "total": u64::MAX }));
    assert_eq!(code(&gate), 0);
}

#[test]
fn limits_that_are_none_change_nothing() {
    let gate = gate();
    let before = set(&gate, "limits", &json!({ "parallel": 3, "total": 4 }));
    for body in ["", "null", "1", r#"{"parallel": -1}"#, r#"{"total": 1.5}"#, r#"{"paralel": 1}"#] {
        let reason = refused(&gate, &Method::PUT, "limits", body);
        assert!(reason.contains("parallel and total"), "{reason}");
    }
    assert_eq!(read(&gate, "limits"), before);
}

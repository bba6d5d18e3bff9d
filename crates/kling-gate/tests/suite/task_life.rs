//! How a task proceeds: by time on the gate's clock, by queries, or by both; to success or failure.

use std::time::Duration;

use kling_gate::TaskSettings;
use serde_json::json;
use ureq::http::Method;

use crate::harness::{create, gate, read, refused, set, status};

#[test]
fn by_default_one_query_finds_it_at_work() {
    let gate = gate();
    assert_eq!(read(&gate, "tasks"), json!({ "seconds": 0, "looks": 1, "fails": false }));
    let id = create(&gate, &json!({}));
    assert_eq!([(); 3].map(|()| status(&gate, &id)), ["processing", "succeed", "succeed"]);
}

#[test]
fn fields_that_are_left_out_are_zero() {
    let gate = gate();
    for (settings, whole) in [
        (json!({ "seconds": 600 }), json!({ "seconds": 600, "looks": 0, "fails": false })),
        (json!({ "looks": 3 }), json!({ "seconds": 0, "looks": 3, "fails": false })),
        (json!({ "fails": true }), json!({ "seconds": 0, "looks": 0, "fails": true })),
        (json!({}), json!({ "seconds": 0, "looks": 0, "fails": false })),
    ] {
        assert_eq!(set(&gate, "tasks", &settings), whole);
        assert_eq!(read(&gate, "tasks"), whole);
    }
}

#[test]
fn by_time_to_the_second() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "seconds": 600 }));
    let id = create(&gate, &json!({}));
    for (time, expected) in
        [(json!(0), "processing"), (json!(599.999), "processing"), (json!(600), "succeed")]
    {
        set(&gate, "time", &time);
        assert_eq!(status(&gate, &id), expected, "{time}");
    }
}

#[test]
fn by_queries() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "looks": 3 }));
    let id = create(&gate, &json!({}));
    gate.advance(Duration::from_secs(1_000_000));
    let statuses = [(); 4].map(|()| status(&gate, &id));
    assert_eq!(statuses, ["processing", "processing", "processing", "succeed"]);
}

#[test]
fn by_both_whichever_is_last() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "seconds": 10, "looks": 2 }));
    let [slow, eager] = [(); 2].map(|()| create(&gate, &json!({})));
    assert_eq!([(); 3].map(|()| status(&gate, &eager)), ["processing"; 3]);
    gate.advance(Duration::from_secs(10));
    assert_eq!(status(&gate, &eager), "succeed");
    let statuses = [(); 3].map(|()| status(&gate, &slow));
    assert_eq!(statuses, ["processing", "processing", "succeed"]);
}

#[test]
fn at_once() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    let id = create(&gate, &json!({}));
    assert_eq!(status(&gate, &id), "succeed");
}

#[test]
fn a_failing_one_works_first() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "seconds": 5, "fails": true }));
    let id = create(&gate, &json!({}));
    assert_eq!(status(&gate, &id), "processing");
    gate.advance(Duration::from_secs(5));
    assert_eq!(status(&gate, &id), "failed");
}

#[test]
fn settings_are_those_of_its_creation() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "seconds": 5 }));
    let early = create(&gate, &json!({}));
    set(&gate, "tasks", &json!({ "seconds": 50, "fails": true }));
    let late = create(&gate, &json!({}));
    gate.advance(Duration::from_secs(5));
    assert_eq!([status(&gate, &early), status(&gate, &late)], ["succeed", "processing"]);
}

/// The skew is between client and server; a task's time passes on both.
#[test]
fn a_skew_does_not_move_it() {
    let gate = gate();
    set(&gate, "tasks", &json!({ "seconds": 600 }));
    let id = create(&gate, &json!({}));
    set(&gate, "skew", &json!(3600));
    assert_eq!(status(&gate, &id), "processing");
    gate.advance(Duration::from_secs(600));
    set(&gate, "skew", &json!(-3600));
    assert_eq!(status(&gate, &id), "succeed");
}

/// A test may set the time back between its parts.
#[test]
fn time_that_is_set_back() {
    let gate = gate();
    set(&gate, "time", &json!(1000));
    set(&gate, "tasks", &json!({ "seconds": 10 }));
    let timed = create(&gate, &json!({}));
    set(&gate, "tasks", &json!({}));
    let instant = create(&gate, &json!({}));
    set(&gate, "time", &json!(1010));
    assert_eq!(status(&gate, &timed), "succeed");
    set(&gate, "time", &json!(0));
    assert_eq!([status(&gate, &timed), status(&gate, &instant)], ["processing", "succeed"]);
}

#[test]
fn never_within_any_time() {
    let gate = gate();
    gate.set_tasks(TaskSettings { seconds: u64::MAX, ..TaskSettings::default() });
    assert_eq!(read(&gate, "tasks")["seconds"], json!(u64::MAX));
    let timed = create(&gate, &json!({ "callback_url": "http://127.0.0.1:9/" }));
    gate.set_tasks(TaskSettings { looks: u64::MAX, ..TaskSettings::default() });
    let queried = create(&gate, &json!({ "callback_url": "http://127.0.0.1:9/" }));
    set(&gate, "time", &json!(1e12));
    assert_eq!([status(&gate, &timed), status(&gate, &queried)], ["processing"; 2]);
}

#[test]
fn settings_that_are_none_change_nothing() {
    let gate = gate();
    let before = set(&gate, "tasks", &json!({ "seconds": 7 }));
    for body in [
        "",
        "null",
        "600",
        r#"{"seconds": -1}"#,
        r#"{"seconds": 1.5}"#,
        r#"{"seconds": 18446744073709551616}"#,
        r#"{"looks": "1"}"#,
        r#"{"fails": 1}"#,
        r#"{"course": 1}"#,
    ] {
        let reason = refused(&gate, &Method::PUT, "tasks", body);
        assert!(reason.contains("seconds, looks"), "{reason}");
    }
    assert_eq!(read(&gate, "tasks"), before);
}

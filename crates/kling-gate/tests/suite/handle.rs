//! The public methods of `Gate` have the effect of the control resources.

use std::time::Duration;

use kling_gate::{
    Account, Config, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, Gate, Limits, Refused,
    TaskSettings,
};
use serde_json::{Value, json};

use crate::harness::{LIST, NOW, create, gate, get, post, read, start, status, token};

#[test]
fn settings_are_those_of_the_resources() {
    let gate = gate();
    gate.set_skew(-7);
    gate.advance(Duration::from_millis(1500));
    gate.advance(Duration::from_millis(500));
    gate.set_region(Some("beijing")).unwrap();
    gate.set_slow(Duration::from_millis(1));
    gate.set_tasks(TaskSettings { seconds: 1, looks: 2, fails: true });
    gate.set_limits(Limits { parallel: Some(3), total: None });
    for (resource, value) in [
        ("skew", json!(-7)),
        ("time", json!(2.0)),
        ("region", json!("beijing")),
        ("slow", json!(0.001)),
        ("tasks", json!({ "seconds": 1, "looks": 2, "fails": true })),
        ("limits", json!({ "parallel": 3, "total": null })),
    ] {
        assert_eq!(read(&gate, resource), value, "{resource}");
    }
    gate.set_region(None).unwrap();
    assert_eq!(read(&gate, "region"), Value::Null);
}

#[test]
fn refusals_and_answers_come_in_order() {
    let gate = gate();
    gate.refuse(1303, 2).unwrap();
    gate.answer(json!({ "code": 5000, "message": "own" })).unwrap();
    gate.answer(Value::Null).unwrap();
    let answers = [(); 4].map(|()| get(gate.url(), LIST, DEMO_API_KEY));
    assert_eq!(answers.each_ref().map(|answer| answer.verdict().1), [1303, 1303, 5000, 0]);
    assert_eq!(answers[2].verdict().2, "own");
}

#[test]
fn an_answer_that_is_none_is_refused_with_its_field() {
    let gate = gate();
    for (answer, fault) in [
        (json!({ "sttaus": 1 }), "[0].sttaus: is not a field of an answer"),
        (json!([]), "[0]: must be an object or null"),
    ] {
        let refused: Refused = gate.answer(answer).unwrap_err();
        assert_eq!(refused.to_string(), fault);
    }
}

#[test]
fn requests_are_the_log() {
    let gate = gate();
    get(gate.url(), &format!("{LIST}?secret=1"), &token(NOW));
    post(&gate, LIST, &json!({ "model_name": "m" }));
    let requests = gate.requests();
    assert_eq!(read(&gate, "log"), json!(requests));
    let [first, second] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!((first.method.as_str(), first.path.as_str()), ("GET", LIST));
    assert_eq!((first.status, first.code, first.scheme), (200, Some(0), "jwt"));
    assert_eq!((first.bearer, first.time, &first.body), (Some(1), NOW, &None));
    assert_eq!((second.status, second.code, second.scheme), (400, Some(1201), "api_key"));
    assert_eq!(second.body, Some(json!({ "model_name": "m" })));
}

#[test]
fn the_account_is_the_demo_account_until_it_is_rotated() {
    let gate = gate();
    let Account { access_key, secret_key, api_key } = gate.account();
    assert_eq!([access_key, secret_key, api_key], [DEMO_ACCESS_KEY, DEMO_SECRET_KEY, DEMO_API_KEY]);
    let rotated = gate.rotate();
    assert_eq!(gate.account(), rotated);
    assert_eq!(get(gate.url(), LIST, &rotated.api_key).status, 200);
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 401);
}

#[test]
fn rotations_on_many_threads_leave_one_account_that_is_known() {
    let gate = gate();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..50).for_each(|_| drop(gate.rotate())));
        }
    });
    assert_eq!(get(gate.url(), LIST, &gate.account().api_key).status, 200);
}

#[test]
fn debug_output_has_the_url_alone() {
    let gate = gate();
    let text = format!("{gate:?}");
    assert!(text.contains(gate.url()) && !text.contains(DEMO_SECRET_KEY), "{text}");
}

#[test]
fn gates_are_independent() {
    let [first, second] = [gate(), gate()];
    first.advance(Duration::from_secs(5000));
    first.refuse(1000, 1).unwrap();
    create(&second, &json!({}));
    assert_eq!(read(&second, "time"), json!(0.0));
    assert!(first.requests().is_empty());
    assert!(first.callback(None).is_err());
}

/// A test may use the handle on any thread while the program under test sends requests.
#[test]
fn nothing_blocks_or_panics_on_many_threads() {
    let gate = start(Config::default());
    gate.set_tasks(TaskSettings::default());
    let program = |gate: &Gate| {
        for _ in 0..25 {
            let fields = json!({ "callback_url": format!("{}/hook", gate.url()) });
            let id = create(gate, &fields);
            status(gate, &id);
            get(gate.url(), &format!("{LIST}?pageSize=5"), DEMO_API_KEY);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| program(&gate));
        }
        scope.spawn(|| {
            for step in 0..50 {
                gate.advance(Duration::from_millis(step));
                gate.set_limits(Limits { parallel: Some(1000), total: Some(1_000_000) });
                gate.set_tasks(TaskSettings { seconds: step % 2, ..TaskSettings::default() });
                gate.set_skew(i64::try_from(step % 3).unwrap());
                gate.set_slow(Duration::from_millis(step % 2));
                let _ = (gate.callback(None), gate.callbacks(), gate.requests(), gate.account());
                for resource in ["log", "callbacks", "tasks", "answers"] {
                    read(&gate, resource);
                }
            }
        });
    });
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
}

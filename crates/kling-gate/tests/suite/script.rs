//! The script: which request gets which answer, and which lists are refused.

use kling_gate::DEMO_API_KEY;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{LIST, NOW, control, gate, get, log, script, send, token};

#[test]
fn each_request_gets_the_next_answer_and_then_the_gates_own() {
    let gate = gate();
    script(&gate, &json!([{ "code": 1302 }, null, { "code": 5001 }]));
    let codes = [(); 5].map(|()| get(gate.url(), LIST, DEMO_API_KEY).verdict().1);
    assert_eq!(codes, [1302, 0, 5001, 0, 0]);
}

#[test]
fn null_leaves_a_refusal_to_the_gate() {
    let gate = gate();
    script(&gate, &json!([null, { "code": 0 }]));
    let codes = [(); 2].map(|()| get(gate.url(), LIST, "api-key-unknown").verdict().1);
    assert_eq!(codes, [1002, 0]);
}

#[test]
fn remaining_answers_are_shown_replaced_and_removed() {
    let gate = gate();
    let left = || control(&Method::GET, gate.url(), "answers", None).body;
    assert_eq!(left(), json!([]));

    let answers = json!([{ "delay": 0.001 }, null, { "date": null, "headers": { "X": "y" } }]);
    script(&gate, &answers);
    assert_eq!(left(), answers);
    get(gate.url(), LIST, DEMO_API_KEY);
    assert_eq!(left(), json!([answers[1], answers[2]]));

    script(&gate, &json!([{ "code": 1303 }]));
    assert_eq!(left(), json!([{ "code": 1303 }]));
    assert_eq!(control(&Method::DELETE, gate.url(), "answers", None).body, json!([]));
    assert_eq!(left(), json!([]));
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).verdict().1, 0);
}

#[test]
fn the_control_resources_take_no_answer() {
    let gate = gate();
    script(&gate, &json!([{ "code": 5000 }]));
    for resource in ["skew", "date", "log", "answers", "other"] {
        assert_ne!(control(&Method::GET, gate.url(), resource, None).status, 500);
    }
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 500);
}

#[test]
fn the_log_has_the_answer_and_the_scheme_of_each_request() {
    let gate = gate();
    script(
        &gate,
        &json!([
            { "code": 1004 },
            { "status": 502, "body": "[]" },
            { "code": 1304, "body": "{}" },
            { "message": "fine" },
            { "status": 418, "code": 9999 },
        ]),
    );
    let jwt = format!("Bearer {}", token(NOW));
    let api_key = format!("Bearer {DEMO_API_KEY}");
    for authorization in [Some(&*jwt), Some(&api_key), None, Some("Bearer neither"), Some(&jwt)] {
        send(&Method::GET, gate.url(), LIST, authorization, None);
    }
    let entries = log(&gate);
    let fields = |entry: &Value| {
        ["status", "code", "scheme", "bearer"].map(|name| entry[name].clone()).to_vec()
    };
    let logged: Vec<Vec<Value>> = entries.as_array().unwrap().iter().map(fields).collect();
    assert_eq!(
        json!(logged),
        json!([
            [401, 1004, "jwt", 1],
            [502, null, "api_key", 2],
            [429, 1304, "none", null],
            [200, 0, "none", null],
            [418, 9999, "jwt", 1],
        ])
    );
}

#[test]
fn an_invalid_list_is_refused_with_the_name_of_the_field() {
    let gate = gate();
    let before = json!([{ "code": 1303 }, null]);
    script(&gate, &before);
    for (list, fault) in [
        (json!([{}, { "sttaus": 1 }]), "[1].sttaus: is not a field of an answer"),
        (json!([{ "request_id": "x" }]), "[0].request_id: is not a field of an answer"),
        (json!([1]), "[0]: must be an object or null"),
        (json!([{ "status": "200" }]), "[0].status: invalid type: string"),
        (json!([{ "status": null }]), "[0].status: invalid type: null"),
        (json!([{ "status": 100 }]), "[0].status: must be from 200 to 599"),
        (json!([{ "status": 600 }]), "[0].status: must be from 200 to 599"),
        (json!([{ "code": "1302" }]), "[0].code: invalid type: string"),
        (json!([{ "code": -1 }]), "[0].code: invalid value: integer `-1`"),
        (json!([{ "message": 1 }]), "[0].message: invalid type: integer"),
        (json!([{ "body": {} }]), "[0].body: invalid type: map"),
        (json!([{ "body": "", "data": null }]), "[0].body: takes the place of message and data"),
        (json!([{ "body": "", "message": "" }]), "[0].body: takes the place of message and data"),
        (json!([{ "headers": [] }]), "[0].headers: invalid type: sequence"),
        (json!([{ "headers": { "a": 1 } }]), "[0].headers: invalid type: integer"),
        (json!([{ "headers": { "a b": "" } }]), "[0].headers: a b: is not a header's name"),
        (json!([{ "headers": { "a": "\n" } }]), "[0].headers: a: has a value"),
        (json!([{ "headers": { "Content-Length": "1" } }]), "[0].headers: Content-Length: is"),
        (json!([{ "headers": { "transfer-encoding": "" } }]), "[0].headers: transfer-encoding"),
        (json!([{ "headers": { "Date": "" } }]), "[0].headers: Date: has a field of its own"),
        (json!([{ "date": false }]), "[0].date: invalid type: boolean"),
        (json!([{ "date": "a\r\nb" }]), "[0].date: is a text that no header can have"),
        (json!([{ "pad": 4 * 1024 * 1024 + 1 }]), "[0].pad: must be at most 4194304"),
        (json!([{ "pad": -1 }]), "[0].pad: invalid value"),
        (json!([{ "pad": 1.5 }]), "[0].pad: invalid type: floating point"),
        (json!([{ "delay": 30.001 }]), "[0].delay: must be from 0 to 30 seconds"),
        (json!([{ "delay": -0.1 }]), "[0].delay: must be from 0 to 30 seconds"),
        (json!([{ "stall": 1e300 }]), "[0].stall: must be from 0 to 30 seconds"),
        (json!([{ "stall": "1" }]), "[0].stall: invalid type: string"),
        (json!([{ "cut": 1 }]), "[0].cut: invalid type: integer"),
        (json!([{ "cut": true, "body": "" }]), "[0].cut: an empty body has no half"),
        (json!({ "code": 0 }), "answers must be a JSON list of answers: "),
        (Value::Null, "answers must be a JSON list of answers: "),
    ] {
        let answer = control(&Method::PUT, gate.url(), "answers", Some(&list.to_string()));
        let error = answer.body["error"].as_str().expect("an error");
        assert_eq!(answer.status, 400, "{list}");
        assert!(error.starts_with(fault), "{list}: {error}");
    }
    for body in ["", "[", "[]]"] {
        assert_eq!(control(&Method::PUT, gate.url(), "answers", Some(body)).status, 400);
    }
    let left = control(&Method::GET, gate.url(), "answers", None).body;
    assert_eq!(left, before, "the queue is unchanged");
}

#[test]
fn an_answer_is_sent_for_any_method_and_path() {
    let gate = gate();
    script(&gate, &json!([{ "code": 1203 }, { "code": 1203 }]));
    for (method, path) in [(Method::POST, "/nowhere"), (Method::DELETE, "/")] {
        assert_eq!(send(&method, gate.url(), path, None, None).verdict().1, 1203);
    }
}

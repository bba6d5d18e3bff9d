//! What authenticated requests get.

use kling_gate::DEMO_API_KEY;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{CheckResponse, LIST, NOW, gate, get, send, token};

fn post(url: &str, body: &str) -> CheckResponse {
    send(&Method::POST, url, LIST, Some(&format!("Bearer {}", token(NOW))), Some(body))
}

#[test]
fn lists_no_tasks() {
    let gate = gate();
    let answer = get(gate.url(), &format!("{LIST}?pageNum=1&pageSize=1"), &token(NOW));
    assert_eq!(answer.verdict(), (200, 0, "SUCCEED"));
    assert_eq!(answer.body["data"], json!([]));
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
}

#[test]
fn every_request_has_an_id_of_its_own() {
    let gate = gate();
    let [first, second] = [(); 2].map(|()| get(gate.url(), LIST, DEMO_API_KEY));
    assert!(first.body["request_id"].is_string());
    assert_ne!(first.body["request_id"], second.body["request_id"]);
}

#[test]
fn creates_a_task() {
    let gate = gate();
    let body = r#"{"model_name": "kling-v1", "prompt": "a gate"}"#;
    let [first, second] = [(); 2].map(|()| post(gate.url(), body));
    assert_eq!(first.verdict(), (200, 0, "SUCCEED"));
    assert!(first.body["data"]["task_id"].is_string());
    assert_ne!(first.body["data"]["task_id"], second.body["data"]["task_id"]);
    assert_eq!(first.body["data"]["task_status"], "submitted");
    assert_eq!(first.body["data"]["created_at"], NOW * 1000);
}

#[test]
fn accepts_images_like_texts() {
    let gate = gate();
    let path = "/v1/videos/image2video";
    let list = get(gate.url(), &format!("{path}?pageNum=1&pageSize=1"), &token(NOW));
    assert_eq!((list.verdict(), &list.body["data"]), ((200, 0, "SUCCEED"), &json!([])));

    let post = |body| {
        send(&Method::POST, gate.url(), path, Some(&format!("Bearer {DEMO_API_KEY}")), Some(body))
    };
    let task = post(r#"{"model_name": "kling-v1", "image": "aW1hZ2U=", "prompt": "a gate"}"#);
    assert_eq!(task.verdict(), (200, 0, "SUCCEED"));
    assert_eq!(task.body["data"]["task_status"], "submitted");
    assert_eq!(post("{}").verdict(), (400, 1201, "model_name and prompt are required"));
}

#[test]
fn refuses_a_task_without_its_parameters() {
    let gate = gate();
    for body in [
        "",
        "no JSON",
        "[]",
        r#"{"model_name": "kling-v1"}"#,
        r#"{"prompt": "a gate"}"#,
        r#"{"model_name": 1, "prompt": "a gate"}"#,
    ] {
        let answer = post(gate.url(), body);
        assert_eq!(
            answer.verdict(),
            (400, 1201, "model_name and prompt are required"),
            "body {body:?}"
        );
    }
}

#[test]
fn returns_the_costs_with_the_second_code() {
    let gate = gate();
    let path = "/account/costs?start_time=1799000000000&end_time=1800000000000";
    for bearer in [&token(NOW), DEMO_API_KEY] {
        let answer = get(gate.url(), path, bearer);
        assert_eq!(answer.verdict(), (200, 0, "SUCCEED"));
        assert_eq!(answer.body["data"]["code"], 0);
        assert_eq!(answer.body["data"]["msg"], "SUCCEED");
    }
}

#[test]
fn refuses_costs_without_both_times_in_milliseconds() {
    let gate = gate();
    for query in [
        "",
        "?",
        "?start_time=1799000000000",
        "?end_time=1800000000000",
        "?start_time&end_time=1800000000000",
        "?start_time=yesterday&end_time=1800000000000",
        "?start_time=1799000000000.5&end_time=1800000000000",
        "?start_time=1799000000&end_time=1800000000",
        "?start_time=1800000000001&end_time=1800000000000",
    ] {
        let answer = get(gate.url(), &format!("/account/costs{query}"), &token(NOW));
        let message = "start_time and end_time are required, in milliseconds, and in order";
        assert_eq!(answer.verdict(), (400, 1201, message), "query {query:?}");
    }
}

#[test]
fn knows_no_other_path_and_no_other_method() {
    let gate = gate();
    let authorization = format!("Bearer {}", token(NOW));
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/v1/videos/text2video/"),
        (Method::GET, "/v1/account/costs"),
        (Method::DELETE, LIST),
        (Method::POST, "/account/costs"),
    ] {
        let answer = send(&method, gate.url(), path, Some(&authorization), None);
        assert_eq!(answer.verdict(), (404, 1202, "no such method and path"), "{method} {path}");
        assert_eq!(answer.body["data"], Value::Null);
    }
}

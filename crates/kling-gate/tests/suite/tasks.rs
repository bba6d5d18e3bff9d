//! Tasks, from the request that creates one to the result on another host.

use kling_gate::Gate;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{LIST, NOW, gate, get, send, token};

const TASK: &str = r#"{"model_name":"kling-v1","prompt":"a cat","external_task_id":"order-1"}"#;

fn make(gate: &Gate, body: &str) -> (u16, u64, Value) {
    let authorization = format!("Bearer {}", token(NOW));
    let answer = send(&Method::POST, gate.url(), LIST, Some(&authorization), Some(body));
    (answer.status, answer.body["code"].as_u64().unwrap(), answer.body["data"].clone())
}

fn look(gate: &Gate, id: &str) -> Value {
    get(gate.url(), &format!("{LIST}/{id}"), &token(NOW)).body["data"].clone()
}

#[test]
fn from_submitted_to_a_result() {
    let gate = gate();
    let (_, _, task) = make(&gate, TASK);
    assert_eq!(task["task_status"], "submitted");
    let id = task["task_id"].as_str().unwrap();
    assert_eq!(look(&gate, id)["task_status"], "processing");
    let done = look(&gate, "order-1");
    assert_eq!(
        (done["task_status"].as_str(), &done["task_id"]),
        (Some("succeed"), &task["task_id"])
    );
    let url = done["task_result"]["videos"][0]["url"].as_str().unwrap();
    let (host, path) = url.split_once("/results/").unwrap();
    assert_ne!(host, gate.url(), "another origin");
    // By the address that the gate listens on: `localhost` may resolve to another.
    let path = format!("{}/results/{path}", gate.url());
    assert_eq!(ureq::get(&path).call().unwrap().status(), 200);
    let with_bearer = ureq::get(&path).header("Authorization", "Bearer x").call();
    assert!(matches!(with_bearer, Err(ureq::Error::StatusCode(400))));
}

#[test]
fn as_a_test_sets_it() {
    let gate = gate();
    let settings = json!({ "fails": true }).to_string();
    send(&Method::PUT, gate.url(), "/_gate/tasks", None, Some(&settings));
    let (_, _, task) = make(&gate, TASK);
    let failed = look(&gate, task["task_id"].as_str().unwrap());
    assert_eq!(failed["task_status"], "failed");
    assert_eq!(failed["task_status_msg"], "the gate is set to fail this task");
    let unknown = Some(r#"{"course": 1}"#);
    let answer = send(&Method::PUT, gate.url(), "/_gate/tasks", None, unknown);
    assert_eq!(answer.status, 400);
}

#[test]
fn ids_that_are_not_known_or_are_taken() {
    let gate = gate();
    let answer = get(gate.url(), &format!("{LIST}/42"), &token(NOW));
    assert_eq!(answer.verdict(), (400, 1201, "Task not found by id/external id"));
    assert_eq!(make(&gate, TASK).1, 0);
    assert_eq!(make(&gate, TASK).1, 1201);
}

#[test]
fn on_the_newer_paths() {
    let gate = gate();
    let key = kling_gate::DEMO_API_KEY;
    let authorization = format!("Bearer {key}");
    let path = "/text-to-video/kling-v3";
    let answer = send(&Method::POST, gate.url(), path, Some(&authorization), Some(TASK));
    let id = answer.body["data"]["task_id"].as_str().unwrap().to_owned();
    for status in ["processing", "succeed"] {
        let answer = get(gate.url(), &format!("/tasks?task_ids={id},42"), key);
        let found = answer.body["data"].as_array().unwrap();
        assert_eq!((found.len(), found[0]["task_status"].as_str()), (1, Some(status)));
    }
}

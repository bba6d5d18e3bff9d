//! A callback that is signed and not sent: what it says, and that others accept its signature.

use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use kling_gate::{Callback, Config, DEMO_WEBHOOK_SECRET, TaskSettings};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use ureq::http::{HeaderMap, Method};

use crate::harness::{
    NOW, config, control, create, gate, get, refused, settle_cryptography, start, status,
};

/// The key in `DEMO_WEBHOOK_SECRET`.
const KEY: &[u8] = b"kling-gate demo webhook secret";

fn headers(callback: &Callback) -> HeaderMap {
    let pairs = callback.headers.iter();
    pairs.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<_>()
}

/// By `jsonwebtoken`, with the key as bytes: neither the library nor the notation that signed.
pub(crate) fn is_signed(headers: &dyn Fn(&str) -> String, body: &str) -> bool {
    settle_cryptography();
    let signed = format!("{}.{}.{body}", headers("webhook-id"), headers("webhook-timestamp"));
    let key = EncodingKey::from_secret(KEY).unwrap();
    let signature = crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).unwrap();
    let mut expected = signature.replace('-', "+").replace('_', "/");
    // 32 bytes: the other alphabet, and no padding.
    expected.push('=');
    headers("webhook-signature") == format!("v1,{expected}")
}

#[test]
fn the_specifications_library_accepts_it() {
    // It compares with the machine's clock.
    let gate = start(Config::default());
    create(&gate, &json!({}));
    let callback = gate.callback(None).unwrap();
    let webhook = Webhook::new(DEMO_WEBHOOK_SECRET).unwrap();
    webhook.verify(callback.body.as_bytes(), &headers(&callback)).expect("a valid signature");

    let changed = callback.body.replace("processing", "succeed");
    assert!(webhook.verify(changed.as_bytes(), &headers(&callback)).is_err());
    gate.advance(Duration::from_secs(400));
    let late = gate.callback(None).unwrap();
    assert!(webhook.verify(late.body.as_bytes(), &headers(&late)).is_err(), "by the gate's time");
}

#[test]
fn another_library_makes_the_same_signature() {
    let gate = gate();
    create(&gate, &json!({}));
    for _ in 0..3 {
        let callback = gate.callback(None).unwrap();
        assert!(is_signed(&|name| callback.headers[name].clone(), &callback.body));
        assert!(!is_signed(&|name| callback.headers[name].clone(), "{}"));
    }
}

#[test]
fn it_says_what_a_query_would_without_being_one() {
    let gate = gate();
    let id = create(&gate, &json!({ "external_task_id": "order-1" }));
    for _ in 0..2 {
        let body: Value = serde_json::from_str(&gate.callback(None).unwrap().body).unwrap();
        assert_eq!(body["task_status"], "processing");
    }
    assert_eq!(status(&gate, &id), "processing");
    let callback = gate.callback(None).unwrap();
    let answer =
        get(gate.url(), &format!("/v1/videos/text2video/{id}"), &crate::harness::token(NOW));
    assert_eq!(serde_json::from_str::<Value>(&callback.body).unwrap(), answer.body["data"]);
    assert_eq!(callback.task_id, id);
}

#[test]
fn a_failed_task_says_why() {
    let gate = gate();
    gate.set_tasks(TaskSettings { fails: true, ..TaskSettings::default() });
    create(&gate, &json!({}));
    let body: Value = serde_json::from_str(&gate.callback(None).unwrap().body).unwrap();
    assert_eq!(body["task_status"], "failed");
    assert!(body["task_status_msg"].is_string());
    assert_eq!(body["task_result"], Value::Null);
}

#[test]
fn it_has_four_headers_a_new_id_and_the_servers_time() {
    let gate = start(Config { skew: 60, ..config() });
    create(&gate, &json!({}));
    gate.advance(Duration::from_secs(5));
    let [first, second] = [(); 2].map(|()| gate.callback(None).unwrap());
    let names = ["content-type", "webhook-id", "webhook-signature", "webhook-timestamp"];
    assert_eq!(first.headers.keys().collect::<Vec<_>>(), names);
    assert_eq!(first.headers["content-type"], "application/json");
    assert_eq!(first.headers["webhook-timestamp"], (NOW + 65).to_string());
    assert_ne!(first.headers["webhook-id"], second.headers["webhook-id"]);
}

#[test]
fn of_the_newest_task_or_of_a_named_one() {
    let gate = gate();
    let first = create(&gate, &json!({ "external_task_id": "order-1" }));
    let second = create(&gate, &json!({}));
    for (request, id) in [
        (json!({}), &second),
        (json!({ "task_id": null }), &second),
        (json!({ "task_id": first }), &first),
        (json!({ "task_id": "order-1" }), &first),
    ] {
        let request = request.to_string();
        let answer = control(&Method::POST, gate.url(), "callbacks", Some(&request));
        assert_eq!((answer.status, &answer.body["task_id"]), (200, &json!(id)), "{request}");
        let body: Value = serde_json::from_str(answer.body["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["task_id"], json!(id));
        let header = |name: &str| answer.body["headers"][name].as_str().unwrap().to_owned();
        assert!(is_signed(&header, answer.body["body"].as_str().unwrap()));
    }
    assert_eq!(
        control(&Method::GET, gate.url(), "callbacks", None).body,
        json!([]),
        "none is sent"
    );
}

#[test]
fn of_no_task() {
    let gate = gate();
    let request = |body| refused(&gate, &Method::POST, "callbacks", body);
    let reason = "there is no task: the program has to create one first";
    assert_eq!(request("{}"), reason);
    assert_eq!(gate.callback(None).unwrap_err().to_string(), reason);
    create(&gate, &json!({}));
    assert_eq!(request(r#"{"task_id": "gate-task-1"}"#), "there is no such task");
    assert_eq!(request(r#"{"task_id": ""}"#), "there is no such task");
    for body in ["", "null", "[]", r#"{"task_id": 1}"#, r#"{"task": "x"}"#] {
        assert!(request(body).starts_with("callbacks must be an object"), "{body}");
    }
}

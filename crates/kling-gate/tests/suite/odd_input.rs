//! Requests that no client should send, and more of them than a test would.

use std::ops::Range;
use std::thread::sleep;
use std::time::{Duration, Instant};

use kling_gate::{Config, DEMO_API_KEY, Limits, TaskSettings};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{
    Connection, LIST, RESOURCES, config, control, gate, get, post, read, set, start, try_send,
};

/// More than the callbacks that are kept.
const KEPT: usize = 13_000;

#[test]
fn bodies_of_tasks() {
    let gate = gate();
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let numbers = r#"{"model_name": "m", "prompt": "p", "cfg_scale": 1e999}"#;
    let twice = r#"{"model_name": "m", "prompt": "p", "prompt": 1}"#;
    for body in [deep.as_str(), numbers, twice, "\u{feff}{}", "{\"prompt\": \"\\ud800\"}"] {
        let authorization = format!("Bearer {DEMO_API_KEY}");
        let answer =
            try_send(&Method::POST, gate.url(), LIST, Some(&authorization), Some(body)).unwrap();
        assert_eq!(answer.verdict().1, 1201);
    }
    for fields in [
        json!({ "external_task_id": 1, "callback_url": 2 }),
        json!({ "external_task_id": null, "callback_url": null }),
        json!({ "external_task_id": {}, "callback_url": [] }),
    ] {
        let mut body = json!({ "model_name": "m", "prompt": "p" });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(post(&gate, LIST, &body).verdict().1, 0);
    }
    let long = "x".repeat(900_000);
    let body = json!({ "model_name": "m", "prompt": "p", "external_task_id": long });
    assert_eq!(post(&gate, LIST, &body).verdict().1, 0);
}

#[test]
fn bodies_of_every_control_resource() {
    let gate = gate();
    let bodies = [
        "",
        "null",
        "true",
        "0",
        "-0",
        "1e400",
        "1e-400",
        "\"\"",
        "[]",
        "{}",
        "[[]]",
        "\u{0}",
        "{",
        "9223372036854775808",
        "-9223372036854775809",
        "[null, null]",
        "{\"\": 1}",
        "{} {}",
    ];
    let deep = "[".repeat(100_000);
    for resource in RESOURCES {
        for method in [Method::PUT, Method::POST, Method::DELETE, Method::PATCH] {
            for body in bodies.into_iter().chain([deep.as_str()]) {
                let answer = control(&method, gate.url(), resource, Some(body));
                assert!([200, 400, 404].contains(&answer.status), "{method} {resource} {body}");
                if answer.status != 200 {
                    assert!(answer.body["error"].is_string(), "{method} {resource} {body}");
                }
            }
        }
    }
    for resource in ["answers", "skew", "time", "tasks", "limits", "log", "callbacks"] {
        read(&gate, resource);
    }
}

#[test]
fn control_bodies_that_are_not_text() {
    let gate = gate();
    for resource in RESOURCES {
        let mut connection = Connection::open(&gate);
        let head = format!("PUT /_gate/{resource} HTTP/1.1\r\nContent-Type: x\r\n");
        connection.write_bytes(&head, b"\xff\xfe\"");
        let head = connection.read_head();
        assert!(head.status.contains("40"), "{resource}: {}", head.status);
    }
}

#[test]
fn paths_that_are_almost_those_of_control() {
    let gate = gate();
    for path in [
        "/_gate",
        "//_gate/skew",
        "/_GATE/skew",
        "/%5fgate/skew",
        "/v1/../_gate/skew",
        "/./_gate/skew",
    ] {
        let mut connection = Connection::open(&gate);
        let (status, _) = connection.send(&format!("GET {path} HTTP/1.1\r\n"), "");
        assert_eq!(status, "HTTP/1.1 401 Unauthorized", "{path}");
    }
    for path in ["/_gate/", "/_gate//skew", "/_gate/skew/", "/_gate/../skew", "/_gate/ske%77"] {
        let mut connection = Connection::open(&gate);
        let (status, body) = connection.send(&format!("GET {path} HTTP/1.1\r\n"), "");
        assert_eq!(status, "HTTP/1.1 404 Not Found", "{path}");
        assert!(body["error"].is_string());
    }
}

#[test]
fn targets_that_are_not_paths() {
    let gate = gate();
    let authorization = format!("Authorization: Bearer {DEMO_API_KEY}\r\n");
    for (target, status) in [
        (format!("GET http://other{LIST}"), "HTTP/1.1 200 OK"),
        ("OPTIONS *".to_owned(), "HTTP/1.1 404 Not Found"),
        ("CONNECT other:443".to_owned(), "HTTP/1.1 404 Not Found"),
        (format!("GET {LIST}?pageNum=1#x"), "HTTP/1.1 200 OK"),
        (format!("GET {LIST}/%00"), "HTTP/1.1 400 Bad Request"),
        (format!("GET {LIST}/../../etc"), "HTTP/1.1 404 Not Found"),
        (format!("BREW {LIST}"), "HTTP/1.1 404 Not Found"),
    ] {
        let mut connection = Connection::open(&gate);
        let head = format!("{target} HTTP/1.1\r\n{authorization}");
        assert_eq!(connection.send(&head, "").0, status, "{target}");
    }
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
}

#[test]
fn hosts_of_results() {
    let gate = gate();
    gate.set_tasks(TaskSettings::default());
    let id = crate::harness::create(&gate, &json!({}));
    let authorization = format!("Authorization: Bearer {DEMO_API_KEY}\r\n");
    for (host, expected) in [
        ("localhost:80", "127.0.0.1:80"),
        ("127.0.0.1:8080", "localhost:8080"),
        ("[::1]:8080", "localhost:8080"),
        ("[::1]", "localhost:80"),
        ("gate", "localhost:80"),
        ("gate:x", "localhost:80"),
        ("", "localhost:80"),
    ] {
        let mut connection = Connection::open(&gate);
        let head = format!("GET {LIST}/{id} HTTP/1.1\r\n{authorization}Host: {host}\r\n");
        let (_, body) = connection.send_as_it_is(&head);
        let url = body["data"]["task_result"]["videos"][0]["url"].as_str().unwrap();
        assert_eq!(url, format!("http://{expected}/results/{id}.mp4"), "{host}");
    }
}

#[test]
fn more_tasks_than_are_kept() {
    let gate = start(Config { kept_tasks: KEPT, ..config() });
    gate.set_tasks(TaskSettings { seconds: 60, ..TaskSettings::default() });
    gate.set_limits(Limits { parallel: Some(u64::MAX), total: Some(u64::MAX) });
    let mut connection = Connection::open(&gate);
    let mut create = |name: &str, numbers: Range<usize>, callback_url: Option<&str>| {
        connection.post_many(numbers, |number| {
            let external = format!("{name}-{number}");
            json!({ "model_name": "m", "prompt": "p", "external_task_id": external,
                    "callback_url": callback_url })
        });
    };
    let elsewhere = Some("http://192.0.2.1/");
    create("early", 0..1_000, elsewhere);
    create("later", 0..1_000, None);
    create("later", 1_000..KEPT - 1_000, elsewhere);
    let answer = |id: &str| get(gate.url(), &format!("{LIST}/{id}"), DEMO_API_KEY);
    assert_eq!(answer("early-0").body["data"]["task_id"], "gate-task-0");
    create("latest", 0..1_000, elsewhere);

    for gone in ["gate-task-0", "gate-task-999", "early-0", "early-999"] {
        assert_eq!(answer(gone).verdict().1, 1201, "{gone}");
    }
    for (id, external) in [
        ("gate-task-1000", "later-0"),
        ("gate-task-12999", "later-11999"),
        ("gate-task-13000", "latest-0"),
        ("gate-task-13999", "latest-999"),
    ] {
        assert_eq!(answer(id).body["data"]["task_info"]["external_task_id"], external);
        assert_eq!(answer(external).body["data"]["task_id"], id);
    }
    let tasks = |query: &str| get(gate.url(), &format!("{LIST}?{query}"), DEMO_API_KEY).body;
    assert_eq!(tasks("pageSize=1")["data"][0]["task_id"], "gate-task-13999");
    let last_page = tasks("pageSize=100&pageNum=130")["data"].clone();
    assert_eq!(last_page[99]["task_id"], "gate-task-1000");

    // The callbacks of 12,000 are due; the gate keeps the latest of them.
    set(&gate, "time", &json!(60));
    let start = Instant::now();
    while gate.callbacks().last().is_none_or(|sent| sent.callback.task_id != "gate-task-13999") {
        assert!(start.elapsed() < Duration::from_secs(90));
        assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
        sleep(Duration::from_millis(100));
    }
    assert_eq!(gate.callbacks().len(), 10_000);
}

#[test]
fn a_long_script_and_a_long_log() {
    let gate = gate();
    let answers = Value::Array(vec![json!({ "code": 1303 }); 40_000]);
    set(&gate, "answers", &answers);
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).verdict().1, 1303);
    assert_eq!(read(&gate, "answers").as_array().map(Vec::len), Some(39_999));
}

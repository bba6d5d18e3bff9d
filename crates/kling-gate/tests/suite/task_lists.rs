//! Lists of tasks and their pages, the ids of tasks, and kinds of tasks.

use kling_gate::{DEMO_API_KEY, Gate};
use serde_json::{Value, json};

use crate::harness::{LIST, NOW, create, gate, get, post, set, status};

const PAGES: &str = "pageNum must be from 1 to 1000, and pageSize from 1 to 500";

/// The ids in a list.
fn ids(gate: &Gate, path: &str) -> Vec<String> {
    let answer = get(gate.url(), path, DEMO_API_KEY);
    assert_eq!(answer.verdict(), (200, 0, "SUCCEED"), "{path}");
    let tasks = answer.body["data"].as_array().expect("a list").iter();
    tasks.map(|task| task["task_id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn the_newest_comes_first() {
    let gate = gate();
    let mut made: Vec<_> = (0..3).map(|_| create(&gate, &json!({}))).collect();
    made.reverse();
    assert_eq!(ids(&gate, LIST), made);
}

#[test]
fn pages_have_thirty_or_as_many_as_wanted() {
    let gate = gate();
    let mut made: Vec<_> = (0..35).map(|_| create(&gate, &json!({}))).collect();
    made.reverse();
    for (query, range) in [
        ("", 0..30),
        ("?pageNum=1", 0..30),
        ("?pageNum=2", 30..35),
        ("?pageNum=3", 0..0),
        ("?pageSize=500", 0..35),
        ("?pageNum=2&pageSize=10", 10..20),
        ("?pageSize=10&pageNum=4", 30..35),
        ("?pageNum=1000&pageSize=500", 0..0),
        ("?pageNum=35&pageSize=1", 34..35),
    ] {
        assert_eq!(ids(&gate, &format!("{LIST}{query}")), made[range], "{query}");
    }
}

#[test]
fn pages_beyond_klings_limits_are_refused() {
    let gate = gate();
    for query in [
        "pageNum=0",
        "pageNum=1001",
        "pageSize=0",
        "pageSize=501",
        "pageNum=-1",
        "pageSize=",
        "pageNum=one",
        "pageNum=1.0",
        "pageSize=99999999999999999999",
    ] {
        let answer = get(gate.url(), &format!("{LIST}?{query}"), DEMO_API_KEY);
        assert_eq!(answer.verdict(), (400, 1201, PAGES), "{query}");
    }
}

#[test]
fn a_list_is_of_its_own_path() {
    let gate = gate();
    let paths = [LIST, "/v1/videos/image2video", "/v1/images/generations", "/text-to-video/kling"];
    let body = json!({ "model_name": "kling-v1", "prompt": "a cat" });
    let made = paths.map(|path| post(&gate, path, &body).body["data"]["task_id"].clone());
    for (path, id) in paths.iter().zip(made) {
        assert_eq!(json!(ids(&gate, path)), json!([id]), "{path}");
    }
}

#[test]
fn a_list_is_not_a_query_but_shows_the_state() {
    let gate = gate();
    let id = create(&gate, &json!({}));
    let listed = || get(gate.url(), LIST, DEMO_API_KEY).body["data"][0].clone();
    for _ in 0..3 {
        assert_eq!(listed()["task_status"], "processing");
    }
    assert_eq!(status(&gate, &id), "processing");
    let done = listed();
    assert_eq!(done["task_status"], "succeed");
    assert!(done["task_result"]["videos"][0]["url"].is_string());
}

#[test]
fn external_ids_lead_to_the_task() {
    let gate = gate();
    let id = create(&gate, &json!({ "external_task_id": "order-1" }));
    let answer = get(gate.url(), &format!("{LIST}/order-1"), DEMO_API_KEY);
    assert_eq!(answer.body["data"]["task_id"], json!(id));
    assert_eq!(answer.body["data"]["task_info"], json!({ "external_task_id": "order-1" }));
    let answer = get(gate.url(), "/tasks?external_task_ids=order-1", DEMO_API_KEY);
    assert_eq!(answer.body["data"][0]["task_id"], json!(id));
}

/// As clients write them in a URL: `URLSearchParams` of JavaScript encodes even a comma.
#[test]
fn encoded_ids_lead_to_the_task() {
    let gate = gate();
    let external = "order 1/2:ü";
    let first = create(&gate, &json!({ "external_task_id": external }));
    let second = create(&gate, &json!({}));
    let encoded = "order%201%2F2%3A%C3%BC";
    let answer = get(gate.url(), &format!("{LIST}/{encoded}"), DEMO_API_KEY);
    assert_eq!(answer.body["data"]["task_id"], json!(first));
    for query in [
        format!("external_task_ids={encoded}%2C{second}"),
        format!("external_task_ids={encoded},{second}"),
        format!("task_ids={first}%2c{second}"),
    ] {
        let answer = get(gate.url(), &format!("/tasks?{query}"), DEMO_API_KEY);
        let found = answer.body["data"].as_array().expect("a list");
        assert_eq!(found.len(), 2, "{query}");
    }
    for broken in ["%", "%4", "%zz", "%ff", "order%201%2f2"] {
        let answer = get(gate.url(), &format!("{LIST}/{broken}"), DEMO_API_KEY);
        assert_eq!(answer.verdict().1, 1201, "{broken}");
    }
}

#[test]
fn an_external_id_is_taken_once_and_a_blank_one_never() {
    let gate = gate();
    let body = |id: &str| json!({"model_name": "m", "prompt": "p", "external_task_id": id});
    assert_eq!(post(&gate, LIST, &body("a")).verdict().1, 0);
    let again = post(&gate, "/v1/images/generations", &body("a"));
    assert_eq!(again.verdict(), (400, 1201, "external_task_id already exists"));
    for _ in 0..2 {
        let answer = post(&gate, LIST, &body(""));
        assert_eq!(answer.body["data"]["task_info"], json!({ "external_task_id": null }));
    }
}

/// Else one task would hide another.
#[test]
fn an_external_id_like_the_id_of_a_task() {
    let gate = gate();
    let body = |id: &str| json!({"model_name": "m", "prompt": "p", "external_task_id": id});
    let first = create(&gate, &json!({}));
    assert_eq!(post(&gate, LIST, &body(&first)).verdict().1, 1201);
    let next = create(&gate, &json!({ "external_task_id": "gate-task-2" }));
    assert_eq!(next, "gate-task-1");
    let named = create(&gate, &json!({}));
    assert_eq!(named, "gate-task-2");
    let found = |id: &str| {
        get(gate.url(), &format!("{LIST}/{id}"), DEMO_API_KEY).body["data"]["task_id"].clone()
    };
    assert_eq!(
        [found(&first), found(&next), found(&named)],
        [first.as_str(), next.as_str(), named.as_str()]
    );
}

#[test]
fn an_id_is_spelled_in_one_way() {
    let gate = gate();
    create(&gate, &json!({}));
    for id in ["gate-task-00", "gate-task-+0", "gate-task-", "gate-task--0", "0", "GATE-TASK-0"] {
        let answer = get(gate.url(), &format!("{LIST}/{id}"), DEMO_API_KEY);
        assert_eq!(answer.verdict().1, 1201, "{id}");
    }
}

#[test]
fn the_result_is_of_the_kind_of_its_path() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    for (path, kind, ending) in [
        (LIST, "videos", "mp4"),
        ("/v1/images/generations", "images", "png"),
        ("/v1/videos/lip-sync", "videos", "mp4"),
    ] {
        let made = post(&gate, path, &json!({ "model_name": "m", "prompt": "p" }));
        let id = made.body["data"]["task_id"].as_str().unwrap();
        let answer = get(gate.url(), &format!("{path}/{id}"), DEMO_API_KEY);
        let result = &answer.body["data"]["task_result"];
        assert_eq!(result.as_object().expect("a result").len(), 1, "{result}");
        let url = result[kind][0]["url"].as_str().expect(kind);
        assert!(url.ends_with(&format!("/results/{id}.{ending}")), "{url}");
    }
}

#[test]
fn other_kinds_need_an_object_only() {
    let gate = gate();
    for path in ["/v1/images/generations", "/v1/audio/text-to-audio", "/v1/videos/effects"] {
        assert_eq!(post(&gate, path, &json!({})).verdict(), (200, 0, "SUCCEED"), "{path}");
        for body in [Value::Null, json!([]), json!("{}"), json!(1)] {
            let answer = post(&gate, path, &body);
            assert_eq!(answer.verdict(), (400, 1201, "the body must be a JSON object"), "{path}");
        }
    }
    for path in ["/v1/images/", "/v1/images", "/v1/other/generations", "/v1/images/a/b/c"] {
        assert_eq!(post(&gate, path, &json!({})).verdict().1, 1202, "{path}");
    }
}

#[test]
fn times_are_milliseconds_of_the_server() {
    let gate = gate();
    set(&gate, "skew", &json!(60));
    let id = create(&gate, &json!({}));
    set(&gate, "time", &json!(5));
    let task = get(gate.url(), &format!("{LIST}/{id}"), DEMO_API_KEY).body["data"].clone();
    assert_eq!(task["created_at"], json!((NOW + 60) * 1000));
    assert_eq!(task["updated_at"], json!((NOW + 65) * 1000));
}

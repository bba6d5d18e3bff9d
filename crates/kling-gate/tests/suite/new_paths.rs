//! The newer paths, which only accept API keys.

use jsonwebtoken::Algorithm;
use kling_gate::{DEMO_API_KEY, DEMO_SECRET_KEY};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{LIST, NOW, claims, gate, get, log, send, sign, sign_with, token};

const MODEL_PATHS: [&str; 4] = [
    "/text-to-video/kling-v3",
    "/image-to-video/kling-v3",
    "/omni-video/kling-v3-omni",
    "/motion-control/kling-v2-6",
];
const UNSUPPORTED: (u16, u64, &str) = (
    401,
    1002,
    "Authentication error. The current API does not support AK/SK; please go to the console \
     (https://kling.ai/dev/api-key) to create API key.",
);

fn with_api_key() -> String {
    format!("Bearer {DEMO_API_KEY}")
}

#[test]
fn create_and_list_tasks_for_an_api_key() {
    let gate = gate();
    for path in MODEL_PATHS {
        let body = Some(r#"{"prompt": "a gate"}"#);
        let task = send(&Method::POST, gate.url(), path, Some(&with_api_key()), body);
        assert_eq!(task.verdict(), (200, 0, "SUCCEED"), "{path}");
        assert!(task.body["data"]["task_id"].is_string(), "{path}");
        assert_eq!(task.body["data"]["task_status"], "submitted", "{path}");

        let list = get(gate.url(), &format!("{path}?pageNum=1"), DEMO_API_KEY);
        assert_eq!(list.verdict(), (200, 0, "SUCCEED"));
        assert_eq!(list.body["data"].as_array().map(Vec::len), Some(1), "of this path alone");
        assert_eq!(list.body["data"][0]["task_id"], task.body["data"]["task_id"]);
    }
}

#[test]
fn refuse_a_task_without_a_prompt() {
    let gate = gate();
    for path in MODEL_PATHS {
        for body in ["", "[]", "{}", r#"{"prompt": 1}"#, r#"{"model_name": "kling-v3"}"#] {
            let task = send(&Method::POST, gate.url(), path, Some(&with_api_key()), Some(body));
            assert_eq!(task.verdict(), (400, 1201, "prompt is required"), "{path} {body:?}");
        }
    }
}

#[test]
fn return_tasks_by_their_ids() {
    let gate = gate();
    for query in ["?task_ids=1", "?x=1&task_ids=1,2", "?external_task_ids=a"] {
        let list = get(gate.url(), &format!("/tasks{query}"), DEMO_API_KEY);
        assert_eq!((list.verdict(), &list.body["data"]), ((200, 0, "SUCCEED"), &json!([])));
    }
    let many = |count| format!("/tasks?task_ids={}", vec!["1"; count].join(","));
    assert_eq!(get(gate.url(), &many(20), DEMO_API_KEY).verdict().1, 0);
    let refusal = get(gate.url(), &many(21), DEMO_API_KEY);
    assert_eq!(refusal.verdict(), (400, 1201, "at most 20 ids"));
    for query in ["", "?", "?task_ids", "?task_ids=&external_task_ids=", "?task_id=1"] {
        let list = get(gate.url(), &format!("/tasks{query}"), DEMO_API_KEY);
        assert_eq!(
            list.verdict(),
            (400, 1201, "task_ids or external_task_ids is required"),
            "query {query:?}"
        );
    }
}

#[test]
fn refuse_a_valid_token() {
    let gate = gate();
    let authorization = format!("Bearer {}", token(NOW));
    for path in MODEL_PATHS.into_iter().chain(["/tasks?task_ids=1"]) {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let body = Some(r#"{"prompt": "a gate"}"#).filter(|_| method == Method::POST);
            let answer = send(&method, gate.url(), path, Some(&authorization), body);
            assert_eq!(answer.verdict(), UNSUPPORTED, "{method} {path}");
            assert_eq!(answer.body["data"], Value::Null);
        }
    }
    assert_eq!(log(&gate)[0]["scheme"], "jwt");
}

/// An API key without its prefix, an access key, a truncated token: a new path treats them all
/// the same.
#[test]
fn refuse_anything_but_an_api_key() {
    let gate = gate();
    let cut = &token(NOW)[..60];
    for bearer in ["0123456789abcdef0123456789abcdef", DEMO_SECRET_KEY, cut, "sk-0", "a.b.c.d"] {
        for path in MODEL_PATHS.into_iter().chain(["/tasks?task_ids=1"]) {
            assert_eq!(get(gate.url(), path, bearer).verdict(), UNSUPPORTED, "{path}");
        }
    }
}

/// The gate's choice: a token is verified first.
#[test]
fn answer_an_invalid_token_with_its_own_code() {
    let gate = gate();
    let mut expired = claims(NOW);
    expired["exp"] = json!(NOW);
    for (bearer, code) in [
        (sign_with(Algorithm::HS256, &claims(NOW), &DEMO_SECRET_KEY[1..]), 1000),
        (token(NOW + 3600), 1003),
        (sign(&expired), 1004),
    ] {
        assert_eq!(get(gate.url(), "/tasks?task_ids=1", &bearer).verdict().1, code);
    }
    let unknown = get(gate.url(), MODEL_PATHS[0], "api-key-unknown");
    assert_eq!(unknown.verdict(), (401, 1002, "api key not found"));
}

#[test]
fn are_only_these() {
    let gate = gate();
    for path in [
        "/text-to-video",
        "/text-to-video/",
        "/text-to-video/kling-v3/x",
        "/v1/text-to-video/kling-v3",
        "/text-to-image/kling-v3",
        "/tasks/1",
    ] {
        // For a token, too: the path does not exist.
        for bearer in [DEMO_API_KEY, &token(NOW)] {
            let answer = get(gate.url(), path, bearer);
            assert_eq!(answer.verdict(), (404, 1202, "no such method and path"), "{path}");
        }
    }
    for (method, path) in [(Method::DELETE, MODEL_PATHS[0]), (Method::POST, "/tasks")] {
        let answer = send(&method, gate.url(), path, Some(&with_api_key()), None);
        assert_eq!(answer.verdict(), (404, 1202, "no such method and path"), "{method} {path}");
    }
}

#[test]
fn leave_the_legacy_paths_to_both() {
    let gate = gate();
    for bearer in [DEMO_API_KEY, &token(NOW)] {
        assert_eq!(get(gate.url(), LIST, bearer).status, 200);
    }
}

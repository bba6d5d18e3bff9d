//! The axum example, called as a server calls it.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use kling_auth::{HmacKey, unix_now};
use tower::ServiceExt;

#[path = "../../../../crates/kling-auth/examples/webhook_axum.rs"]
#[expect(dead_code, reason = "its `main` is not called")]
mod example;

const SECRET: &str = "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5";

fn callback(timestamp: u64, key: &[u8], body: &'static str) -> Request<Body> {
    let message = format!("msg_1.{timestamp}.{{}}");
    let signature = kling_conformance::base64(&HmacKey::new(key).sign(message.as_bytes()));
    Request::post("/kling")
        .header("Webhook-Id", "msg_1")
        .header("Webhook-Timestamp", timestamp)
        .header("Webhook-Signature", format!("v1,{signature}"))
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn the_example() {
    let now = unix_now();
    let key = b"canarycanarycanary";
    let cases = [
        (callback(now, key, "{}"), StatusCode::OK, ""),
        (callback(now, key, "{ }"), StatusCode::BAD_REQUEST, "ERR_WEBHOOK_SIGNATURE"),
        (callback(now, b"another", "{}"), StatusCode::BAD_REQUEST, "ERR_WEBHOOK_SIGNATURE"),
        (callback(now - 400, key, "{}"), StatusCode::BAD_REQUEST, "ERR_WEBHOOK_TIME"),
        (
            Request::post("/kling").body(Body::empty()).unwrap(),
            StatusCode::BAD_REQUEST,
            "ERR_WEBHOOK_UNSIGNED",
        ),
    ];
    for (request, status, text) in cases {
        let response = example::app(SECRET).unwrap().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status);
        let body = to_bytes(response.into_body(), 100).await.unwrap();
        assert_eq!(body, text.as_bytes());
    }
    assert!(example::app("no secret").is_err());
}

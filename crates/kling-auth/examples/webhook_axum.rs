//! Verifies Kling's callbacks in axum.
//!
//! ```text
//! KLING_WEBHOOK_SECRET=whsec_… cargo run --package kling-auth --features http --example webhook_axum
//! ```

use std::{env, error::Error, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use kling_auth::{
    unix_now,
    webhook::{Delivery, Secret, verify},
};

pub(crate) fn app(secret: &str) -> Result<Router, kling_auth::CoreError> {
    let secrets = Arc::new([Secret::new(secret)?]);
    Ok(Router::new().route("/kling", post(callback)).with_state(secrets))
}

/// The body is `Bytes`, not `Json`: the signature covers the bytes as they were received.
async fn callback(
    State(secrets): State<Arc<[Secret; 1]>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    let delivery = Delivery::from_headers(&headers, &body);
    let verified = verify(&*secrets, &delivery, unix_now())
        .map_err(|error| (StatusCode::BAD_REQUEST, error.code()))?;
    println!("{}: {}", verified.id, String::from_utf8_lossy(&body));
    Ok(StatusCode::OK)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = app(&env::var("KLING_WEBHOOK_SECRET")?)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, app).await?)
}

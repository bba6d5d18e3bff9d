//! Callbacks of Kling's in axum: `KLING_WEBHOOK_SECRET=whsec_… cargo run --example webhook_axum`.

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
    webhook::{Delivery, ID_HEADER, SIGNATURE_HEADER, Secret, TIMESTAMP_HEADER, verify},
};

pub(crate) fn app(secret: &str) -> Result<Router, kling_auth::CoreError> {
    let secrets = Arc::new([Secret::new(secret)?]);
    Ok(Router::new().route("/kling", post(callback)).with_state(secrets))
}

/// Takes the body as `Bytes`, as it arrived: not as `Json`, since no signature fits what was
/// parsed.
async fn callback(
    State(secrets): State<Arc<[Secret; 1]>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let delivery = Delivery {
        id: header(ID_HEADER),
        timestamp: header(TIMESTAMP_HEADER),
        signature: header(SIGNATURE_HEADER),
        body: &body,
    };
    let verified = verify(&*secrets, &delivery, unix_now())
        .map_err(|error| (StatusCode::BAD_REQUEST, error.code()))?;
    // The same id is sent again until it is answered with 2xx.
    println!("{}: {}", verified.id, String::from_utf8_lossy(&body));
    Ok(StatusCode::NO_CONTENT)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = app(&env::var("KLING_WEBHOOK_SECRET")?)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, app).await?)
}

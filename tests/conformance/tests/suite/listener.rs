//! Which events a listener receives, and when.

use std::cell::RefCell;

use kling_auth::{Credentials, KlingAuth, Level, Response, bindings, sources::Event};

thread_local! {
    static RECEIVED: RefCell<Vec<Event>> = const { RefCell::new(Vec::new()) };
}

const NOW: u64 = 1_800_000_000;

fn received() -> Vec<String> {
    RECEIVED.take().iter().map(|note| format!("{:?} {}", note.level(), note.code())).collect()
}

fn credentials(access_key: &str) -> Credentials {
    Credentials::key_pair(access_key, "fedcba9876543210fedcba9876543210").unwrap()
}

fn auth() -> KlingAuth {
    let builder = KlingAuth::builder().credentials(credentials("0123456789abcdef0123456789abcdef"));
    builder
        .listener(|note| RECEIVED.with_borrow_mut(|received| received.push(note)))
        .build()
        .unwrap()
}

#[test]
fn events_from_construction_to_rotation() {
    let auth = auth();
    assert_eq!(received(), ["Info INFO_CREDENTIALS_FOUND"]);
    let token = auth.token_at(NOW);
    auth.token_at(NOW + 1);
    assert_eq!(received(), ["Debug DEBUG_TOKEN_MINTED"], "one token, one line");
    let body = br#"{"code":1004,"message":"token expired"}"#;
    let date = Some("Fri, 15 Jan 2027 09:00:00 GMT");
    let refusal = Response::new(401, body).with_date(date).with_token(Some(token.as_str()));
    auth.handle_response_at(&refusal, NOW);
    assert_eq!(received(), ["Info INFO_CLOCK_CORRECTED", "Info INFO_REQUEST_RETRIED"]);
    auth.rotate(&credentials("another0123456789another01234567"));
    assert_eq!(received(), ["Info INFO_CREDENTIALS_REPLACED"]);
    auth.refresh_at(NOW);
    assert!(received().is_empty(), "no event: the caller asked for the refresh");
}

/// Credentials found after a rotation are not applied, and no event is emitted.
#[test]
fn credentials_that_come_too_late() {
    let auth = auth();
    let held = bindings::engine(&auth).generation();
    auth.rotate(&credentials("another0123456789another01234567"));
    RECEIVED.take();
    let found = kling_auth::sources::resolve_in_process(kling_auth::sources::Explicit::new(
        None,
        None,
        Some("api-key-kling-0123456789"),
    ));
    bindings::apply_if_current(bindings::engine(&auth), &held, found.unwrap());
    assert!(received().is_empty());
}

#[test]
fn warnings_go_to_the_listener_alone() {
    let auth = auth();
    RECEIVED.take();
    bindings::engine(&auth).warn_withheld("https://gateway.example/v1");
    let received = RECEIVED.take();
    assert_eq!(
        (received.len(), received[0].level(), received[0].code()),
        (1, Level::Warning, "WARN_WITHHELD")
    );
    assert!(auth.take_warnings().is_empty());
}

//! Any response: its status in the first line, its `Date` in the second, then its body. `{token}`
//! in the body is replaced by the bearer that was sent.

#![no_main]

use kling_auth::{Action, Cause, Credentials, MAX_CLOCK_OFFSET, Response, TokenProvider};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

const NOW: u64 = 1_800_000_000;
/// Without the prefix of Kling's bearers: it is recognized because it was sent.
const API_KEY: &str = "0123456789abcdefghijklmnopqrstuv";

fuzz_target!(|response: (u8, &str)| {
    let (choice, text) = response;
    let credentials = if choice % 2 == 0 {
        Credentials::key_pair("access-key", "secret-key")
    } else {
        Credentials::api_key(API_KEY)
    };
    let mut provider = TokenProvider::new(&credentials.unwrap());
    let token = provider.token(NOW).as_str().to_owned();

    let mut lines = text.splitn(3, '\n');
    let status = lines.next().and_then(|line| line.parse().ok()).unwrap_or(401);
    let date = lines.next();
    let body = lines.next().unwrap_or_default().replace("{token}", &token);
    let sent = (choice % 4 < 2).then_some(&*token);
    let response = Response::new(status, body.as_bytes()).with_date(date).with_token(sent);
    let verdict = provider.handle_response(&response, NOW);

    let output = verdict.to_string();
    assert!(verdict.message().len() <= 256 && output.len() < 2000);
    assert!(output.chars().all(|char| !char.is_control()), "{output:?}");
    assert!(!output.contains(&token), "{output}");
    assert!(verdict.action != Action::Accept || status < 400);
    assert!(verdict.action != Action::Retry || status == 401 && choice % 2 == 0);
    // Only the grammar: serde_json's values do not allow everything that RFC 8259 allows.
    let is_json = serde_json::from_str::<IgnoredAny>(&body).is_ok();
    if status >= 400 && !(is_json && body.trim_start().starts_with('{')) {
        assert_eq!(verdict.cause, Cause::NotKling);
    }

    assert!(provider.clock_offset().abs() <= MAX_CLOCK_OFFSET);
    if verdict.action == Action::Retry {
        assert_ne!(provider.token(NOW).as_str(), token);
    }
});

//! From a credential to an accepted request, and from a refusal to its code.

use kling_auth::{KlingAuth, Response, unix_now};
use kling_gate::{Config, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, Gate};

const PATH: &str = "/v1/videos/text2video";

/// A client for gates that ignores any proxy of the environment.
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().proxy(None).build().into()
}

/// The HTTP status and Kling's code that the gate answers to a bearer token.
fn answer(gate: &Gate, token: &str) -> (u16, i64) {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let mut response = agent
        .get(format!("{}{PATH}", gate.url()))
        .header("Authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    let body = response.body_mut().read_to_string().unwrap();
    let envelope: serde_json::Value = serde_json::from_str(&body).unwrap();
    (response.status().as_u16(), envelope["code"].as_i64().unwrap())
}

#[test]
fn both_schemes_are_accepted() {
    let gate = Gate::start(Config::default()).unwrap();
    let auth = KlingAuth::new(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).unwrap();
    assert_eq!(answer(&gate, auth.token().as_str()), (200, 0));
    let auth = KlingAuth::from_api_key(DEMO_API_KEY).unwrap();
    assert_eq!(answer(&gate, auth.token().as_str()), (200, 0));
}

#[test]
fn wrong_credentials_are_refused_by_their_codes() {
    let gate = Gate::start(Config::default()).unwrap();
    let wrong_secret = KlingAuth::new(DEMO_ACCESS_KEY, "another-secret").unwrap();
    assert_eq!(answer(&gate, wrong_secret.token().as_str()), (401, 1000));
    let unknown = KlingAuth::new("an-unknown-access-key", DEMO_SECRET_KEY).unwrap();
    assert_eq!(answer(&gate, unknown.token().as_str()), (401, 1002));
}

#[test]
fn an_expired_token_is_refused_and_renewed() {
    let gate = Gate::start(Config::default()).unwrap();
    let auth = KlingAuth::new(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).unwrap();
    let now = unix_now();
    assert_eq!(answer(&gate, auth.token_at(now - 1801).as_str()), (401, 1004));
    assert_eq!(answer(&gate, auth.token_at(now).as_str()), (200, 0));
}

#[test]
fn a_clock_that_is_ahead_is_too_early() {
    let gate = Gate::start(Config::default()).unwrap();
    let auth = KlingAuth::new(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).unwrap();
    assert_eq!(answer(&gate, auth.token_at(unix_now() + 3600).as_str()), (401, 1003));
}

/// Kling treats anything that is not an API key as a key pair's token. The verdict sees what was sent.
#[test]
fn the_gate_and_the_verdict_agree_on_what_is_no_api_key() {
    let gate = Gate::start(Config::default()).unwrap();
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let pair = KlingAuth::new(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).unwrap().token();
    let cut = pair.as_str().rsplit_once('.').unwrap().0;
    for (path, bearer, cause) in [
        ("/tasks?task_ids=1", pair.as_str(), "wrong_scheme"),
        ("/tasks?task_ids=1", "0123456789abcdef0123456789abcdef", "unknown_api_key"),
        ("/tasks?task_ids=1", "api-key-kling-nobodys", "unknown_api_key"),
        (PATH, "0123456789abcdef0123456789abcdef", "unknown_api_key"),
        (PATH, "api-key-kling-nobodys", "unknown_api_key"),
        (PATH, cut, "token_malformed"),
    ] {
        let mut response = agent
            .get(format!("{}{path}", gate.url()))
            .header("Authorization", format!("Bearer {bearer}"))
            .call()
            .unwrap();
        let status = response.status().as_u16();
        let body = response.body_mut().read_to_vec().unwrap();
        let seen = Response::new(status, &body).with_token(Some(bearer));
        assert_eq!(seen.verdict().cause.as_str(), cause, "{path}");
    }
}

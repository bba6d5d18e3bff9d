//! Clock correction: a refusal corrects the clock, and the next token is valid.

use std::{
    collections::HashSet,
    sync::{Barrier, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use kling_auth::{
    Action, Credentials, KlingAuth, MAX_CLOCK_OFFSET, Response, Token, TokenProvider, Validity,
    Verdict, decode, generate_kling_token,
};
use kling_conformance::{ClockEvent, ClockWalk, ResponseStep, read};
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

const NOW: u64 = 1_800_000_000;

fn written(unix_seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(unix_seconds))
}

fn credentials() -> Credentials {
    Credentials::key_pair("access-key", "secret-key").unwrap()
}

/// The two providers that correct the clock: the core's, and the one that threads share.
trait Corrector {
    fn token_at(&mut self, now: u64) -> Token;
    fn handle_response_at(&mut self, response: &Response<'_>, now: u64) -> Verdict;
    fn rotate_to(&mut self, credentials: &Credentials);
    fn offset(&self) -> i64;
}

impl Corrector for TokenProvider {
    fn token_at(&mut self, now: u64) -> Token {
        self.token(now)
    }

    fn handle_response_at(&mut self, response: &Response<'_>, now: u64) -> Verdict {
        self.handle_response(response, now)
    }

    fn rotate_to(&mut self, credentials: &Credentials) {
        self.rotate(credentials);
    }

    fn offset(&self) -> i64 {
        self.clock_offset()
    }
}

impl Corrector for KlingAuth {
    fn token_at(&mut self, now: u64) -> Token {
        KlingAuth::token_at(self, now)
    }

    fn handle_response_at(&mut self, response: &Response<'_>, now: u64) -> Verdict {
        KlingAuth::handle_response_at(self, response, now)
    }

    fn rotate_to(&mut self, credentials: &Credentials) {
        self.rotate(credentials);
    }

    fn offset(&self) -> i64 {
        self.clock_offset()
    }
}

/// Handles a response of a walk. `tokens` were current before; the last one is current now.
fn handle_response(
    corrector: &mut dyn Corrector,
    received: &ResponseStep,
    now: u64,
    tokens: &[String],
    at: &str,
) {
    let date = match &received.date {
        Value::Number(time) => Some(written(time.as_u64().unwrap())),
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let token = match &received.token {
        Value::Number(index) => Some(&tokens[usize::try_from(index.as_u64().unwrap()).unwrap()]),
        Value::String(text) if text == "current" => tokens.last(),
        Value::String(text) => Some(text),
        _ => None,
    };
    let (status, body) = (received.status, received.body());
    for time in 0..received.times {
        let response = Response::new(status, &body)
            .with_date(date.as_deref())
            .with_token(token.map(String::as_str));
        let verdict = corrector.handle_response_at(&response, now);
        assert_eq!(verdict.action.as_str(), received.action, "{at}, time {time}");
    }
}

fn walk(walk: &ClockWalk, corrector: &mut dyn Corrector) {
    let mut tokens: Vec<String> = Vec::new();
    for (index, step) in walk.steps.iter().enumerate() {
        let at = format!("{}, step {index}", walk.name);
        match &step.event {
            ClockEvent::Token => {}
            ClockEvent::Rotate { access_key, secret_key } => {
                corrector.rotate_to(&Credentials::key_pair(access_key, secret_key).unwrap());
            }
            ClockEvent::HandleResponse(received) => {
                handle_response(corrector, received, step.now, &tokens, &at);
            }
        }
        let token = corrector.token_at(step.now);
        assert_eq!(corrector.offset(), step.clock_offset, "{at}: offset");
        assert_eq!(token.expires_at(), step.expires_at, "{at}: end");
        let is_new = tokens.last().map(String::as_str) != Some(token.as_str());
        assert_eq!(is_new, step.is_new, "{at}: new");
        if is_new {
            tokens.push(token.as_str().to_owned());
        }
    }
}

fn each_walk(make: impl Fn(Credentials, &ClockWalk) -> Box<dyn Corrector>) {
    let walks: Vec<ClockWalk> = read("clock.json");
    assert!(walks.len() > 50);
    let mut wrong = Vec::new();
    for case in walks {
        let credentials = match &case.api_key {
            Some(api_key) => Credentials::api_key(api_key).unwrap(),
            None => credentials(),
        };
        let mut corrector = make(credentials, &case);
        let walked = std::panic::AssertUnwindSafe(|| walk(&case, corrector.as_mut()));
        if std::panic::catch_unwind(walked).is_err() {
            wrong.push(case.name);
        }
    }
    assert!(wrong.is_empty(), "{} are wrong: {wrong:#?}", wrong.len());
}

#[test]
fn provider() {
    each_walk(|credentials, case| {
        let validity = Validity::new(case.lifetime).unwrap();
        Box::new(TokenProvider::with_policy(&credentials, validity, case.buffer))
    });
}

#[test]
fn shared_manager() {
    each_walk(|credentials, case| {
        let builder = KlingAuth::builder()
            .lifetime(Duration::from_secs(case.lifetime))
            .buffer(Duration::from_secs(case.buffer));
        Box::new(builder.credentials(credentials).build().unwrap())
    });
}

/// 64 threads handle the refusal of one token at once; the clock is wrong by `offset`.
fn storm(offset: i64, body: &[u8]) {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    let host = NOW.checked_add_signed(-offset).unwrap();
    let refused = auth.token_at(host);
    let (gate, dates) = (Barrier::new(64), [NOW - 1, NOW, NOW + 1].map(written));
    let after = Mutex::new(HashSet::new());
    std::thread::scope(|scope| {
        for thread in 0..64 {
            let (auth, gate, after, refused, dates) = (&auth, &gate, &after, &refused, &dates);
            scope.spawn(move || {
                gate.wait();
                let (date, token) = (Some(&*dates[thread % 3]), Some(refused.as_str()));
                let verdict = auth.handle_response_at(
                    &Response::new(401, body).with_date(date).with_token(token),
                    host,
                );
                assert_eq!(verdict.action, Action::Retry);
                after.lock().unwrap().insert(auth.token_at(host).as_str().to_owned());
            });
        }
    });
    let correction = auth.clock_offset();
    assert!((offset - 1..=offset + 1).contains(&correction), "{correction}");
    let token = auth.token_at(host);
    assert_eq!(after.into_inner().unwrap(), HashSet::from([token.as_str().to_owned()]));
    assert_eq!(token.expires_at(), host.checked_add_signed(correction).map(|at| at + 1800));
    assert_eq!(auth.last_verdict().unwrap().status, 401);
}

#[test]
fn sixty_four_threads_correct_once() {
    for _ in 0..20 {
        storm(3600, br#"{"code":1004,"message":"expired"}"#);
        storm(-3600, br#"{"code":1003,"message":"early"}"#);
        storm(-3600, br#"{"code":1000,"message":"failed"}"#);
        storm(80_000, br#"{"code":1000}"#);
    }
}

/// Threads mint, correct, refresh and rotate at once: no token mixes two credentials, no thread hangs, and
/// at the end the clock is right.
#[test]
fn everything_at_once() {
    let keys = ["access-key-a", "access-key-b"];
    let pair = |access_key: &str| Credentials::key_pair(access_key, "secret-key").unwrap();
    let auth = KlingAuth::builder()
        .credentials(pair(keys[0]))
        .buffer(Duration::from_secs(1800))
        .build()
        .unwrap();
    let host = NOW - 3600;
    let refuse = |token: &Token, at: u64| {
        let (date, token) = (written(NOW + at), Some(token.as_str()));
        let body = br#"{"code":1004,"message":"expired"}"#;
        auth.handle_response_at(
            &Response::new(401, body).with_date(Some(&date)).with_token(token),
            host + at,
        )
    };
    let of_before = auth.token_at(host);
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            let (auth, refuse) = (&auth, &refuse);
            scope.spawn(move || {
                for at in 0..200 {
                    match thread {
                        0 => auth.rotate(&pair(keys[usize::from(at % 2 == 0)])),
                        1 => drop(auth.refresh_at(host + at)),
                        _ => {
                            let token = auth.token_at(host + at);
                            let claims = claims(token.as_str());
                            assert!(keys.contains(&claims["iss"].as_str().unwrap()));
                            refuse(&token, at);
                        }
                    }
                }
            });
        }
    });
    assert_eq!(refuse(&of_before, 300).action, Action::Retry);
    let offset = auth.clock_offset();
    assert!((3600 - 200..=3600 + 200).contains(&offset), "{offset}");
}

fn claims(token: &str) -> Value {
    let mut buffer = vec![0; token.len()];
    serde_json::from_slice(decode(token, &mut buffer).unwrap().payload).unwrap()
}

/// Kling's refusal of a token at a time, if it refuses.
fn refusal(token: &str, time: u64, is_explained: bool) -> Option<&'static [u8]> {
    let claims = claims(token);
    let is_early = time < claims["nbf"].as_u64().unwrap();
    let is_late = claims["exp"].as_u64().unwrap() <= time;
    match (is_early, is_late) {
        (false, false) => None,
        _ if !is_explained => Some(br#"{"code":1000,"message":"authentication failed"}"#),
        (true, _) => Some(br#"{"code":1003,"message":"not yet valid"}"#),
        (_, true) => Some(br#"{"code":1004,"message":"expired"}"#),
    }
}

/// Any time: the limits, around today, anywhere.
fn any_time() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..100_000_u64,
        NOW - 100_000..NOW + 100_000,
        u64::MAX - 100_000..=u64::MAX,
        any::<u64>()
    ]
}

/// A token of other credentials was not made with this clock, so it corrects nothing.
#[test]
fn a_token_of_others_corrects_nothing() {
    let refused = Credentials::key_pair("another-key", "secret-key").unwrap();
    let refused = generate_kling_token(&refused, NOW - 3600);
    let date = written(NOW);
    let body = br#"{"code":1004,"message":"token expired"}"#;
    let token = Some(refused.as_str());
    let refusal = Response::new(401, body).with_date(Some(&date)).with_token(token);
    let mut correctors: [Box<dyn Corrector>; 2] = [
        Box::new(TokenProvider::new(&credentials())),
        Box::new(KlingAuth::builder().credentials(credentials()).build().unwrap()),
    ];
    for corrector in &mut correctors {
        corrector.token_at(NOW - 3600);
        let verdict = corrector.handle_response_at(&refusal, NOW - 3600);
        assert_eq!(corrector.offset(), 0);
        assert_eq!(verdict.action, Action::Retry, "the current one is another, and may pass");
        // The same after an API key replaced the key pair.
        corrector.rotate_to(&Credentials::api_key("api-key-kling-0123456789").unwrap());
        let verdict = corrector.handle_response_at(&refusal, NOW - 3600);
        assert_eq!((corrector.offset(), verdict.action), (0, Action::Fail));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// The host's clock is wrong by up to a day and is set during the test. The server's dates are
    /// truncated, jitter, and arrive a second late. A refused request is accepted on the first
    /// retry.
    #[test]
    fn one_retry_is_enough(
        lifetime in 60..=1800_u64,
        buffer in prop_oneof![Just(0_u64), Just(300), 0..=2000_u64],
        is_explained: bool,
        requests in vec((0..3000_u64, prop::option::weighted(0.2, -43_000..43_000_i64), 0..2_u64), 1..40),
        first in -43_000..43_000_i64,
    ) {
        let validity = Validity::new(lifetime).unwrap();
        let mut provider = TokenProvider::with_policy(&credentials(), validity, buffer);
        let (mut server, mut skew) = (NOW, first);
        for (wait, set, latency) in requests {
            server += wait;
            skew = set.unwrap_or(skew);
            let host = |time: u64| time.checked_add_signed(skew).unwrap();
            let token = provider.token(host(server)).clone();
            let Some(body) = refusal(token.as_str(), server, is_explained) else { continue };
            let date = written(server);
            let response =
                Response::new(401, body).with_date(Some(&date)).with_token(Some(token.as_str()));
            server += latency;
            prop_assert_eq!(provider.handle_response(&response, host(server)).action, Action::Retry);
            let token = provider.token(host(server));
            prop_assert_eq!(refusal(token.as_str(), server, is_explained), None);
        }
    }

    /// Any response at any time: no panic, no correction beyond a day, no retry with the refused
    /// token, and never two retries without new information.
    #[test]
    fn anything_at_any_time(
        steps in vec((
            any_time(),
            prop_oneof![Just(None), any_time().prop_map(Some)],
            prop::sample::select(&[1000_u32, 1002, 1003, 1004, 0][..]),
            prop::sample::select(&[401_u16, 401, 401, 200, 403][..]),
            0..4_u8,
        ), 1..30),
        buffer in prop_oneof![0..2000_u64, any::<u64>()],
    ) {
        let mut provider = TokenProvider::with_policy(&credentials(), Validity::default(), buffer);
        let mut tokens = vec![String::new()];
        for (now, date, code, status, which) in steps {
            let date = date.map(|date| written(date % 253_402_300_800));
            let body = format!("{{\"code\":{code},\"message\":\"no\"}}");
            if which == 0 {
                tokens.push(provider.token(now).as_str().to_owned());
            }
            let refused = &tokens[tokens.len() / usize::from(which.max(1)) % tokens.len()];
            let response = Response::new(status, body.as_bytes()).with_date(date.as_deref()).with_token((which < 3).then_some(refused));
            let before = provider.clock_offset();
            let verdict = provider.handle_response(&response, now);
            let offset = provider.clock_offset();
            prop_assert!((-MAX_CLOCK_OFFSET..=MAX_CLOCK_OFFSET).contains(&offset));
            prop_assert!(offset == before || status == 401 && code != 1002 && code != 0);
            if verdict.action == Action::Retry {
                prop_assert!(status == 401 && (code == 1000 || code == 1003 || code == 1004));
                if let Some(refused) = response.token {
                    let token = provider.token(now);
                    prop_assert_ne!(token.as_str(), refused);
                }
            }
            provider.token(now);
            let fresh = provider.fresh();
            let is_end_of_time = !(90_000..u64::MAX - 90_000).contains(&now);
            prop_assert!(fresh.is_empty() || fresh.contains(&now) || is_end_of_time);
        }
    }
}

//! `kling_auth::testing`: the stand-in, its account and its clock. `testing_programs` has whole
//! programs.

use std::{
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use kling_auth::{
    Action, Credentials, KlingAuth, Response,
    testing::{Callback, GateClock, KlingGate},
    unix_now,
    webhook::{self, Delivery, Secret},
};
use serde_json::Value;
use ureq::http::{Method, Request};

pub(crate) const PATH: &str = "/v1/videos/text2video";
pub(crate) const TASK: &str = r#"{"model_name":"kling-v1","prompt":"a cat"}"#;
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn send(
    url: &str,
    method: &Method,
    path: &str,
    body: &str,
    bearer: &str,
) -> (u16, Option<String>, Vec<u8>) {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    let agent: ureq::Agent = config.build().into();
    let request = Request::builder()
        .method(method)
        .uri(format!("{url}{path}"))
        .header("Authorization", format!("Bearer {bearer}"));
    let mut response = match *method {
        Method::GET => agent.run(request.body(()).unwrap()).unwrap(),
        _ => agent.run(request.body(body.to_owned()).unwrap()).unwrap(),
    };
    let date = response.headers().get("date").map(|date| date.to_str().unwrap().to_owned());
    (response.status().as_u16(), date, response.body_mut().read_to_vec().unwrap())
}

/// A program with this manager makes a request: the verdict's action and cause.
fn result(gate: &KlingGate, auth: &KlingAuth) -> (Action, &'static str) {
    let token = auth.token();
    let (status, date, body) = send(gate.url(), &Method::GET, PATH, "", token.as_str());
    let response = Response::new(status, &body).with_token(Some(token.as_str()));
    let verdict = auth.handle_response(&response.with_date(date.as_deref()));
    (verdict.action, verdict.cause.as_str())
}

#[test]
fn both_schemes_and_the_builder_are_accepted() {
    let gate = KlingGate::start().unwrap();
    let account = gate.account();
    let credentials = Credentials::key_pair(&account.access_key, &account.secret_key).unwrap();
    let lifetime = Duration::from_secs(600);
    let built = gate.builder().credentials(credentials).lifetime(lifetime).build().unwrap();
    for (auth, scheme) in
        [(gate.auth(), "jwt"), (gate.auth_with_api_key(), "api_key"), (built, "jwt")]
    {
        assert_eq!(result(&gate, &auth).0, Action::Accept);
        assert_eq!(auth.base_url(), gate.url());
        assert_eq!(gate.requests().last().unwrap().scheme, scheme);
        assert_eq!(auth.take_warnings().len(), 0);
    }
}

#[test]
fn a_builder_without_credentials_of_the_stand_in_is_refused() {
    let gate = KlingGate::start().unwrap();
    let secret = Credentials::key_pair(&gate.account().access_key, "another-secret").unwrap();
    let key = Credentials::api_key("api-key-kling-unknown").unwrap();
    for (credentials, cause) in [(secret, "wrong_secret_key"), (key, "unknown_api_key")] {
        let auth = gate.builder().credentials(credentials).build().unwrap();
        assert_eq!(result(&gate, &auth), (Action::Fail, cause));
    }
}

/// The command-line program, as one that finds its credentials itself.
#[test]
fn the_environment_is_enough_for_another_process() {
    let gate = KlingGate::start().unwrap();
    let run = |arguments: &[&str], environment: Vec<(&str, String)>| {
        let output = Command::new(crate::cli::binary())
            .args(arguments)
            .env_clear()
            .envs(std::env::var("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .env("HOME", "/nowhere")
            .envs(environment)
            .current_dir(std::env::temp_dir())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let environment = || gate.environment().to_vec();
    let (status, stdout) = run(&["check"], environment());
    assert_eq!(status, Some(0), "{stdout}");
    assert!(!gate.requests().is_empty(), "it asked the stand-in");

    let (status, token) = run(&["token"], environment());
    assert_eq!(status, Some(0));
    assert_eq!(send(gate.url(), &Method::GET, PATH, "", token.trim()).0, 200);

    let mut wrong = environment();
    wrong.iter_mut().find(|pair| pair.0 == "KLING_SECRET_KEY").unwrap().1 = "x".repeat(32);
    assert_ne!(run(&["check"], wrong).0, Some(0));

    let before = environment();
    gate.rotate().unwrap();
    assert_ne!(run(&["check"], before).0, Some(0));
    assert_eq!(run(&["check"], environment()).0, Some(0));
}

#[test]
fn the_environments_secret_verifies_a_callback() {
    let gate = KlingGate::start().unwrap();
    let auth = gate.auth();
    let token = auth.token();
    send(gate.url(), &Method::POST, PATH, TASK, token.as_str());
    let environment = gate.environment();
    let (_, secret) = environment.iter().find(|pair| pair.0 == "KLING_WEBHOOK_SECRET").unwrap();
    verified(&gate.callback(None).unwrap(), secret, unix_now()).expect("a valid signature");
}

/// The task in a callback that this secret signed, or the error's code.
pub(crate) fn verified(callback: &Callback, secret: &str, now: u64) -> Result<Value, &'static str> {
    let headers = callback.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let delivery = Delivery::new(headers, callback.body.as_bytes());
    let secrets = [Secret::new(secret).unwrap()];
    webhook::verify(&secrets, &delivery, now).map_err(kling_auth::CoreError::code)?;
    Ok(serde_json::from_str(&callback.body).unwrap())
}

#[test]
fn an_advance_moves_the_program_and_the_stand_in() {
    let gate = KlingGate::start().unwrap();
    let auth = gate.auth();
    let first = auth.token();
    let before = gate.clock().now();
    gate.clock().advance(Duration::from_secs(1400));
    assert_eq!(auth.token().as_str(), first.as_str(), "400 seconds before it expires");
    assert_eq!(result(&gate, &auth).0, Action::Accept);
    gate.clock().advance(Duration::from_secs(200));
    assert_ne!(auth.token().as_str(), first.as_str());
    assert!((1600..1620).contains(&(gate.clock().now() - before)));
    gate.clock().advance(Duration::from_secs(1_000_000));
    assert_eq!(result(&gate, &auth).0, Action::Accept);
    assert_eq!(auth.clock_offset(), 0, "neither is ahead");
    assert_eq!(send(gate.url(), &Method::GET, PATH, "", first.as_str()).0, 401);
}

/// A test has the stand-in at hand and its clock: both move both.
#[test]
fn the_stand_in_moves_the_program_too() {
    let gate = KlingGate::start().unwrap();
    let auth = gate.auth();
    let before = gate.clock().now();
    gate.advance(Duration::from_secs(5000));
    assert!(gate.clock().now() >= before + 5000);
    assert_eq!(result(&gate, &auth).0, Action::Accept);
    assert_eq!(auth.clock_offset(), 0);
}

#[test]
fn small_steps_move_both_equally() {
    let gate = KlingGate::start().unwrap();
    let auth = gate.auth();
    let before = gate.clock().now();
    for _ in 0..1000 {
        gate.clock().advance(Duration::from_micros(60_900));
    }
    let moved = gate.clock().now() - before;
    assert!((60..65).contains(&moved), "{moved}");
    assert_eq!(result(&gate, &auth).0, Action::Accept);
    let time = gate.requests()[0].time;
    assert!(gate.clock().now() - time < 10, "the stand-in is behind");
}

/// What happened, in its order.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<(&'static str, u64)>>>);

impl Notes {
    fn at(&self, clock: &GateClock, time: u64, name: &'static str) {
        let (notes, start) = (self.clone(), clock.now());
        let seen = clock.clone();
        clock.at(Duration::from_secs(time), move || {
            notes.0.lock().unwrap().push((name, seen.now() - start));
        });
    }

    /// The names, if each came at about its time: the real clock runs as well.
    fn names(&self, times: &[u64]) -> Vec<&'static str> {
        let notes = self.0.lock().unwrap();
        assert_eq!(notes.len(), times.len(), "{notes:?}");
        for ((name, seen), time) in notes.iter().zip(times) {
            assert!((*time..time + 5).contains(seen), "{name} at {seen}, not {time}");
        }
        notes.iter().map(|note| note.0).collect()
    }
}

#[test]
fn events_come_in_the_order_of_their_times() {
    let gate = KlingGate::start().unwrap();
    let (clock, notes) = (gate.clock(), Notes::default());
    notes.at(clock, 300, "third");
    notes.at(clock, 100, "first");
    notes.at(clock, 200, "second");
    notes.at(clock, 300, "fourth");
    notes.at(clock, 301, "fifth");
    clock.advance(Duration::from_secs(99));
    assert!(notes.names(&[]).is_empty());
    clock.advance(Duration::from_secs(201));
    assert_eq!(notes.names(&[100, 200, 300, 300]), ["first", "second", "third", "fourth"]);
    clock.advance(Duration::from_secs(1));
    clock.advance(MINUTE);
    assert_eq!(notes.names(&[100, 200, 300, 300, 301])[4..], ["fifth"], "each comes once");
}

#[test]
fn events_are_set_from_now() {
    let gate = KlingGate::start().unwrap();
    let (clock, notes) = (gate.clock(), Notes::default());
    clock.advance(Duration::from_secs(1000));
    notes.at(clock, 0, "now");
    notes.at(clock, 10, "later");
    assert!(notes.names(&[]).is_empty(), "only while the time is moved");
    clock.advance(Duration::ZERO);
    assert_eq!(notes.names(&[0]), ["now"]);
    clock.advance(Duration::from_secs(10));
    assert_eq!(notes.names(&[0, 10]), ["now", "later"]);
}

#[test]
fn an_event_may_move_the_time_and_set_events() {
    let gate = KlingGate::start().unwrap();
    let (clock, notes) = (gate.clock().clone(), Notes::default());
    let start = clock.now();
    let (inner, more_notes) = (clock.clone(), notes.clone());
    notes.at(&clock, 40, "during");
    clock.at(Duration::from_secs(10), move || {
        more_notes.at(&inner, 5, "nested");
        inner.advance(Duration::from_secs(50));
    });
    clock.advance(Duration::from_secs(20));
    // It does not move back, and not twice.
    assert!((60..65).contains(&(clock.now() - start)));
    assert_eq!(
        notes.0.lock().unwrap().iter().map(|note| note.0).collect::<Vec<_>>(),
        ["nested", "during"]
    );
    let auth = gate.auth();
    assert_eq!(result(&gate, &auth).0, Action::Accept);
    assert_eq!(auth.clock_offset(), 0);
}

#[test]
fn an_event_that_panics_leaves_a_clock_that_works() {
    let gate = KlingGate::start().unwrap();
    let clock = gate.clock();
    clock.at(MINUTE, || panic!("expected: this event fails"));
    let start = clock.now();
    let advance = || clock.advance(2 * MINUTE);
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(advance)).is_err());
    clock.advance(MINUTE);
    assert!((120..125).contains(&(clock.now() - start)));
    assert_eq!(result(&gate, &gate.auth()).0, Action::Accept);
}

#[test]
fn clones_are_one_clock_on_many_threads() {
    let gate = KlingGate::start().unwrap();
    let auth = gate.auth();
    let start = gate.clock().now();
    let count = Arc::new(AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            let (clock, count) = (gate.clock().clone(), Arc::clone(&count));
            scope.spawn(move || {
                for _ in 0..100 {
                    let count = Arc::clone(&count);
                    clock.at(MINUTE, move || _ = count.fetch_add(1, Ordering::Relaxed));
                    clock.advance(Duration::from_secs(1));
                }
            });
        }
    });
    gate.clock().advance(MINUTE);
    assert_eq!(count.load(Ordering::Relaxed), 400);
    // Two advances at once may overlap, as two sleeps do.
    assert!((160..470).contains(&(gate.clock().now() - start)));
    assert_eq!(result(&gate, &auth).0, Action::Accept);
    assert_eq!(auth.clock_offset(), 0);
}

/// A program may keep its `KlingAuth`, and an event may never come.
#[test]
fn the_stand_in_stops_when_it_is_dropped() {
    let gate = KlingGate::start().unwrap();
    let (auth, clock) = (gate.auth(), gate.clock().clone());
    let inner = clock.clone();
    clock.at(MINUTE, move || inner.advance(MINUTE));
    let address = gate.url().strip_prefix("http://").unwrap().to_owned();
    drop(gate);
    assert!(std::net::TcpStream::connect(address).is_err());
    let start = clock.now();
    clock.advance(MINUTE);
    assert!(clock.now() >= start + 120, "the program's time goes on");
    assert!(!auth.token().as_str().is_empty());
}

#[test]
fn far_times_do_not_overflow() {
    let gate = KlingGate::start().unwrap();
    gate.clock().at(Duration::MAX, || ());
    gate.clock().advance(Duration::MAX);
    gate.clock().at(MINUTE, || ());
    gate.clock().advance(MINUTE);
    assert_eq!(gate.clock().now(), u64::MAX);
    let _ = (gate.auth().token(), format!("{gate:?} {:?}", gate.clock()));
}

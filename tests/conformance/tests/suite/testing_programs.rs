//! Programs as users write them with `kling_auth::testing`, and programs that are wrong: those must
//! fail.

use std::{sync::Arc, time::Duration};

use kling_auth::{
    Action, Credentials, Response, Verdict,
    testing::{DEMO_WEBHOOK_SECRET, GateClock, KlingGate, TaskSettings},
};
use serde_json::Value;
use ureq::http::Method;

use crate::testing::{MINUTE, PATH, TASK, send, verified};

/// Where a program gets its bearer from.
type Bearer<'a> = &'a dyn Fn() -> String;
/// What it does with a response to a bearer.
type Judge<'a> = &'a dyn Fn(&Response<'_>) -> Verdict;

/// A program that requests and, if its library says so, waits or tries again.
struct Program<'a> {
    url: &'a str,
    clock: &'a GateClock,
    bearer: Bearer<'a>,
    judge: Judge<'a>,
}

impl Program<'_> {
    /// The answer's `data`, or the cause for which the program gives up.
    fn request(&self, method: &Method, path: &str, body: &str) -> Result<Value, &'static str> {
        for attempt in 0.. {
            let bearer = (self.bearer)();
            let (status, date, body) = send(self.url, method, path, body, &bearer);
            let response = Response::new(status, &body).with_token(Some(&bearer));
            let verdict = (self.judge)(&response.with_date(date.as_deref()));
            match verdict.action {
                Action::Accept => {
                    let mut body: Value = serde_json::from_slice(&body).unwrap();
                    return Ok(body["data"].take());
                }
                Action::Retry if attempt < 3 => {}
                Action::Backoff if attempt < 3 => self.clock.advance(Duration::from_secs(10)),
                _ => return Err(verdict.cause.as_str()),
            }
        }
        unreachable!("each attempt returns or is followed by another")
    }

    /// Creates a task and polls it every ten seconds. Its last state, and how many queries it took.
    fn make(&self) -> Result<(Value, usize), &'static str> {
        let task = self.request(&Method::POST, PATH, TASK)?;
        let path = format!("{PATH}/{}", task["task_id"].as_str().expect("an id"));
        for queries in 1.. {
            self.clock.advance(Duration::from_secs(10));
            let task = self.request(&Method::GET, &path, "")?;
            if task["task_status"] != "processing" {
                return Ok((task, queries));
            }
        }
        unreachable!("it polls until the task has ended")
    }
}

/// The stand-in as the day of a service goes: 40 minutes of work, the keys rotated, the clock of
/// the machine set wrong, too many tasks once.
fn hard_day(gate: &Arc<KlingGate>) {
    gate.set_tasks(TaskSettings { seconds: 40 * 60, ..TaskSettings::default() });
    let clock = gate.clock();
    let rotated = Arc::clone(gate);
    // Not when the program looks at its files anyway, once a minute.
    clock.at(Duration::from_secs(315), move || drop(rotated.rotate().unwrap()));
    let skewed = Arc::clone(gate);
    clock.at(12 * MINUTE, move || skewed.set_skew(-900));
    let limited = Arc::clone(gate);
    clock.at(20 * MINUTE, move || limited.refuse(1303, 1).unwrap());
}

#[test]
fn a_good_program_gets_through_a_hard_day() {
    let gate = Arc::new(KlingGate::start().unwrap());
    let started = std::time::Instant::now();
    for auth in [gate.auth(), gate.auth_with_api_key()] {
        let earlier = gate.requests().len();
        gate.set_skew(0);
        hard_day(&gate);
        let program = Program {
            url: gate.url(),
            clock: gate.clock(),
            bearer: &|| auth.token().as_str().to_owned(),
            judge: &|response| auth.handle_response(response),
        };
        let (task, queries) = program.make().unwrap();
        assert_eq!(task["task_status"], "succeed");
        assert!((235..=241).contains(&queries), "{queries}");
        let requests = gate.requests().into_iter().skip(earlier);
        let codes: Vec<_> = requests.filter_map(|one| one.code).filter(|&code| code != 0).collect();
        let is_pair = auth.access_key().is_some();
        assert_eq!(codes.contains(&1003), is_pair, "{codes:?}");
        assert!(codes.contains(&1002) && codes.contains(&1303), "{codes:?}");
        assert!(codes.len() <= 6, "{codes:?}");

        let callback = gate.callback(None).unwrap();
        let now = gate.clock().now();
        let time = now.saturating_add_signed(if is_pair { auth.clock_offset() } else { -900 });
        let reported = verified(&callback, DEMO_WEBHOOK_SECRET, time).unwrap();
        assert_eq!(reported["task_id"], task["task_id"]);
        assert!(verified(&callback, DEMO_WEBHOOK_SECRET, now).is_err(), "900 seconds off");
        assert!(verified(&callback, "whsec_YW5vdGhlciBzZWNyZXQgb2YgYSB0ZXN0", time).is_err());
    }
    assert!(started.elapsed() < MINUTE, "80 minutes pass in seconds");
}

#[test]
fn a_token_that_is_kept_for_ever_expires() {
    let gate = KlingGate::start().unwrap();
    gate.set_tasks(TaskSettings { seconds: 40 * 60, ..TaskSettings::default() });
    let auth = gate.auth();
    let kept = auth.token().as_str().to_owned();
    let program = Program {
        url: gate.url(),
        clock: gate.clock(),
        bearer: &|| kept.clone(),
        judge: &|response| response.verdict(),
    };
    assert_eq!(program.make().unwrap_err(), "token_expired");
    let spent = gate.requests().iter().filter(|request| request.status == 200).count();
    assert!((175..=181).contains(&spent), "half an hour: {spent}");
}

#[test]
fn a_wrong_secret_key_makes_nothing() {
    let gate = KlingGate::start().unwrap();
    let wrong = Credentials::key_pair(&gate.account().access_key, &"x".repeat(32)).unwrap();
    let auth = gate.builder().credentials(wrong).build().unwrap();
    let program = Program {
        url: gate.url(),
        clock: gate.clock(),
        bearer: &|| auth.token().as_str().to_owned(),
        judge: &|response| auth.handle_response(response),
    };
    assert_eq!(program.make().unwrap_err(), "wrong_secret_key");
    assert_eq!(gate.requests().len(), 1, "it does not try again");
}

#[test]
fn keys_that_are_kept_for_ever_are_unknown_after_a_rotation() {
    let gate = Arc::new(KlingGate::start().unwrap());
    gate.set_tasks(TaskSettings { seconds: 40 * 60, ..TaskSettings::default() });
    let account = gate.account();
    let credentials = Credentials::key_pair(&account.access_key, &account.secret_key).unwrap();
    let auth = gate.builder().credentials(credentials).build().unwrap();
    let rotated = Arc::clone(&gate);
    gate.clock().at(5 * MINUTE, move || drop(rotated.rotate().unwrap()));
    let program = Program {
        url: gate.url(),
        clock: gate.clock(),
        bearer: &|| auth.token().as_str().to_owned(),
        judge: &|response| auth.handle_response(response),
    };
    assert_eq!(program.make().unwrap_err(), "unknown_access_key");
}

#[test]
fn a_program_that_gives_up_at_1303_or_does_not_correct_its_clock() {
    for (code, skew, cause) in [(1303, 0, "too_many_concurrent"), (0, -900, "token_not_yet_valid")]
    {
        let gate = KlingGate::start().unwrap();
        let auth = gate.auth();
        gate.set_skew(skew);
        if code != 0 {
            gate.refuse(code, 10).unwrap();
        }
        let program = Program {
            url: gate.url(),
            clock: gate.clock(),
            bearer: &|| auth.token().as_str().to_owned(),
            judge: &|response| response.verdict(),
        };
        assert_eq!(program.make().unwrap_err(), cause);
    }
}

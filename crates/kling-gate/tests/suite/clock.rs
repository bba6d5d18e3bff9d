//! Skew in both directions, and the `Date` header.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kling_gate::{Clock, Config, DEMO_API_KEY};

use crate::harness::{LIST, NOW, config, gate, get, start, token};

#[test]
fn the_date_is_the_gates_time() {
    let answer = get(gate().url(), LIST, DEMO_API_KEY);
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 08:00:00 GMT"));
}

#[test]
fn a_refusal_has_a_date_too() {
    let answer = get(gate().url(), LIST, "none");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 08:00:00 GMT"));
}

#[test]
fn the_date_can_be_left_out() {
    let gate = start(Config { date: false, ..config() });
    let answer = get(gate.url(), LIST, DEMO_API_KEY);
    assert_eq!((answer.status, answer.date), (200, None));
}

#[test]
fn a_gate_behind_finds_tokens_too_early() {
    let gate = start(Config { skew: -3600, ..config() });
    let answer = get(gate.url(), LIST, &token(NOW));
    assert_eq!(answer.verdict(), (401, 1003, "Authorization is not yet valid"));
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 07:00:00 GMT"));
    assert_eq!(get(gate.url(), LIST, &token(NOW - 3600)).status, 200);
}

#[test]
fn a_gate_ahead_finds_tokens_expired() {
    let gate = start(Config { skew: 3600, ..config() });
    let answer = get(gate.url(), LIST, &token(NOW));
    assert_eq!(answer.verdict(), (401, 1004, "Authorization has expired"));
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 09:00:00 GMT"));
    assert_eq!(get(gate.url(), LIST, &token(NOW + 3600)).status, 200);
}

#[test]
fn no_skew_leads_beyond_what_a_date_can_say() {
    for (skew, date) in
        [(i64::MIN, "Thu, 01 Jan 1970 00:00:00 GMT"), (i64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT")]
    {
        let gate = start(Config { skew, ..config() });
        assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).date.as_deref(), Some(date));
    }
}

#[test]
fn runs_on_the_machines_clock_by_default() {
    let gate = start(Config::default());
    let now = jsonwebtoken::get_current_timestamp();
    assert_eq!(get(gate.url(), LIST, &token(now)).status, 200);
}

#[test]
fn an_injected_clock_may_move() {
    let clock = Arc::new(AtomicU64::new(NOW));
    let reader = Arc::clone(&clock);
    let clock_of_the_gate = Clock::new(move || reader.load(Ordering::Relaxed));
    let gate = start(Config { clock: clock_of_the_gate, ..config() });
    let token = token(NOW);
    assert_eq!(get(gate.url(), LIST, &token).status, 200);
    clock.store(NOW + 1800, Ordering::Relaxed);
    assert_eq!(get(gate.url(), LIST, &token).verdict().1, 1004);
}

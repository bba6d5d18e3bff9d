//! What the filter makes of responses, and what it says in their headers.

use std::{
    format,
    string::{String, ToString},
    vec,
};

use kling_jwt_core::Response;

use super::{
    HOUR_LATER, NOW, SECRET_KEY, accounts_with, gateway::Worker, header_at, header_of_a, pair_with,
};
use crate::gateway::{Flow, LogLevel, Message, Part};

const LATE: &[u8] = br#"{"code":1004,"message":"token expired","request_id":"r-1"}"#;
const WRONG: &[u8] = br#"{"code":1000,"message":"signature is invalid","request_id":"r-1"}"#;
const ACCEPTED: &[u8] =
    br#"{"code":0,"message":"SUCCEED","request_id":"r","data":{"task_id":"1"}}"#;
const JSON: (&str, &str) = ("content-type", "application/json");

/// A worker that has sent a request.
fn sent(members: &str) -> Worker {
    let mut worker = Worker::new(&pair_with(members));
    assert_eq!(worker.send(&[]), Flow::Continue);
    worker
}

fn ours(worker: &Worker, name: &str) -> Option<String> {
    worker.received(&format!("x-kling-auth-{name}"))
}

fn cause_and_action(worker: &Worker) -> (Option<String>, Option<String>) {
    (ours(worker, "cause"), ours(worker, "action"))
}

fn verdict(cause: &str, action: &str) -> (Option<String>, Option<String>) {
    (Some(cause.into()), Some(action.into()))
}

const NONE: (Option<String>, Option<String>) = (None, None);

#[test]
fn a_token_that_was_refused_because_of_the_clock_is_replaced_once() {
    let mut worker = sent("");
    assert_eq!(worker.receive(401, &[("date", HOUR_LATER)], LATE), Flow::Pause);
    assert_eq!(cause_and_action(&worker), verdict("token_expired", "retry"));
    assert_eq!(ours(&worker, "clock-offset").as_deref(), Some("3600"));
    assert!(ours(&worker, "remedy").unwrap().starts_with("the token has expired by Kling's clock"));
    // The second attempt has a new token. It is not followed by a third one.
    assert_eq!(worker.send_again(2), Flow::Continue);
    assert_eq!(worker.sent("authorization"), Some(header_of_a(NOW + 3600)));
    worker.receive(401, &[("date", HOUR_LATER)], LATE);
    assert_eq!(cause_and_action(&worker), verdict("token_expired", "fail"));
    // Later requests use Kling's clock.
    worker.gateway.now.set(NOW + 10);
    assert_eq!(worker.send(&[]), Flow::Continue);
    assert_eq!(worker.receive(200, &[JSON], ACCEPTED), Flow::Pause);
    assert_eq!(cause_and_action(&worker), NONE);
    let counter = |name: &str| worker.gateway.counter(&format!("kling_auth.{name}"));
    assert_eq!((counter("corrected"), counter("refused.token_expired")), (Some(1), Some(2)));
    let (defined, counters) = (&worker.gateway.defined, &worker.gateway.counters);
    assert_eq!(defined.borrow().len(), counters.borrow().len(), "each is defined once");
    let lines = worker.gateway.lines.borrow();
    let corrected = "kling-auth: this machine's clock is 3600 seconds behind Kling's: tokens use \
                     Kling's time from now on (INFO_CLOCK_CORRECTED)";
    assert!(lines.contains(&(LogLevel::Info, corrected.into())));
}

/// The first refusal corrects the clock. The others are about the token before, so a new one helps.
#[test]
fn requests_that_were_sent_at_once_are_all_sent_again() {
    let mut worker = sent("");
    let first = worker.stream;
    worker.send(&[]);
    let second = worker.stream;
    let properties = worker.gateway.properties.borrow().clone();
    for stream in [second, first] {
        worker.stream = stream;
        worker.gateway.response.borrow_mut().clear();
        // Each request has its own.
        worker.gateway.properties.replace(properties.clone());
        worker.receive(401, &[("date", HOUR_LATER)], LATE);
        assert_eq!(cause_and_action(&worker), verdict("token_expired", "retry"));
    }
    assert_eq!(worker.gateway.counter("kling_auth.corrected"), Some(1));
}

#[test]
fn no_later_attempt_asks_for_another() {
    let mut worker = sent("");
    worker.receive(401, &[("date", HOUR_LATER)], LATE);
    assert_eq!(cause_and_action(&worker), verdict("token_expired", "retry"));
    for count in [2, 3, 255] {
        assert_eq!(worker.send_again(count), Flow::Continue);
        worker.receive(401, &[("date", HOUR_LATER)], LATE);
        assert_eq!(cause_and_action(&worker), verdict("token_expired", "fail"), "{count}");
    }
}

#[test]
fn each_account_has_its_own_clock() {
    let mut worker = Worker::new(&accounts_with(r#""debug_header":true"#));
    worker.send(&[("x-kling-account", "a")]);
    worker.receive(401, &[("date", HOUR_LATER)], LATE);
    worker.send(&[("x-kling-account", "b")]);
    worker.receive(200, &[JSON], ACCEPTED);
    let debug = "clock_offset=0, expires_in=1800, account=b";
    assert_eq!(ours(&worker, "debug").as_deref(), Some(debug));
    worker.send(&[("x-kling-account", "a")]);
    assert_eq!(worker.sent("authorization"), Some(header_of_a(NOW + 3600)));
    worker.receive(200, &[JSON], ACCEPTED);
    let debug = "clock_offset=3600, expires_in=1800, account=a";
    assert_eq!(ours(&worker, "debug").as_deref(), Some(debug));
}

#[test]
fn a_wrong_secret_key_is_not_tried_again() {
    let mut worker = sent("");
    worker.receive(401, &[("date", "Fri, 15 Jan 2027 08:00:00 GMT")], WRONG);
    assert_eq!(cause_and_action(&worker), verdict("wrong_secret_key", "fail"));
    assert_eq!(ours(&worker, "clock-offset").as_deref(), Some("0"));
    assert_eq!(
        ours(&worker, "remedy").as_deref(),
        Some(
            "the secret key does not belong to the access key: copy both again from \
             https://kling.ai/dev/api-key"
        )
    );
    assert_eq!(worker.gateway.counter("kling_auth.refused.wrong_secret_key"), Some(1));
    // The region of the base URL has a console of its own.
    let mut worker = sent(r#""region":"beijing""#);
    worker.receive(401, &[], WRONG);
    assert!(ours(&worker, "remedy").unwrap().ends_with("https://klingai.com/dev/api-key"));
}

#[test]
fn a_date_that_says_nothing_corrects_nothing() {
    for date in [None, Some(""), Some("tomorrow"), Some("Sun, 06 Nov 1994 08:49:37 GMT")] {
        let mut worker = sent("");
        let date = date.map(|date| ("date", date));
        worker.receive(401, date.as_slice(), br#"{"code":1003,"message":"early"}"#);
        assert_eq!(cause_and_action(&worker), verdict("token_not_yet_valid", "fail"), "{date:?}");
        assert_eq!(worker.gateway.counter("kling_auth.corrected"), Some(0));
    }
}

#[test]
fn the_body_may_arrive_in_parts() {
    for end_by_trailers in [false, true] {
        let mut worker = sent("");
        worker.gateway.add_header(Message::Response, ":status", b"401");
        assert_eq!(worker.response(Part::Headers(false)), Flow::Pause);
        for end in [1, 20, WRONG.len()] {
            *worker.gateway.response_body.borrow_mut() = WRONG[..end].to_vec();
            let is_last = end == WRONG.len() && !end_by_trailers;
            assert_eq!(cause_and_action(&worker), NONE);
            let flow = if is_last { Flow::Continue } else { Flow::Pause };
            assert_eq!(worker.response(Part::Body(end, is_last)), flow);
        }
        if end_by_trailers {
            assert_eq!(worker.response(Part::Trailers), Flow::Continue);
        }
        assert_eq!(cause_and_action(&worker), verdict("wrong_secret_key", "fail"));
    }
}

#[test]
fn a_long_body_is_not_read() {
    let padding = |len: usize| {
        let mut body = WRONG.to_vec();
        body.resize(len, b' ');
        body
    };
    for (len, cause) in [
        (Response::MAX_BODY_LEN, "wrong_secret_key"),
        (Response::MAX_BODY_LEN + 1, "not_kling"),
        (3 * Response::MAX_BODY_LEN, "not_kling"),
    ] {
        let mut worker = sent("");
        worker.receive(401, &[], &padding(len));
        assert_eq!(ours(&worker, "cause").as_deref(), Some(cause), "{len}");
    }
    // As soon as it is too long, it is passed on, and the rest is not read again.
    let mut worker = sent("");
    worker.gateway.add_header(Message::Response, ":status", b"401");
    assert_eq!(worker.response(Part::Headers(false)), Flow::Pause);
    *worker.gateway.response_body.borrow_mut() = padding(Response::MAX_BODY_LEN);
    assert_eq!(worker.response(Part::Body(Response::MAX_BODY_LEN, false)), Flow::Pause);
    *worker.gateway.response_body.borrow_mut() = padding(Response::MAX_BODY_LEN + 1);
    assert_eq!(worker.response(Part::Body(Response::MAX_BODY_LEN + 1, false)), Flow::Continue);
    assert_eq!(ours(&worker, "cause").as_deref(), Some("not_kling"));
    *worker.gateway.response_body.borrow_mut() = WRONG.to_vec();
    for part in [Part::Body(9, false), Part::Body(WRONG.len(), true), Part::Trailers] {
        assert_eq!(worker.response(part), Flow::Continue);
    }
    assert_eq!(ours(&worker, "cause").as_deref(), Some("not_kling"));
    assert_eq!(worker.gateway.counter("kling_auth.refused.not_kling"), Some(1));
}

#[test]
fn a_refusal_without_a_body() {
    for (status, cause, action) in
        [(401, "not_kling", "fail"), (429, "not_kling", "backoff"), (503, "not_kling", "fail")]
    {
        let mut worker = sent("");
        assert_eq!(worker.receive(status, &[], b""), Flow::Continue);
        assert_eq!(cause_and_action(&worker), verdict(cause, action), "{status}");
    }
}

#[test]
fn kling_may_refuse_with_200() {
    let body = br#"{"code":1102,"message":"exhausted"}"#;
    let used_up = verdict("resource_pack_used_up", "fail");
    for (headers, expected) in [
        (&[JSON][..], &used_up),
        (&[("content-type", "Application/JSON; charset=utf-8")], &used_up),
        (&[("content-type", "video/mp4")], &NONE),
        (&[], &NONE),
    ] {
        let mut worker = sent("");
        worker.receive(200, headers, body);
        assert_eq!(cause_and_action(&worker), *expected, "{headers:?}");
    }
    // What is accepted gets no headers.
    for body in [ACCEPTED, br#"{"code":0,"data":{"code":"x"}}"#, b"", b"[]", b"{", b"\xff"] {
        let mut worker = sent("");
        let before = worker.gateway.counters.borrow().clone();
        worker.receive(200, &[JSON], body);
        assert_eq!(cause_and_action(&worker), NONE, "{body:?}");
        assert_eq!(*worker.gateway.counters.borrow(), before);
    }
}

#[test]
fn other_responses_pass_at_once() {
    for (status, length) in [
        ("200", None),
        ("200", Some("65537")),
        ("200", Some("12, 12")),
        ("200", Some("-1")),
        ("200", Some("99999999999999999999")),
        ("201", Some("12")),
        ("204", None),
        ("302", Some("12")),
        ("101", None),
        ("", Some("12")),
        ("4x1", Some("12")),
        ("70000", Some("12")),
        ("-401", Some("12")),
    ] {
        let mut worker = sent("");
        let message = Message::Response;
        worker.gateway.add_header(message, ":status", status.as_bytes());
        worker.gateway.add_header(message, JSON.0, JSON.1.as_bytes());
        if let Some(length) = length {
            worker.gateway.add_header(message, "content-length", length.as_bytes());
        }
        let before = worker.gateway.response.borrow().clone();
        for part in [Part::Headers(false), Part::Body(12, false), Part::Body(12, true)] {
            assert_eq!(worker.response(part), Flow::Continue, "{status} {length:?}");
        }
        assert_eq!(*worker.gateway.response.borrow(), before);
    }
}

#[test]
fn a_response_to_what_was_not_sent_is_passed_on() {
    let mut worker = Worker::new(&accounts_with(""));
    assert_eq!(worker.send(&[]), Flow::Pause);
    // Our own answer passes the filter too.
    assert_eq!(worker.receive(403, &[], WRONG), Flow::Continue);
    assert_eq!(cause_and_action(&worker), NONE);
    assert_eq!(worker.gateway.counters.borrow().len(), 2);
}

#[test]
fn without_verdict_headers_only_the_gateway_learns_of_a_retry() {
    let mut worker = sent(r#""verdict_headers":false"#);
    worker.receive(401, &[("date", HOUR_LATER)], LATE);
    assert_eq!(cause_and_action(&worker), (None, Some("retry".to_string())));
    assert_eq!((ours(&worker, "remedy"), ours(&worker, "clock-offset")), (None, None));
    worker.send_again(2);
    worker.receive(401, &[("date", HOUR_LATER), ("x-kling-auth-action", "retry")], LATE);
    assert_eq!(cause_and_action(&worker), NONE, "the server cannot ask for it");
    assert_eq!(worker.gateway.counter("kling_auth.refused.token_expired"), Some(2));
}

#[test]
fn a_server_cannot_ask_for_another_attempt_by_a_refusal() {
    let theirs = ["retry", "Retry", "accept"].map(|value| ("x-kling-auth-action", value));
    let mut worker = sent("");
    worker.receive(401, &theirs, WRONG);
    assert_eq!(cause_and_action(&worker), verdict("wrong_secret_key", "fail"));
}

#[test]
fn the_debug_header_shows_the_clock_and_the_account() {
    let mut worker = sent(r#""debug_header":true"#);
    worker.gateway.now.set(NOW + 5);
    // It is on each response.
    for (status, body) in [(200, ACCEPTED), (302, b""), (401, WRONG), (401, LATE)] {
        worker.send(&[]);
        worker.receive(status, &[JSON, ("x-kling-auth-debug", "theirs")], body);
        assert_eq!(ours(&worker, "debug").as_deref(), Some("clock_offset=0, expires_in=1795"));
    }
    worker.gateway.now.set(NOW + 9_000);
    worker.gateway.response.borrow_mut().clear();
    worker.receive(302, &[], b"");
    assert_eq!(
        ours(&worker, "debug").as_deref(),
        Some("clock_offset=0, expires_in=0"),
        "a response that took long"
    );
    let mut worker = Worker::new(r#"{"api_key":"api-key-kling-0123456789","debug_header":true}"#);
    worker.send(&[]);
    worker.receive(200, &[], b"");
    assert_eq!(ours(&worker, "debug").as_deref(), Some("clock_offset=0"));
}

/// A server that repeats what it was sent does not put it into our headers.
#[test]
fn neither_bearer_nor_secret_is_ever_shown() {
    let mut worker = sent(r#""debug_header":true"#);
    let bearer = header_at(super::ACCESS_KEY, SECRET_KEY, NOW);
    let token = bearer.strip_prefix("Bearer ").unwrap();
    for code in [1000, 1001, 1002, 1003, 1004, 1103, 401, 9999] {
        let body =
            format!(r#"{{"code":{code},"message":"bad {token}","request_id":"{SECRET_KEY}"}}"#);
        for status in [200, 401, 403, 500] {
            worker.send(&[("authorization", &bearer)]);
            worker.receive(status, &[JSON, ("date", HOUR_LATER)], body.as_bytes());
            let headers = format!(
                "{:?}",
                worker
                    .gateway
                    .response
                    .borrow()
                    .iter()
                    .map(|(name, value)| (
                        name.clone(),
                        String::from_utf8_lossy(value).into_owned()
                    ))
                    .collect::<vec::Vec<_>>()
            );
            for shown in [worker.gateway.said(), headers] {
                assert!(!shown.contains(SECRET_KEY) && !shown.contains("eyJ"), "{shown}");
            }
        }
    }
}

/// Envoy answers 500 in its place if it has to keep more than its buffer can hold.
#[test]
fn a_body_that_is_known_to_be_too_long_is_not_awaited() {
    let mut worker = sent("");
    worker.gateway.add_header(Message::Response, ":status", b"401");
    worker.gateway.add_header(Message::Response, "content-length", b"65537");
    assert_eq!(worker.response(Part::Headers(false)), Flow::Continue);
    assert_eq!(cause_and_action(&worker), verdict("not_kling", "fail"));
    assert_eq!(worker.response(Part::Body(65_537, true)), Flow::Continue);
    assert_eq!(worker.gateway.counter("kling_auth.refused.not_kling"), Some(1));
}

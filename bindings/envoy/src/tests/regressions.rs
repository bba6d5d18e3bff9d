//! Mistakes that were found by reading and by trying, and how they were corrected.

use super::{gateway::Worker, *};
use crate::gateway::{Flow, Message, Part};
use std::{format, string::String, vec::Vec};

const JSON: (&str, &str) = ("content-type", "application/json");
const ACCEPTED: &[u8] = br#"{"code":0,"message":"SUCCEED"}"#;

#[test]
fn a_host_is_a_whole_authority() {
    let mut failures = Vec::new();
    for host in [
        "api.klingai.com#.example.com",
        "api.klingai.com/.example.com",
        "api.klingai.com?.example.com",
        "api.klingai.com:443/@example.com",
        "api.klingai.com/",
        "api.klingai.com#@example.com:80",
    ] {
        let mut worker = Worker::new(&pair_with(""));
        worker.begin(&[(":authority", host)]);
        if worker.request(Part::Headers(true)) != Flow::Pause {
            failures.push(host);
        }
    }
    assert!(failures.is_empty(), "{failures:?}");
}

#[test]
fn a_server_cannot_write_our_headers() {
    let names = ["action"].map(|name| format!("x-kling-auth-{name}"));
    let mut failures = Vec::new();
    for (what, status, headers, body) in [
        ("accepted", 200, &[JSON][..], ACCEPTED),
        ("video", 200, &[("content-type", "video/mp4")], b"x"),
        ("redirect", 302, &[], b""),
        ("created", 201, &[JSON], ACCEPTED),
        ("array", 200, &[JSON], b"[]"),
    ] {
        let mut worker = Worker::new(&pair_with(""));
        worker.send(&[]);
        let theirs: Vec<(&str, &str)> = headers
            .iter()
            .copied()
            .chain(names.iter().map(|name| (name.as_str(), "retry")))
            .collect();
        worker.receive(status, &theirs, body);
        for name in &names {
            if worker.received(name).is_some() {
                failures.push(format!("{what}: {name}"));
            }
        }
    }
    // without verdict headers, on a refusal
    let mut worker = Worker::new(&pair_with(r#""verdict_headers":false"#));
    worker.send(&[]);
    let theirs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "retry")).collect();
    worker.receive(401, &theirs, br#"{"code":1000,"message":"signature is invalid"}"#);
    for name in &names {
        if worker.received(name).is_some() {
            failures.push(format!("no verdict headers: {name}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_secret_in_place_of_a_variables_name_is_not_shown() {
    let mut failures = Vec::new();
    for text in [
        format!(r#"{{"access_key_env":"A","secret_key_env":"{SECRET_KEY}"}}"#),
        format!(r#"{{"api_key_env":"{API_KEY}"}}"#),
        r#"{"webhook_secrets_env":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#.into(),
    ] {
        let refused = parse(&text, &[("A", ACCESS_KEY)]).err().unwrap();
        if [SECRET_KEY, API_KEY, "MfKQ9r8G"].iter().any(|secret| refused.message.contains(secret)) {
            failures.push(refused.message);
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_refused_request_stays_paused() {
    let mut worker = Worker::new(&accounts_with(""));
    worker.begin(&[(":authority", HOST), ("authorization", "Bearer theirs")]);
    assert_eq!(worker.request(Part::Headers(false)), Flow::Pause);
    let later: Vec<_> = [Part::Body(1, false), Part::Body(2, true), Part::Trailers]
        .into_iter()
        .map(|part| worker.request(part))
        .collect();
    assert_eq!(later, [Flow::Pause; 3]);
}
/// Envoy counts an attempt that could not connect, too.
#[test]
fn a_later_attempt_may_be_the_first_that_is_refused() {
    for count in [2, 3, 256] {
        let mut worker = Worker::new(&pair_with(""));
        worker.send(&[]);
        worker.send_again(count);
        worker.receive(401, &[("date", HOUR_LATER)], br#"{"code":1004,"message":"late"}"#);
        assert_eq!(worker.received("x-kling-auth-action").as_deref(), Some("retry"), "{count}");
        worker.send_again(count + 1);
        worker.receive(401, &[("date", HOUR_LATER)], br#"{"code":1004,"message":"late"}"#);
        assert_eq!(worker.received("x-kling-auth-action").as_deref(), Some("fail"), "{count}");
    }
}

#[test]
fn the_client_is_asked_at_the_first_attempt_only() {
    for count in [2, 256, 257, 1 << 32] {
        let mut worker = Worker::new(&pair_with(r#""client_authorization":"refuse""#));
        worker.send(&[]);
        assert_eq!(worker.send_again(count), Flow::Continue, "{count}");
    }
}

#[test]
fn trailers_carry_neither_a_bearer_nor_an_account() {
    let mut worker = Worker::new(&accounts_with(""));
    worker.begin(&[(":authority", HOST), ("x-kling-account", "a")]);
    assert_eq!(worker.request(Part::Headers(false)), Flow::Continue);
    for name in ["authorization", "x-kling-account", "x-other"] {
        worker.gateway.add_header(Message::RequestTrailers, name, b"theirs");
    }
    assert_eq!(worker.request(Part::Trailers), Flow::Continue);
    let left: Vec<String> =
        worker.gateway.trailers.borrow().iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(left, ["x-other"]);
}

#[test]
fn the_account_header_has_no_other_use() {
    let mut failures: Vec<String> = Vec::new();
    for name in [
        r"x\n",
        r"",
        r"x tenant",
        r"\u0000",
        r":path",
        r":authority",
        r"authorization",
        r"ä",
        r"x-kling-auth-action",
        r"content-length",
        r"Cookie",
    ] {
        if parse(&accounts_with(&format!(r#""account_header":"{name}""#)), &[]).is_ok() {
            failures.push(name.into());
        }
    }
    assert!(failures.is_empty(), "{failures:?}");
}

#[test]
fn the_log_does_not_announce_a_retry_that_is_not_made() {
    let mut worker = Worker::new(&pair_with(""));
    worker.send(&[]);
    worker.receive(401, &[("date", HOUR_LATER)], br#"{"code":1004,"message":"late"}"#);
    worker.send_again(2);
    worker.gateway.lines.borrow_mut().clear();
    worker.gateway.now.set(NOW + 1);
    worker.receive(401, &[("date", HOUR_LATER)], br#"{"code":1004,"message":"late"}"#);
    assert_eq!(worker.received("x-kling-auth-action").as_deref(), Some("fail"));
    let said = worker.gateway.said();
    assert!(!said.contains("it is sent once more"), "{said}");
}

#[test]
fn an_authorization_that_is_not_utf_8_is_refused_too() {
    let mut worker = Worker::new(&pair_with(r#""client_authorization":"refuse""#));
    worker.begin(&[(":authority", HOST)]);
    worker.gateway.add_header(Message::Request, "authorization", b"Bearer \xff");
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
}

#[test]
fn null_and_a_value_are_a_member_twice() {
    for text in [
        r#"{"api_key":null,"api_key":"api-key-kling-1"}"#,
        r#"{"access_key":"a","secret_key":"b","lifetime":null,"lifetime":60}"#,
    ] {
        assert!(
            parse(text, &[]).is_err_and(|refused| refused.message.ends_with(" is there twice")),
            "{text}"
        );
    }
}

#[test]
fn a_new_configuration_defines_no_new_numbers() {
    let mut worker = Worker::new(&pair_with(""));
    for _ in 0..100 {
        assert!(worker.filters.configure(
            gateway::ROOT,
            pair_with("").as_bytes(),
            &variables(&[]),
            &worker.gateway
        ));
    }
    let count = worker.gateway.defined.borrow().len();
    assert!(count < 10, "{count}");
}

#[test]
fn a_filter_of_a_listener_is_found_out_each_time() {
    let mut worker = Worker::new(&pair_with(""));
    assert_eq!(worker.send(&[]), Flow::Continue);
    worker.begin(&[(":authority", HOST)]);
    worker.gateway.properties.borrow_mut().remove(gateway::UPSTREAM);
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
}

#[test]
fn clusters_with_and_without_tls_share_a_configuration() {
    let mut worker = Worker::new(&pair_with(r#""base_url":"http://127.0.0.1:8080""#));
    worker.begin(&[(":authority", "127.0.0.1:8080")]);
    worker.gateway.properties.borrow_mut().remove(gateway::TLS);
    assert_eq!(worker.request(Part::Headers(true)), Flow::Continue);
    worker.receive(302, &[], b"");
    assert_eq!(
        worker.send(&[]),
        Flow::Continue,
        "Kling's own host, by a cluster with TLS: {:?}",
        worker.answer()
    );
}
#[test]
fn a_cluster_without_tls_after_one_with() {
    let mut worker = Worker::new(&pair_with(""));
    worker.send(&[]);
    worker.receive(302, &[], b"");
    // Another cluster, with the same configuration, has no TLS.
    for _ in 0..3 {
        worker.begin(&[(":authority", HOST)]);
        worker.gateway.properties.borrow_mut().remove(gateway::TLS);
        let other = (gateway::UPSTREAM.into(), b"192.0.2.2:443".to_vec());
        worker.gateway.properties.borrow_mut().extend([other]);
        worker.request(Part::Headers(true));
        worker.receive(302, &[], b"");
    }
    assert!(worker.answer().is_some(), "it is never found out");
}

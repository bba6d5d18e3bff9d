//! Which requests get a bearer, and which one.

use std::{format, string::String};

use super::{
    API_KEY, HOST, NOW, OTHER_ACCESS_KEY, OTHER_SECRET_KEY, accounts_with,
    gateway::{TLS, Worker},
    header_at, header_of_a, pair_with,
};
use crate::gateway::{Flow, LogLevel, Message, Part};

fn header_of_b(now: u64) -> String {
    header_at(OTHER_ACCESS_KEY, OTHER_SECRET_KEY, now)
}

/// Sends a request, which must be signed, and returns its `Authorization`.
fn signed(worker: &mut Worker, headers: &[(&str, &str)]) -> String {
    assert_eq!(worker.send(headers), Flow::Continue);
    assert_eq!(worker.answer(), None);
    worker.sent("authorization").unwrap()
}

/// Sends a request, which must be refused, and returns the status, the code and the message.
fn refused(worker: &mut Worker, headers: &[(&str, &str)]) -> (u16, String, String) {
    assert_eq!(worker.send(headers), Flow::Pause);
    worker.answer().unwrap()
}

#[test]
fn a_token_is_used_until_300_seconds_before_its_end() {
    let mut worker = Worker::new(&pair_with(""));
    let first = header_of_a(NOW);
    for now in [NOW, NOW + 1, NOW + 1500] {
        worker.gateway.now.set(now);
        assert_eq!(signed(&mut worker, &[]), first, "{now}");
    }
    assert_eq!(worker.gateway.counter("kling_auth.minted"), Some(1));
    worker.gateway.now.set(NOW + 1501);
    assert_eq!(signed(&mut worker, &[]), header_of_a(NOW + 1501));
    worker.gateway.now.set(NOW + 1500);
    assert_eq!(signed(&mut worker, &[]), header_of_a(NOW + 1500), "the clock was set back");
    assert_eq!(worker.gateway.counter("kling_auth.minted"), Some(3));
    let lines = worker.gateway.lines.borrow();
    assert_eq!(lines.len(), 3);
    let minted =
        "kling-auth: minted a token that expires at 2027-01-15 08:30:00 UTC (DEBUG_TOKEN_MINTED)";
    assert_eq!(lines[0], (LogLevel::Debug, minted.into()));
}

#[test]
fn lifetime_and_buffer_are_those_of_the_configuration() {
    let expires = |members: &str, after: u64| {
        let mut worker = Worker::new(&pair_with(members));
        let first = signed(&mut worker, &[]);
        worker.gateway.now.set(NOW + after);
        first != signed(&mut worker, &[])
    };
    for (members, last) in [
        (r#""lifetime":600"#, 300),
        (r#""lifetime":300"#, 150),
        (r#""lifetime":1800,"buffer_sec":60"#, 1740),
        (r#""buffer_sec":0"#, 1799),
        (r#""buffer_sec":1800"#, 0),
    ] {
        assert!(!expires(members, last), "{members}");
        assert!(expires(members, last + 1), "{members}");
    }
    let mut worker = Worker::new(&pair_with(r#""buffer_sec":18446744073709551615"#));
    assert_eq!(signed(&mut worker, &[]), signed(&mut worker, &[]));
    worker.gateway.now.set(NOW + 1);
    assert_eq!(signed(&mut worker, &[]), header_of_a(NOW + 1));
}

#[test]
fn no_time_is_too_early_or_too_late() {
    for now in [0, 1, u64::MAX, u64::MAX - 1, u64::MAX / 1_000_000_000, 253_402_300_799] {
        let mut worker = Worker::new(&pair_with(r#""debug_header":true"#));
        worker.gateway.now.set(now);
        assert_eq!(signed(&mut worker, &[]), header_of_a(now), "{now}");
        let body = br#"{"code":1004,"message":"late"}"#;
        worker.receive(401, &[("date", super::HOUR_LATER)], body);
    }
}

#[test]
fn an_api_key_is_its_own_token() {
    let mut worker = Worker::new(&format!(r#"{{"api_key":"{API_KEY}"}}"#));
    for now in [0, NOW, u64::MAX - 1] {
        worker.gateway.now.set(now);
        assert_eq!(signed(&mut worker, &[]), format!("Bearer {API_KEY}"));
    }
    assert_eq!(worker.gateway.counter("kling_auth.minted"), Some(0));
}

#[test]
fn a_header_chooses_the_account() {
    for (members, name) in [("", "x-kling-account"), (r#""account_header":"x-tenant""#, "x-tenant")]
    {
        let mut worker = Worker::new(&accounts_with(members));
        for (account, expected) in [("a", header_of_a(NOW)), ("b", header_of_b(NOW))] {
            assert_eq!(signed(&mut worker, &[(name, account)]), expected);
            assert_eq!(worker.sent(name), None, "Kling need not know it");
        }
        // Nothing else names an account, and then nothing is signed.
        for account in ["", "c", "A", " a", "a,b", "0", "accounts.a", "ä"] {
            let (status, code, message) = refused(&mut worker, &[(name, account)]);
            assert_eq!((status, code.as_str()), (403, "ERR_ACCOUNT"), "{account}");
            assert_eq!(
                message,
                format!(
                    "the request must name an account that this gateway has, in the header {name}"
                )
            );
            assert_eq!(worker.sent("authorization"), None);
        }
        assert_eq!(refused(&mut worker, &[]).1, "ERR_ACCOUNT");
        assert_eq!(refused(&mut worker, &[(name, "a"), (name, "a")]).1, "ERR_ACCOUNT");
        assert_eq!(worker.gateway.counter("kling_auth.minted"), Some(2));
    }
}

#[test]
fn a_later_attempt_uses_the_account_of_the_first() {
    let mut worker = Worker::new(&accounts_with(""));
    for (account, expected) in [("a", header_of_a(NOW)), ("b", header_of_b(NOW))] {
        assert_eq!(signed(&mut worker, &[("x-kling-account", account)]), expected);
        for count in [2, 3, 255] {
            assert_eq!(worker.send_again(count), Flow::Continue);
            assert_eq!(worker.sent("authorization"), Some(expected.clone()));
        }
    }
    // A client cannot set the property, and what an earlier request left is not that of this one.
    assert_eq!(worker.send(&[]), Flow::Pause);
    assert_eq!(worker.send_again(2), Flow::Pause);
    // What is not UTF-8 names no account.
    worker.gateway.answers.borrow_mut().clear();
    worker.gateway.properties.borrow_mut().insert("kling_auth_account".into(), b"\xff".to_vec());
    assert_eq!(worker.send_again(2), Flow::Pause);
}

#[test]
fn a_first_attempt_does_not_read_the_account_of_another() {
    let mut worker = Worker::new(&accounts_with(""));
    worker.begin(&[(":authority", HOST)]);
    worker.gateway.properties.borrow_mut().insert("kling_auth_account".into(), b"a".to_vec());
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
    assert_eq!(worker.answer().unwrap().1, "ERR_ACCOUNT");
}

#[test]
fn the_clients_authorization_is_replaced_or_refused() {
    let theirs = [("authorization", "Bearer theirs"), ("Authorization", "Basic dXNlcjpwYXNz")];
    for members in ["", r#""client_authorization":"replace""#] {
        let mut worker = Worker::new(&pair_with(members));
        assert_eq!(signed(&mut worker, &theirs), header_of_a(NOW));
    }
    let mut worker = Worker::new(&pair_with(r#""client_authorization":"refuse""#));
    for headers in [&theirs[..], &theirs[..1], &[("authorization", "")]] {
        let (status, code, message) = refused(&mut worker, headers);
        assert_eq!((status, code.as_str()), (403, "ERR_CLIENT_AUTHORIZATION"));
        assert_eq!(message, "the gateway adds the bearer: send the request without Authorization");
    }
    assert_eq!(signed(&mut worker, &[]), header_of_a(NOW));
    assert_eq!(worker.send_again(2), Flow::Continue, "this is the one of the attempt before");
    assert_eq!(worker.sent("authorization"), Some(header_of_a(NOW)));
}

#[test]
fn the_bearer_goes_to_kling_and_to_the_base_url() {
    let with = |base_url: &str| Worker::new(&pair_with(&format!(r#""base_url":"{base_url}""#)));
    let send_to = |worker: &mut Worker, host: &str| {
        worker.begin(&[(":authority", host)]);
        let flow = worker.request(Part::Headers(true));
        let code = worker.answer().map(|(status, code, _)| (status, code));
        assert_eq!(flow == Flow::Continue, code.is_none());
        assert_eq!(worker.sent("authorization").is_some(), code.is_none());
        assert_eq!(code.clone().unwrap_or((403, "ERR_ORIGIN".into())), (403, "ERR_ORIGIN".into()));
        code.is_none()
    };
    let kling = [HOST, "api.klingai.com", "API.KlingAI.com:443", "api-beijing.klingai.com"];
    let others = [
        "example.com",
        "api.klingai.com:80",
        "api.klingai.com:8443",
        "api.klingai.com.example.com",
        "example.com:443",
        "user@api.klingai.com",
        "api.klingai.com@example.com",
        "api.klingai.com:443@example.com",
        "klingai.com",
        "cdn.klingai.com",
        "api.klingai.com,example.com",
        "api.klingai.com example.com",
        "api.klingai.com\\example.com",
        "api.klingai.com%2f.example.com",
        "api.klingai.com.",
        ":443",
        "ä.klingai.com",
        "https://api.klingai.com",
    ];
    for (base_url, also) in [
        ("https://api.klingai.com", &[][..]),
        ("https://gateway.example/kling", &["gateway.example", "Gateway.Example:443"]),
        ("http://127.0.0.1:8080", &["127.0.0.1:8080"]),
        ("http://localhost", &["localhost", "localhost:80"]),
        ("https://[2001:db8::1]:8443", &["[2001:db8::1]:8443"]),
    ] {
        let mut worker = with(base_url);
        // In turn, because the last host that was allowed is cached.
        for host in kling.iter().chain(also) {
            assert!(send_to(&mut worker, host), "{base_url}: {host}");
            for other in others {
                assert!(!send_to(&mut worker, other), "{base_url}: {other}");
            }
            assert!(send_to(&mut worker, host), "{base_url}: {host}");
        }
        for host in ["gateway.example:8443", "127.0.0.1", "localhost:8080", "[2001:db8::1]"] {
            assert!(!send_to(&mut worker, host), "{base_url}: {host}");
        }
    }
}

/// The message does not repeat what is no host.
#[test]
fn the_answer_to_another_host_is_json() {
    let mut worker = Worker::new(&pair_with(""));
    worker.begin(&[(":authority", r#"a"b\c.example"#)]);
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
    let (_, _, message) = worker.answer().unwrap();
    assert!(message.starts_with("the bearer is not sent to another host, only to Kling's API"));
    let answers = worker.gateway.answers.borrow();
    assert!(answers[0].1.starts_with(r#"{"code":"ERR_ORIGIN","message":""#));
    assert!(answers[0].1.ends_with("\"}\n"));
}

#[test]
fn a_filter_of_a_listener_answers_500() {
    let mut worker = Worker::new(&pair_with(""));
    worker.begin(&[(":authority", HOST)]);
    worker.gateway.properties.borrow_mut().clear();
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
    let (status, code, message) = worker.answer().unwrap();
    assert_eq!((status, code.as_str()), (500, "ERR_CONFIGURATION"));
    assert_eq!(
        message,
        "the filter must be one of the cluster's, not of the listener's: move it to http_filters \
         in the cluster's HttpProtocolOptions"
    );
    assert_eq!(worker.sent("authorization"), None);
    // It is asked until the answer is yes.
    assert_eq!(signed(&mut worker, &[]), header_of_a(NOW));
}

#[test]
fn a_cluster_without_tls_gets_no_second_bearer() {
    let not_tls = "the cluster has no TLS, so bearers would be sent in the clear: add a \
                   transport_socket with an UpstreamTlsContext";
    for version in [None, Some("")] {
        let mut worker = Worker::new(&pair_with(""));
        assert_eq!(worker.send(&[]), Flow::Continue, "Envoy does not say it before");
        worker.gateway.properties.borrow_mut().remove(TLS);
        if let Some(version) = version {
            worker.gateway.properties.borrow_mut().insert(TLS.into(), version.into());
        }
        worker.gateway.lines.borrow_mut().clear();
        worker.receive(302, &[], b"");
        let expected = (LogLevel::Error, format!("kling-auth: {not_tls}"));
        assert_eq!(*worker.gateway.lines.borrow(), [expected]);
        for _ in 0..2 {
            let expected = (500, "ERR_CONFIGURATION".into(), not_tls.into());
            assert_eq!(refused(&mut worker, &[]), expected);
            assert_eq!(worker.sent("authorization"), None);
        }
        assert_eq!(worker.gateway.lines.borrow().len(), 1);
    }
    // This machine needs none.
    let mut worker = Worker::new(&pair_with(r#""base_url":"http://127.0.0.1:8080""#));
    for _ in 0..2 {
        worker.begin(&[(":authority", "127.0.0.1:8080")]);
        worker.gateway.properties.borrow_mut().remove(TLS);
        assert_eq!(worker.request(Part::Headers(true)), Flow::Continue);
        worker.receive(302, &[], b"");
    }
    let lines = worker.gateway.lines.borrow();
    assert!(lines.iter().all(|(level, _)| *level == LogLevel::Debug), "{lines:?}");
}

#[test]
fn a_request_without_a_host_gets_no_bearer() {
    for host in [None, Some(&b""[..]), Some(b"\xff.example.com")] {
        let mut worker = Worker::new(&pair_with(""));
        worker.begin(&[]);
        if let Some(host) = host {
            worker.gateway.add_header(Message::Request, ":authority", host);
        }
        assert_eq!(worker.request(Part::Headers(true)), Flow::Pause, "{host:?}");
        assert_eq!(worker.sent("authorization"), None);
        assert_eq!(worker.answer().unwrap().1, "ERR_ORIGIN");
    }
}

#[test]
fn the_body_of_a_request_is_not_read() {
    let mut worker = Worker::new(&pair_with(""));
    worker.begin(&[(":authority", HOST)]);
    *worker.gateway.request_body.borrow_mut() = b"never read".to_vec();
    assert_eq!(worker.request(Part::Headers(false)), Flow::Continue);
    let after = worker.gateway.request.borrow().clone();
    for part in [Part::Body(5, false), Part::Body(usize::MAX, true), Part::Trailers] {
        assert_eq!(worker.request(part), Flow::Continue);
    }
    assert_eq!(*worker.gateway.request.borrow(), after);
    assert_eq!(worker.sent("authorization"), Some(header_of_a(NOW)));
}

#[test]
fn it_works_without_counters() {
    let mut worker = Worker::new(&pair_with(""));
    worker.gateway.has_no_counters.set(true);
    assert_eq!(signed(&mut worker, &[]), header_of_a(NOW));
    worker.receive(401, &[], br#"{"code":1000,"message":"signature is invalid"}"#);
    assert_eq!(worker.received("x-kling-auth-cause").as_deref(), Some("wrong_secret_key"));
}

#[test]
fn an_answer_that_can_be_read_is_asked_for() {
    let mut worker = Worker::new(&pair_with(""));
    worker.send(&[("accept-encoding", "gzip")]);
    assert_eq!(worker.sent("accept-encoding").as_deref(), Some("identity"));
}

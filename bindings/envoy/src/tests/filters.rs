//! The configurations and the requests of one worker.

use std::{format, string::ToString, vec::Vec};

use super::{
    HOST, HOUR_LATER, NOW, OTHER_ACCESS_KEY, OTHER_PAIR, OTHER_SECRET_KEY,
    gateway::{FakeGateway, ROOT, Worker},
    header_at, header_of_a, pair_with, variables,
};
use crate::{
    filters::Filters,
    gateway::{Flow, Gateway, LogLevel, Message, Part},
};

fn header_of_b(now: u64) -> std::string::String {
    header_at(OTHER_ACCESS_KEY, OTHER_SECRET_KEY, now)
}

const PARTS: [Part; 5] = [
    Part::Headers(false),
    Part::Headers(true),
    Part::Body(usize::MAX, false),
    Part::Body(0, true),
    Part::Trailers,
];

#[test]
fn a_request_of_no_configuration_waits_forever() {
    let (mut filters, gateway) = (Filters::new(), FakeGateway::default());
    filters.begin(2, ROOT);
    for stream in [0, ROOT, 2, u32::MAX] {
        for part in PARTS {
            assert_eq!(filters.handle(stream, Message::Request, part, &gateway), Flow::Pause);
            assert_eq!(filters.handle(stream, Message::Response, part, &gateway), Flow::Continue);
        }
    }
    assert!(gateway.request.borrow().is_empty() && gateway.answers.borrow().is_empty());
}

#[test]
fn a_configuration_is_not_a_request() {
    let mut worker = Worker::new(&pair_with(""));
    worker.begin(&[(":authority", HOST)]);
    worker.stream = ROOT;
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
    assert_eq!(worker.sent("authorization"), None);
    // Nor is a request a configuration.
    worker.send(&[]);
    let stream = worker.stream;
    worker.filters.begin(9, stream);
    worker.begin(&[(":authority", HOST)]);
    worker.stream = 9;
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
}

#[test]
fn a_new_configuration_is_used_by_new_requests() {
    let mut worker = Worker::new(&pair_with(""));
    worker.begin(&[(":authority", HOST)]);
    let none = variables(&[]);
    let other = format!("{{{OTHER_PAIR}}}");
    assert!(worker.filters.configure(ROOT, other.as_bytes(), &none, &worker.gateway));
    assert_eq!(worker.request(Part::Headers(true)), Flow::Continue);
    assert_eq!(worker.sent("authorization"), Some(header_of_a(NOW)), "it began before");
    worker.receive(401, &[("date", HOUR_LATER)], br#"{"code":1004,"message":"late"}"#);
    assert_eq!(worker.received("x-kling-auth-action").as_deref(), Some("retry"));
    worker.send(&[]);
    assert_eq!(worker.sent("authorization"), Some(header_of_b(NOW)), "with a clock of its own");
}

#[test]
fn a_refused_configuration_leaves_the_one_before() {
    let mut worker = Worker::new(&pair_with(""));
    let none = variables(&[]);
    for refused in ["[]", r#"{"lifetime":0}"#, r#"{"webhook_secrets":[]}"#] {
        assert!(!worker.filters.configure(ROOT, refused.as_bytes(), &none, &worker.gateway));
    }
    {
        let lines = worker.gateway.lines.borrow();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|(level, _)| *level == LogLevel::Error));
        let why = "kling-auth refuses its configuration: lifetime must be a whole number of \
                   seconds from 1 to 1800: Kling refuses a token that is valid for more than 30 \
                   minutes (ERR_LIFETIME)";
        assert_eq!(lines[1].1, why);
    }
    assert_eq!(worker.send(&[]), Flow::Continue);
    assert_eq!(worker.sent("authorization"), Some(header_of_a(NOW)));
    // A first one that is refused leaves none.
    let mut filters = Filters::new();
    assert!(!filters.configure(ROOT, b"[]", &none, &worker.gateway));
    filters.begin(2, ROOT);
    let flow = filters.handle(2, Message::Request, Part::Headers(true), &worker.gateway);
    assert_eq!(flow, Flow::Pause);
}

#[test]
fn end_forgets_requests_and_configurations() {
    let mut worker = Worker::new(&pair_with(""));
    worker.send(&[]);
    let stream = worker.stream;
    worker.filters.end(stream);
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
    assert_eq!(worker.receive(401, &[], b""), Flow::Continue);
    assert_eq!(worker.received("x-kling-auth-cause"), None);
    // A request that is under way keeps what it shares with a configuration that ended.
    worker.begin(&[(":authority", HOST)]);
    worker.filters.end(ROOT);
    assert_eq!(worker.request(Part::Headers(true)), Flow::Continue);
    assert_eq!(worker.sent("authorization"), Some(header_of_a(NOW)));
    assert_eq!(worker.send(&[]), Flow::Pause, "a new one has none");
    for context in [0, ROOT, stream, stream, 77, u32::MAX] {
        worker.filters.end(context);
    }
}

/// Requests end in another order than they began in, and the gateway's numbers may start again.
#[test]
fn many_requests_at_once() {
    let (mut filters, gateway) = (Filters::new(), FakeGateway::default());
    let none = variables(&[]);
    let numbers: Vec<u32> =
        (0..300_u32).map(|index| index.wrapping_mul(2_654_435_761) | 1).collect();
    let (root, other_root) = (u32::MAX - 1, 2);
    gateway.now.set(NOW);
    assert!(filters.configure(root, pair_with("").as_bytes(), &none, &gateway));
    let other = format!("{{{OTHER_PAIR}}}");
    assert!(filters.configure(other_root, other.as_bytes(), &none, &gateway));
    for (index, number) in numbers.iter().enumerate() {
        filters.begin(*number, if index % 2 == 0 { root } else { other_root });
    }
    gateway
        .properties
        .borrow_mut()
        .insert(super::gateway::UPSTREAM.into(), b"192.0.2.1:443".to_vec());
    for (index, number) in numbers.iter().enumerate().rev() {
        gateway.request.borrow_mut().clear();
        gateway.add_header(Message::Request, ":authority", HOST.as_bytes());
        let flow = filters.handle(*number, Message::Request, Part::Headers(true), &gateway);
        assert_eq!(flow, Flow::Continue);
        let expected = if index % 2 == 0 { header_of_a(NOW) } else { header_of_b(NOW) };
        assert_eq!(gateway.header(Message::Request, "authorization"), Some(expected));
        if index % 3 == 0 {
            filters.end(*number);
        }
    }
    for (index, number) in numbers.iter().enumerate() {
        let flow = filters.handle(*number, Message::Request, Part::Trailers, &gateway);
        assert_eq!(flow == Flow::Pause, index % 3 == 0);
    }
}

#[test]
fn warnings_are_logged_with_the_configuration() {
    let (mut filters, gateway) = (Filters::new(), FakeGateway::default());
    let configuration = r#"{"access_key_env":"A","secret_key":"a-secret-key"}"#;
    let of = variables(&[("A", "an-access-key\n")]);
    assert!(filters.configure(ROOT, configuration.as_bytes(), &of, &gateway));
    let unlike = "the value does not look like a key of 32 letters and digits; it is used as it is";
    let expected = [
        "kling-auth: A: removed white space around the value (WARN_CLEANED)".to_string(),
        format!("kling-auth: A: {unlike} (WARN_SHAPE)"),
        format!("kling-auth: secret_key: {unlike} (WARN_SHAPE)"),
    ];
    assert_eq!(*gateway.lines.borrow(), expected.map(|line| (LogLevel::Warning, line)));
    assert_eq!(gateway.counter("kling_auth.minted"), Some(0));
    assert_eq!(gateway.counter("kling_auth.corrected"), Some(0));
}

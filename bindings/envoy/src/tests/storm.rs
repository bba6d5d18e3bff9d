//! Any sequence of calls, with any headers: nothing panics, and the bearer goes where it may.

use std::{format, string::String, vec::Vec};

use proptest::prelude::*;

use super::{
    ACCESS_KEY, API_KEY, HOST, NOW, OTHER_SECRET_KEY, PAIR, SECRET_KEY, accounts_with,
    gateway::{ATTEMPT, FakeGateway, TLS, UPSTREAM},
    pair_with, variables,
};
use crate::{
    filters::Filters,
    gateway::{Flow, Gateway, Message, Part},
};

#[derive(Clone, Debug)]
enum Call {
    Configure(u32, usize),
    Begin(u32, u32),
    End(u32),
    Handle(u32, bool, Part),
    Header(bool, &'static str, &'static str),
    NoHeaders(bool),
    Body(bool, Vec<u8>),
    Attempt(Option<u64>),
    Upstream(bool),
    Tls(bool),
    Time(u64),
}

const HEADERS: &[(&str, &str)] = &[
    (":authority", HOST),
    (":authority", "api.klingai.com"),
    (":authority", "example.com"),
    ("authorization", "Bearer theirs"),
    ("x-kling-account", "a"),
    ("x-kling-account", "b"),
    ("x-kling-account", "c"),
    ("webhook-id", "msg_1"),
    ("webhook-timestamp", "1800000000"),
    ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    (":status", "200"),
    (":status", "401"),
    (":status", "429"),
    (":status", "503"),
    ("content-type", "application/json"),
    ("content-length", "60"),
    ("date", super::HOUR_LATER),
    ("date", "Fri, 15 Jan 2027 07:00:00 GMT"),
];

const BODIES: &[&[u8]] = &[
    b"",
    b"{",
    br#"{"code":0,"message":"SUCCEED"}"#,
    br#"{"code":1000,"message":"signature is invalid"}"#,
    br#"{"code":1002,"message":"access key not exist"}"#,
    br#"{"code":1003,"message":"early"}"#,
    br#"{"code":1004,"message":"late"}"#,
    &[b' '; 70_000],
];

fn configurations() -> Vec<String> {
    [
        pair_with(""),
        pair_with(r#""client_authorization":"refuse","debug_header":true,"lifetime":1"#),
        pair_with(r#""verdict_headers":false,"buffer_sec":99999"#),
        accounts_with(r#""debug_header":true"#),
        format!(r#"{{"api_key":"{API_KEY}"}}"#),
        r#"{"webhook_secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#.into(),
        format!(r#"{{{PAIR},"lifetime":0}}"#),
    ]
    .into()
}

fn call() -> impl Strategy<Value = Call> {
    let part = prop_oneof![
        any::<bool>().prop_map(Part::Headers),
        (prop::sample::select(&[0, 1, 60, 65_536, 65_537, usize::MAX][..]), any::<bool>())
            .prop_map(|(len, is_last)| Part::Body(len, is_last)),
        Just(Part::Trailers),
    ];
    let context = || 0..6_u32;
    let time = prop_oneof![
        4 => NOW - 7_200..NOW + 7_200,
        1 => prop::sample::select(&[0, 1, u64::MAX, u64::MAX - 1800][..]),
    ];
    prop_oneof![
        2 => (0..2_u32, 0..7_usize).prop_map(|(root, which)| Call::Configure(root, which)),
        3 => (context(), 0..3_u32).prop_map(|(stream, root)| Call::Begin(stream, root)),
        1 => context().prop_map(Call::End),
        12 => (context(), any::<bool>(), part).prop_map(|(stream, is, part)| Call::Handle(stream, is, part)),
        6 => (any::<bool>(), prop::sample::select(HEADERS))
            .prop_map(|(is_request, (name, value))| Call::Header(is_request, name, value)),
        2 => any::<bool>().prop_map(Call::NoHeaders),
        2 => (any::<bool>(), prop::sample::select(BODIES))
            .prop_map(|(is_request, body)| Call::Body(is_request, body.into())),
        1 => prop::option::of(prop::sample::select(&[0, 1, 2, 255, u64::MAX][..])).prop_map(Call::Attempt),
        1 => prop::bool::weighted(0.8).prop_map(Call::Upstream),
        1 => prop::bool::weighted(0.8).prop_map(Call::Tls),
        1 => time.prop_map(Call::Time),
    ]
}

fn message(is_request: bool) -> Message {
    if is_request { Message::Request } else { Message::Response }
}

fn make(call: Call, filters: &mut Filters, gateway: &FakeGateway) -> Result<(), TestCaseError> {
    match call {
        Call::Configure(root, which) => {
            filters.configure(root, configurations()[which].as_bytes(), &variables(&[]), gateway);
        }
        Call::Begin(stream, root) => filters.begin(stream, root),
        Call::End(context) => filters.end(context),
        Call::Handle(stream, is_request, part) => {
            let sent = || gateway.header(Message::Request, "authorization");
            let (before, answers) = (sent(), gateway.answers.borrow().len());
            let flow = filters.handle(stream, message(is_request), part, gateway);
            if sent() != before {
                // It was signed: as a request to Kling, in a first part, and it is passed on.
                prop_assert!(is_request && matches!(part, Part::Headers(_)));
                let host = gateway.header(Message::Request, ":authority").unwrap_or_default();
                prop_assert!(host == HOST || host == "api.klingai.com");
                prop_assert_eq!(flow, Flow::Continue);
            }
            if gateway.answers.borrow().len() != answers {
                prop_assert!(is_request && flow == Flow::Pause);
            }
        }
        Call::Header(is_request, name, value) => {
            gateway.add_header(message(is_request), name, value.as_bytes());
        }
        Call::NoHeaders(true) => gateway.request.borrow_mut().clear(),
        Call::NoHeaders(false) => gateway.response.borrow_mut().clear(),
        Call::Body(true, body) => *gateway.request_body.borrow_mut() = body,
        Call::Body(false, body) => *gateway.response_body.borrow_mut() = body,
        Call::Attempt(None) => drop(gateway.properties.borrow_mut().remove(ATTEMPT)),
        Call::Attempt(Some(count)) => gateway.set_attempt(count),
        Call::Upstream(true) => gateway.set_property(UPSTREAM, b"192.0.2.1:443"),
        Call::Upstream(false) => drop(gateway.properties.borrow_mut().remove(UPSTREAM)),
        Call::Tls(true) => gateway.set_property(TLS, b"TLSv1.3"),
        Call::Tls(false) => drop(gateway.properties.borrow_mut().remove(TLS)),
        Call::Time(now) => gateway.now.set(now),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_sequence_of_calls(calls in prop::collection::vec(call(), 0..120)) {
        let (mut filters, gateway) = (Filters::new(), FakeGateway::default());
        gateway.now.set(NOW);
        for call in [Call::Configure(0, 0), Call::Configure(1, 3), Call::Upstream(true), Call::Tls(true)] {
            make(call, &mut filters, &gateway)?;
        }
        for call in calls {
            make(call, &mut filters, &gateway)?;
        }
        let headers: Vec<_> = gateway.response.borrow().iter().flat_map(|(_, value)| value.clone()).collect();
        for shown in [gateway.said(), String::from_utf8(headers).unwrap()] {
            for secret in [SECRET_KEY, OTHER_SECRET_KEY, API_KEY, ACCESS_KEY, "eyJ", "MfKQ9r8G"] {
                prop_assert!(!shown.contains(secret), "{}: {}", secret, shown);
            }
        }
    }
}

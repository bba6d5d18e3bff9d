//! Callbacks from Kling: what is passed on, and what the program behind the filter gets.

use std::{format, string::String};

use kling_jwt_core::HmacKey;

use super::gateway::{FakeGateway, ROOT, Worker};
use crate::gateway::{Flow, Message, Part};

/// The example of Standard Webhooks, from the tests of its own libraries.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIME: u64 = 1_614_265_330;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
/// Another one, of 24 bytes.
const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const SHORT: &str = "whsec_AAECAw==";

fn worker(secrets: &[&str]) -> Worker {
    let worker = Worker::new(&format!(r#"{{"webhook_secrets":{secrets:?}}}"#));
    worker.gateway.now.set(TIME);
    worker
}

const SIGNED: [(&str, &str); 3] =
    [("webhook-id", ID), ("webhook-timestamp", "1614265330"), ("webhook-signature", SIGNATURE)];

/// Sends a callback with headers, and its body at once.
fn deliver(worker: &mut Worker, headers: &[(&str, &str)], body: &[u8]) -> Flow {
    worker.begin(headers);
    *worker.gateway.request_body.borrow_mut() = body.to_vec();
    if body.is_empty() {
        return worker.request(Part::Headers(true));
    }
    assert_eq!(worker.request(Part::Headers(false)), Flow::Pause);
    worker.request(Part::Body(body.len(), true))
}

/// What the program gets as id and time.
fn verified(gateway: &FakeGateway) -> [Option<String>; 2] {
    use crate::gateway::Gateway;

    ["x-kling-auth-webhook-id", "x-kling-auth-webhook-timestamp"]
        .map(|name| gateway.header(Message::Request, name))
}

fn expected() -> [Option<String>; 2] {
    [Some(ID.into()), Some("1614265330".into())]
}

const NONE: [Option<String>; 2] = [None, None];

#[test]
fn a_signed_callback_is_passed_on() {
    // During a rotation there are two secrets, in any order.
    for secrets in [&[SECRET][..], &[OTHER, SECRET], &[SECRET, OTHER], &[SHORT, SECRET]] {
        let mut worker = worker(secrets);
        assert_eq!(worker.gateway.counter("kling_auth.callbacks.verified"), Some(0));
        for now in [TIME, TIME - 300, TIME + 300] {
            worker.gateway.now.set(now);
            assert_eq!(deliver(&mut worker, &SIGNED, BODY), Flow::Continue);
            assert_eq!((worker.answer(), verified(&worker.gateway)), (None, expected()));
        }
        assert_eq!(worker.gateway.counter("kling_auth.callbacks.verified"), Some(3));
        assert!(worker.gateway.lines.borrow().is_empty());
        let headers = worker.gateway.request.borrow();
        for (name, value) in SIGNED {
            let kept = headers.iter().find(|(known, _)| known == name);
            assert_eq!(kept.map(|(_, value)| value.as_slice()), Some(value.as_bytes()));
        }
        assert_eq!(*worker.gateway.request_body.borrow(), BODY);
    }
}

#[test]
fn each_refusal_has_a_code_and_a_counter() {
    let [id, time, signature] = SIGNED;
    let unsigned = ("ERR_WEBHOOK_UNSIGNED", "unsigned", "the callback is not signed");
    let header = |name| {
        let message = match name {
            "webhook-id" => "the callback has no valid webhook-id header",
            "webhook-timestamp" => "the callback has no valid webhook-timestamp header",
            _ => "the callback has no valid webhook-signature header",
        };
        ("ERR_WEBHOOK_HEADER", "header", message)
    };
    let no_secret = "no secret matches the signature of this callback: verify the raw bytes";
    let signature_error = ("ERR_WEBHOOK_SIGNATURE", "signature", no_secret);
    let too_short = (
        "ERR_WEBHOOK_SIGNATURE",
        "signature",
        "no secret matches the signature of this callback, and one is too short",
    );
    let old = ("ERR_WEBHOOK_TIME", "time", "the callback is 301 seconds old");
    let ahead = ("ERR_WEBHOOK_TIME", "time", "the callback's time is 301 seconds ahead");
    let milliseconds =
        ("ERR_WEBHOOK_TIME", "time", "the callback's time or `now` seems to be in milliseconds");
    let (own, other, short) = (&[SECRET][..], &[OTHER][..], &[OTHER, SHORT][..]);
    for (secrets, now, headers, body, (code, counter, message)) in [
        (own, TIME, &[][..], BODY, unsigned),
        (own, TIME, &[("webhook-id", ""), ("webhook-signature", "")], BODY, unsigned),
        (own, TIME, &[id], BODY, header("webhook-timestamp")),
        (own, TIME, &[time, signature], BODY, header("webhook-id")),
        (own, TIME, &[id, time], BODY, header("webhook-signature")),
        (own, TIME, &[id, time, ("webhook-signature", "")], BODY, header("webhook-signature")),
        (
            own,
            TIME,
            &[id, ("webhook-timestamp", "now"), signature],
            BODY,
            header("webhook-timestamp"),
        ),
        (own, TIME, &[id, time, time, signature], BODY, header("webhook-timestamp")),
        (own, TIME + 301, &SIGNED, BODY, old),
        (own, TIME - 301, &SIGNED, BODY, ahead),
        (own, TIME * 1000, &SIGNED, BODY, milliseconds),
        (own, u64::MAX, &SIGNED, BODY, milliseconds),
        (
            own,
            0,
            &[id, ("webhook-timestamp", "18446744073709551615"), signature],
            BODY,
            milliseconds,
        ),
        (own, TIME, &SIGNED, b"{\"test\": 2432232315}", signature_error),
        (own, TIME, &SIGNED, b"", signature_error),
        (own, TIME, &[("webhook-id", "msg_other"), time, signature], BODY, signature_error),
        (own, TIME, &[id, id, time, signature], BODY, signature_error),
        (own, TIME, &[id, ("webhook-timestamp", "01614265330"), signature], BODY, signature_error),
        (own, TIME, &[id, time, ("webhook-signature", "v1,")], BODY, signature_error),
        (
            own,
            TIME,
            &[id, time, ("webhook-signature", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")],
            BODY,
            signature_error,
        ),
        (other, TIME, &SIGNED, BODY, signature_error),
        (short, TIME, &SIGNED, BODY, too_short),
    ] {
        let mut worker = worker(secrets);
        worker.gateway.now.set(now);
        assert_eq!(deliver(&mut worker, headers, body), Flow::Pause, "{headers:?}");
        let (status, found, text) = worker.answer().unwrap();
        assert_eq!((status, found.as_str()), (401, code), "{headers:?}");
        assert!(text.starts_with(message), "{text}");
        assert_eq!(
            worker.gateway.counter(&format!("kling_auth.callbacks.refused.{counter}")),
            Some(1)
        );
        assert_eq!(worker.gateway.counter("kling_auth.callbacks.verified"), Some(0));
        assert_eq!(verified(&worker.gateway), NONE);
        let said = worker.gateway.said();
        assert!(!said.contains(SECRET.strip_prefix("whsec_").unwrap()) && !said.contains("g0hM9"));
    }
}

#[test]
fn the_body_may_arrive_in_parts() {
    for end_by_trailers in [false, true] {
        for changed in [false, true] {
            let mut worker = worker(&[SECRET]);
            worker.begin(&SIGNED);
            assert_eq!(worker.request(Part::Headers(false)), Flow::Pause);
            let mut body = BODY.to_vec();
            body[3] ^= u8::from(changed);
            for end in [0, 1, 7, body.len()] {
                *worker.gateway.request_body.borrow_mut() = body[..end].to_vec();
                assert_eq!(worker.request(Part::Body(end, false)), Flow::Pause);
                assert_eq!((worker.answer(), verified(&worker.gateway)), (None, NONE));
            }
            let last = if end_by_trailers { Part::Trailers } else { Part::Body(body.len(), true) };
            let flow = if changed { Flow::Pause } else { Flow::Continue };
            assert_eq!(worker.request(last), flow);
            assert_eq!(worker.answer().is_some(), changed);
            assert_eq!(verified(&worker.gateway), if changed { NONE } else { expected() });
        }
    }
}

#[test]
fn a_callback_without_a_body() {
    let mut worker = worker(&[SECRET]);
    let key = [
        49, 242, 144, 246, 191, 6, 41, 138, 171, 79, 8, 212, 60, 63, 8, 44, 246, 72, 163, 98, 218,
        45, 164, 176,
    ];
    let text = format!("{ID}.{TIME}.");
    let signature = HmacKey::new(&key).sign(text.as_bytes());
    let signature = format!("v1,{}", base64(&signature));
    let headers = [SIGNED[0], SIGNED[1], ("webhook-signature", signature.as_str())];
    assert_eq!(deliver(&mut worker, &headers, b""), Flow::Continue);
    assert_eq!(verified(&worker.gateway), expected());
    assert_eq!(deliver(&mut worker, &headers, BODY), Flow::Pause);
}

/// Written here, because the core only decodes it.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * index) & 63).unwrap();
            text.push(if index > group.len() { '=' } else { char::from(ALPHABET[digit]) });
        }
    }
    text
}

#[test]
fn what_a_client_sends_under_our_names_is_removed() {
    let theirs = [
        ("x-kling-auth-webhook-id", "msg_theirs"),
        ("X-Kling-Auth-Webhook-Id", "msg_theirs_too"),
        ("x-kling-auth-webhook-timestamp", "1"),
    ];
    let mut worker = worker(&[SECRET]);
    let all = [&SIGNED[..], &theirs].concat();
    assert_eq!(deliver(&mut worker, &all, BODY), Flow::Continue);
    assert_eq!(verified(&worker.gateway), expected());
    for body in [b"".as_slice(), b"other"] {
        assert_eq!(deliver(&mut worker, &all, body), Flow::Pause);
        assert_eq!(verified(&worker.gateway), NONE);
    }
}

#[test]
fn the_response_is_left_alone() {
    let mut worker = worker(&[SECRET]);
    assert_eq!(deliver(&mut worker, &SIGNED, BODY), Flow::Continue);
    let body = br#"{"code":1000,"message":"signature is invalid"}"#;
    assert_eq!(
        worker.receive(401, &[("x-kling-auth-cause", "of the program")], body),
        Flow::Continue
    );
    assert_eq!(worker.received("x-kling-auth-cause").as_deref(), Some("of the program"));
    assert_eq!(worker.gateway.counters.borrow().len(), 1);
}

#[test]
fn a_header_that_is_not_utf_8_is_no_signature() {
    let mut worker = worker(&[SECRET]);
    worker.begin(&SIGNED[..2]);
    worker.gateway.add_header(Message::Request, "webhook-signature", b"v1,\xff");
    assert_eq!(worker.request(Part::Headers(true)), Flow::Pause);
    assert_eq!(worker.answer().unwrap().1, "ERR_WEBHOOK_SIGNATURE");
}

#[test]
fn a_callback_needs_no_upstream() {
    let mut worker = worker(&[SECRET]);
    worker.begin(&SIGNED);
    worker.gateway.properties.borrow_mut().clear();
    *worker.gateway.request_body.borrow_mut() = BODY.to_vec();
    assert_eq!(worker.request(Part::Headers(false)), Flow::Pause);
    assert_eq!(worker.request(Part::Body(BODY.len(), true)), Flow::Continue);
    worker.filters.end(worker.stream);
    worker.filters.end(ROOT);
}

/// Nobody should have to wait for the body of a callback that is refused anyway.
#[test]
fn what_the_headers_show_is_refused_at_once() {
    let mut worker = worker(&[SECRET]);
    worker.begin(&[]);
    assert_eq!(worker.request(Part::Headers(false)), Flow::Pause);
    assert_eq!(worker.answer().unwrap().1, "ERR_WEBHOOK_UNSIGNED");
    // It is answered once.
    for part in [Part::Body(5, false), Part::Body(9, true), Part::Trailers] {
        assert_eq!(worker.request(part), Flow::Pause);
    }
    assert_eq!(worker.gateway.answers.borrow().len(), 1);
}

#[test]
fn a_body_of_more_than_1_mib_is_refused() {
    let mut worker = worker(&[SECRET]);
    worker.begin(&SIGNED);
    assert_eq!(worker.request(Part::Headers(false)), Flow::Pause);
    assert!(worker.answer().is_none());
    assert_eq!(worker.request(Part::Body(1024 * 1024, false)), Flow::Pause);
    assert!(worker.answer().is_none());
    assert_eq!(worker.request(Part::Body(1024 * 1024 + 1, false)), Flow::Pause);
    let (status, code, _) = worker.answer().unwrap();
    assert_eq!((status, &*code), (413, "ERR_WEBHOOK_SIZE"));
}

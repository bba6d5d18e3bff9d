//! Callbacks: what the specification's own library signs is accepted, and nothing else.

use kling_auth::{
    CoreError,
    webhook::{Delivery, ID_HEADER, Secret, TIMESTAMP_HEADER, TOLERANCE, verify},
};
use kling_conformance::{WebhookVector, read};
use proptest::prelude::*;

/// The result of verifying a case.
fn judged(case: &WebhookVector) -> Result<(String, u64), CoreError> {
    let secrets: Vec<_> =
        case.secrets.iter().map(|one| Secret::new(one)).collect::<Result<_, _>>()?;
    let body = case.body();
    let verified = verify(&secrets, &Delivery::new(case.headers(), &body), case.now)?;
    Ok((verified.id.to_owned(), verified.timestamp))
}

/// The value of the header with this name, in any case of its letters.
fn header<'a>(case: &'a WebhookVector, name: &str) -> Option<&'a str> {
    let plain = |found: &str| found.to_ascii_lowercase().replace("http_webhook_", "webhook-");
    case.headers().find(|(found, _)| plain(found) == name).map(|(_, value)| value)
}

#[test]
fn every_case() {
    let cases: Vec<WebhookVector> = read("webhooks.json");
    assert!(cases.len() > 130);
    let wrong = cases.iter().filter_map(|case| {
        let found = judged(case);
        let expected = match &case.code {
            Some(code) => Err(code.as_str()),
            None => Ok((
                header(case, ID_HEADER)?.to_owned(),
                header(case, TIMESTAMP_HEADER)?.parse().ok()?,
            )),
        };
        let found = found.map_err(CoreError::code);
        (found != expected).then(|| format!("{}: {found:?}, not {expected:?}", case.name))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// In each genuine callback, flipping any bit invalidates it.
#[test]
fn every_flipped_bit() {
    let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    let timestamp = "1614265330";
    let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let body = r#"{"test": 2432232314}"#;
    let arrived = [id, timestamp, signature, body];
    let verified = |parts: [&[u8]; 4]| {
        // Frameworks do not pass on a header that is not text.
        let text = |part| str::from_utf8(part).ok();
        let [id, timestamp, signature, body] = parts;
        let (id, timestamp, signature) = (text(id), text(timestamp), text(signature));
        let delivery = Delivery::from_parts(id, timestamp, signature, body);
        let secrets = std::slice::from_ref(&secret);
        verify(secrets, &delivery, 1_614_265_330).map(|verified| verified.timestamp)
    };
    assert_eq!(verified(arrived.map(str::as_bytes)), Ok(1_614_265_330));
    for part in 0..4 {
        for bit in 0..arrived[part].len() * 8 {
            let mut changed = arrived[part].as_bytes().to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut parts = arrived.map(str::as_bytes);
            parts[part] = &changed;
            assert!(verified(parts).is_err(), "bit {bit} of part {part}");
        }
    }
}

/// An attacker may send many signatures in a header, but the body is hashed once.
#[test]
fn many_signatures_of_a_long_body() {
    let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let entry = format!("v1,{}=", "A".repeat(43));
    let signature = vec![entry; 1000].join(" ");
    let body = vec![b'x'; 4 << 20];
    let timestamp = Some("1614265330");
    let delivery = Delivery::from_parts(Some("x"), timestamp, Some(&signature), &body);
    let started = std::time::Instant::now();
    let refused = verify(&[secret], &delivery, 1_614_265_330);
    assert_eq!(refused, Err(CoreError::WebhookSignature));
    // Hashing it for each signature would be 4 GiB: minutes in a debug build.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

/// The error message for a callback with this time.
fn of_time(timestamp: u64, now: u64) -> String {
    let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let text = timestamp.to_string();
    let delivery = Delivery::from_parts(Some("msg"), Some(&text), Some("v1,x"), b"");
    verify(&[secret], &delivery, now).unwrap_err().to_string()
}

#[test]
fn a_wrong_time_is_shown_in_seconds() {
    const NOW: u64 = 1_800_000_000;
    let old = of_time(NOW, NOW + 3600);
    assert!(old.contains("is 3600 seconds old") && old.contains("clock is fast"), "{old}");
    let ahead = of_time(NOW + 301, NOW);
    assert!(ahead.contains("is 301 seconds ahead") && ahead.contains("clock is slow"), "{ahead}");
    for (timestamp, now) in [(NOW * 1000, NOW), (NOW, NOW * 1000), (u64::MAX, 0), (0, u64::MAX)] {
        let text = of_time(timestamp, now);
        assert!(text.contains("milliseconds") && text.contains("divide it by 1000"), "{text}");
    }
    // A clock that was never set is not mistaken for one in milliseconds.
    assert!(of_time(NOW, 0).contains("1800000000 seconds ahead"), "{}", of_time(NOW, 0));
}

#[test]
fn a_missing_header_is_named() {
    let secret = |length| Secret::new(&kling_conformance::base64(&vec![1; length])).unwrap();
    let text = |delivery: Delivery<'_>, length| {
        verify(&[secret(length)], &delivery, 0).unwrap_err().to_string()
    };
    let unsigned = text(Delivery::from_parts(None, None, None, b"{}"), 24);
    assert!(unsigned.contains("is not signed") && unsigned.contains("Create one"), "{unsigned}");
    assert!(!unsigned.contains("proxy"), "{unsigned}");
    let partial = text(Delivery::from_parts(Some("x"), None, None, b""), 24);
    assert!(partial.contains("webhook-timestamp") && partial.contains("proxy"), "{partial}");
    let signed = Delivery::from_parts(Some("x"), Some("0"), Some("v1,x"), b"");
    assert!(text(signed, 23).contains("too short"), "{}", text(signed, 23));
    assert!(!text(signed, 24).contains("too short"), "{}", text(signed, 24));
}

#[test]
fn debug_output_holds_no_secret() {
    let secret = Secret::new("whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5").unwrap();
    assert_eq!(format!("{secret:?} {:#?}", secret.clone()), "Secret([elided]) Secret([elided])");
    let signature = Some("v1,canary");
    let delivery = Delivery::from_parts(Some("msg"), Some("1"), signature, b"canary");
    let text = format!("{delivery:?} {delivery:#?}");
    // `Debug` prints bytes as numbers: 99 is a `c`.
    assert!(text.contains("msg") && !text.contains("canary") && !text.contains("99"), "{text}");
    for error in [Secret::new("canary"), Secret::new("whsec_canary canary")] {
        let text =
            error.map(drop).map_or_else(|error| format!("{error} {error:?}"), |()| String::new());
        assert!(!text.contains("canary"), "{text}");
    }
}

fn signed(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let message = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    kling_conformance::base64(&kling_auth::HmacKey::new(key).sign(&message))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Any callback is valid within 300 seconds of its time, with any of the secrets, and invalid
    /// if a byte of it changed.
    #[test]
    fn any_callback(
        key in prop::collection::vec(any::<u8>(), 1..=512),
        id in ".{1,40}",
        timestamp in 0..=253_402_300_799_u64,
        body: Vec<u8>,
        distance in -400..=400_i64,
        at: prop::sample::Index,
        byte: u8,
    ) {
        let (now, text) = (timestamp.saturating_add_signed(distance), timestamp.to_string());
        let signature = format!("v1,AAAA v1,{} v2,x", signed(&key, &id, &text, &body));
        let secret = Secret::new(&format!("whsec_{}", kling_conformance::base64(&key))).unwrap();
        let other = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secrets = [other.clone(), secret];
        let delivery =
            Delivery::from_parts(Some(&id), Some(&text), Some(&signature), &body);
        let expected = if now.abs_diff(timestamp) > TOLERANCE {
            Err(CoreError::WebhookTime { age: i64::try_from(now).unwrap() - i64::try_from(timestamp).unwrap() })
        } else {
            Ok((&*id, timestamp))
        };
        let verified = verify(&secrets, &delivery, now);
        prop_assert_eq!(verified.map(|verified| (verified.id, verified.timestamp)), expected);
        let of_other = verify(&[other], &delivery, timestamp);
        prop_assert_eq!(of_other, Err(CoreError::WebhookSignature));

        let unsigned = if key.len() < 24 {
            CoreError::WebhookShortSecret
        } else {
            CoreError::WebhookSignature
        };
        let mut changed = body.clone();
        changed.push(byte);
        let at = at.index(changed.len());
        changed[at] = byte;
        if changed != body {
            let mut delivery = delivery;
            delivery.body = &changed;
            prop_assert_eq!(verify(&secrets, &delivery, timestamp), Err(unsigned));
        }
    }

    /// Any text in the headers, with any secret, is refused without a panic.
    #[test]
    fn any_text_is_answered(
        secret: String,
        id: String,
        timestamp in "[0-9+\\-. ]{0,22}",
        signature in "(v1,|v1a,|[A-Za-z0-9+/= ,]{0,50})*",
        body: Vec<u8>,
        now: u64,
    ) {
        let _ = Secret::new(&secret);
        let ours = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, timestamp, signature) = (Some(&*id), Some(&*timestamp), Some(&*signature));
        let delivery = Delivery::from_parts(id, timestamp, signature, &body);
        let verified = verify(&[ours], &delivery, now);
        prop_assert!(verified.is_err());
    }
}

//! Any input: nothing panics, output is short and plain, and it contains no secret. Where another
//! implementation exists, it agrees.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, crypto::rust_crypto};
use kling_auth::{
    Action, CoreError, HmacKey, Origin, Response, decode, encode, encoded_len, inspect, verify,
    webhook::{self, Delivery, Secret},
};
use kling_conformance::base64;
use proptest::{
    collection::{btree_map, vec},
    prelude::*,
};
use serde_json::Value;

use crate::property::check;

const HEADER: &[u8] = br#"{"typ":"JWT","alg":"HS256"}"#;

fn encoded(header: &[u8], payload: &[u8], key: &[u8]) -> String {
    let mut buffer = vec![0; encoded_len(header.len(), payload.len())];
    encode(header, payload, key, &mut buffer).unwrap().to_owned()
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..200)
}

/// Any JSON value, a few levels deep.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..6).prop_map(Value::from), object(inner)]
    })
}

fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    btree_map(any::<String>(), values, 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

#[test]
fn round_trips() {
    let case = (object(json()), object(json()), key());
    check("round trips", case, |(mut header, claims, key)| {
        header.as_object_mut().unwrap().remove("crit");
        header["alg"] = "HS256".into();
        let (header, claims) = (header.to_string(), claims.to_string());
        let token = encoded(header.as_bytes(), claims.as_bytes(), &key);
        let (mut one, mut two) = (vec![0; token.len()], vec![0; token.len()]);
        let verified = verify(&token, &key, &mut one).unwrap();
        prop_assert_eq!(verified.header, header.as_bytes());
        prop_assert_eq!(verified.payload, claims.as_bytes());
        prop_assert_eq!(decode(&token, &mut two), Ok(verified));
        Ok(())
    });
}

/// Flips each of the lower seven bits. The eighth would make the token invalid UTF-8.
#[test]
fn flipped_bits() {
    let case = (object(json()), key(), any::<prop::sample::Index>(), 0..7_u32);
    check("flipped bits", case, |(claims, key, at, bit)| {
        let token = encoded(HEADER, claims.to_string().as_bytes(), &key);
        let mut flipped = token.into_bytes();
        let at = at.index(flipped.len());
        flipped[at] ^= 1 << bit;
        let flipped = String::from_utf8(flipped).unwrap();
        prop_assert!(verify(&flipped, &key, &mut vec![0; flipped.len()]).is_err(), "{flipped}");
        Ok(())
    });
}

/// A bearer of either kind, or of an unknown form.
fn bearer() -> impl Strategy<Value = String> {
    prop_oneof![
        "eyJ[A-Za-z0-9_-]{10,60}\\.[A-Za-z0-9_-]{10,90}\\.[A-Za-z0-9_-]{43}",
        "api-key-kling-[a-z0-9]{20,43}",
        "[!-~]{16,64}",
    ]
}

/// What a server may answer: anything, or an envelope that repeats the bearer somewhere.
fn body() -> impl Strategy<Value = (String, Vec<u8>)> {
    let code = prop_oneof![
        prop::sample::select(&[0_u32, 1000, 1001, 1002, 1003, 1004, 1102, 1303, 5000][..]),
        any::<u32>(),
    ];
    let text = || prop_oneof![any::<String>(), "[ -~]{0,300}"];
    let envelope = (bearer(), code, text(), text(), text(), any::<bool>()).prop_map(
        |(bearer, code, before, after, id, is_nested)| {
            let message = format!("{before}{bearer}{after}");
            let id = format!("{bearer}{id}");
            let body = if is_nested {
                serde_json::json!({"code": 0, "request_id": id, "data": {"code": code, "msg": message}})
            } else {
                serde_json::json!({"code": code, "message": message, "request_id": id})
            };
            (bearer, body.to_string().into_bytes())
        },
    );
    let envelope = envelope.boxed();
    let anything = (bearer(), vec(any::<u8>(), 0..200));
    // A changed byte may change the repeated bearer into another text.
    let slip = (envelope.clone(), any::<prop::sample::Index>(), any::<u8>()).prop_map(
        |((_, mut body), at, to)| {
            let at = at.index(body.len());
            body[at] = to;
            (String::new(), body)
        },
    );
    prop_oneof![4 => envelope.clone(), 1 => anything, 2 => slip]
}

/// How many consecutive characters of a secret count as a leak.
const LEAK_LENGTH: usize = 8;

fn shows(text: &str, secret: &str) -> bool {
    secret
        .as_bytes()
        .windows(LEAK_LENGTH)
        .any(|part| text.as_bytes().windows(LEAK_LENGTH).any(|w| w == part))
}

#[test]
fn verdicts() {
    let date = prop::option::of(any::<String>());
    check("verdicts", (any::<u16>(), date, body()), |(status, date, (bearer, body))| {
        let token = Some(&*bearer);
        let verdict =
            Response::new(status, &body).with_date(date.as_deref()).with_token(token).verdict();
        let said = verdict.to_string();
        prop_assert!(verdict.message().len() <= 256);
        prop_assert!(verdict.request_id().is_none_or(|id| id.len() <= 64));
        prop_assert!(said.len() < 2000, "{said}");
        prop_assert!(!said.contains(char::is_control), "{said:?}");
        for text in [verdict.message(), verdict.request_id().unwrap_or_default()] {
            prop_assert!(!shows(text, &bearer), "{bearer:?} in {text:?}");
        }
        prop_assert!(verdict.action != Action::Accept || status < 400);
        Ok(())
    });
}

/// Also in the request id, and where the text is cut inside the bearer.
#[test]
fn a_bearer_of_no_known_form_is_hidden() {
    let bearer = "0123456789abcdefghijklmnopqrstuv";
    let message = format!("{}{bearer}", "x".repeat(256 - 20));
    let body = serde_json::json!({"code": 1002, "message": message, "request_id": bearer});
    let body = body.to_string().into_bytes();
    let token = Some(bearer);
    let verdict = Response::new(401, &body).with_token(token).verdict();
    assert!(verdict.message().ends_with(&format!("x{}", "*".repeat(20))), "{verdict}");
    assert_eq!(verdict.request_id(), Some(&*"*".repeat(32)));
}

#[test]
fn inspections() {
    let part =
        || prop_oneof![vec(any::<u8>(), 0..60), object(json()).prop_map(|o| o.to_string().into())];
    let case = (part(), part(), key(), any::<u64>(), any::<String>());
    check("inspections", case, |(header, claims, key, now, other)| {
        let token = encoded(&header, &claims, &key);
        for token in [&token, &other] {
            let mut buffer = vec![0; token.len()];
            let Ok(inspection) = inspect(token, Some(&key), now, &mut buffer) else { continue };
            prop_assert_eq!(inspection.is_signature_valid, Some(true));
            let said = inspection.to_string();
            let is_plain = |char: char| !char.is_control() || char == '\n';
            prop_assert!(said.chars().all(is_plain), "{said:?}");
            prop_assert!(said.len() < 4000 + 200 * token.len(), "{}", said.len());
            prop_assert!(said.contains(inspection.prediction().1), "{said}");
        }
        Ok(())
    });
}

#[test]
fn callbacks() {
    let text =
        || prop::option::of(prop_oneof![any::<String>(), "v1,[A-Za-z0-9+/]{43}=", "[0-9]{1,20}"]);
    let case =
        ((text(), text(), text()), vec(any::<u8>(), 0..100), vec(any::<u8>(), 1..65), 0..=600_u64);
    check("callbacks", case, |((id, timestamp, signature), body, key, off)| {
        let secret = Secret::new(&base64(&key)).unwrap();
        let strangers =
            Delivery::from_parts(id.as_deref(), timestamp.as_deref(), signature.as_deref(), &body);
        let now = timestamp.as_deref().and_then(|text| text.parse().ok()).unwrap_or_default();
        prop_assert!(webhook::verify(std::slice::from_ref(&secret), &strangers, now).is_err());

        let id = id.filter(|id| !id.is_empty()).unwrap_or("id".into());
        let sent = 1_800_000_000_u64;
        let signed = [id.as_bytes(), b".", sent.to_string().as_bytes(), b".", &body].concat();
        let signature = format!("v1,{}", base64(&HmacKey::new(&key).sign(&signed)));
        let timestamp = sent.to_string();
        let genuine = Delivery::from_parts(Some(&id), Some(&timestamp), Some(&signature), &body);
        let verified = webhook::verify(&[secret], &genuine, sent + off).map(|one| one.timestamp);
        let expected = if off <= webhook::TOLERANCE {
            Ok(sent)
        } else {
            Err(CoreError::WebhookTime { age: off.cast_signed() })
        };
        prop_assert_eq!(verified, expected);
        Ok(())
    });
}

/// URLs, made of parts that are common in URLs and in attacks on URL parsers.
fn url() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("https://".to_owned()),
        Just("http://".to_owned()),
        Just("api.klingai.com".to_owned()),
        "[@:/?#\\\\.%\\[\\] \t\n]{1,2}",
        "[a-zA-Z0-9._-]{1,12}",
        "0[xX][0-9a-f]{1,8}|[0-9]{1,10}|:[0-9]{1,6}|\\[[0-9a-f:.]{2,20}\\]",
        any::<char>().prop_map(String::from),
    ];
    let parts = |start: &'static str| {
        vec(part.clone(), 0..7).prop_map(move |parts| format!("{start}{}", parts.concat()))
    };
    prop_oneof![3 => parts("https://"), 1 => parts("http://"), 1 => parts("")]
}

/// If we find an origin, the `url` crate, which Rust's clients use, finds the same one. It may still
/// refuse the URL, because it validates host names more strictly.
#[test]
fn origins() {
    check("origins against url", url(), |text| {
        let Some(ours) = Origin::parse(&text) else { return Ok(()) };
        match url::Url::parse(&text) {
            Ok(theirs) => {
                let theirs = theirs.origin().ascii_serialization();
                prop_assert_eq!(Some(ours), Origin::parse(&theirs), "{:?} {}", text, theirs);
            }
            Err(_) => prop_assert!(!ours.is_kling(), "{text:?}"),
        }
        Ok(())
    });
}

/// The crate `jsonwebtoken` makes the same tokens, and accepts and refuses the same ones.
#[test]
fn jsonwebtoken_says_the_same() {
    // An error means that a provider is already installed.
    let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
    let mut rules = Validation::new(Algorithm::HS256);
    rules.required_spec_claims.clear();
    (rules.validate_exp, rules.validate_nbf, rules.validate_aud) = (false, false, false);

    let slip = (any::<prop::sample::Index>(), "[A-Za-z0-9_.=-]?");
    let case = (object(json()), key(), slip);
    check("differential against jsonwebtoken", case, |(claims, key, (at, to))| {
        let token = encoded(HEADER, claims.to_string().as_bytes(), &key);
        let header = Header::new(Algorithm::HS256);
        let theirs =
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key).unwrap());
        prop_assert_eq!(&theirs.unwrap(), &token);

        let at = at.index(token.len());
        let mut slipped = token.clone();
        slipped.replace_range(at..=at, &to);
        for token in [&token, &slipped] {
            let ours = verify(token, &key, &mut vec![0; token.len()])
                .ok()
                .map(|decoded| serde_json::from_slice::<Value>(decoded.payload).unwrap());
            let secret = DecodingKey::from_secret(&key).unwrap();
            let theirs = jsonwebtoken::decode::<Value>(token, &secret, &rules);
            prop_assert_eq!(ours, theirs.ok().map(|decoded| decoded.claims), "{}", token);
        }
        Ok(())
    });
}

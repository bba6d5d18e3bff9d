//! Verdicts on any response: nothing panics, and no cause is mistaken for another.

use kling_auth::{Action, Cause, Credentials, KlingAuth, Response, Verdict, bindings};
use kling_conformance::{VerdictVector, read, report};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

fn verdict(status: u16, body: &[u8]) -> Verdict {
    Response::new(status, body).verdict()
}

/// The verdict on a case, without a manager.
fn judged(case: &VerdictVector) -> Verdict {
    let (status, body, token) = (case.status, &*case.body(), case.token.as_deref());
    Response::new(status, body).with_token(token).verdict()
}

/// A verdict as text, to compare with the vector.
fn shown(verdict: &Verdict) -> String {
    let Verdict { cause, action, code, .. } = verdict;
    let (cause, action) = (cause.as_str(), action.as_str());
    format!("{cause} {action} {code:?} {:?} {:?}", verdict.message(), verdict.request_id())
}

#[test]
fn every_case() {
    let cases: Vec<VerdictVector> = read("verdicts.json");
    assert!(cases.len() > 250);
    report(&format!("vectors: verdicts.json: {} cases", cases.len()));
    let mut wrong = Vec::new();
    for case in cases {
        let VerdictVector { cause, action, code, message, request_id, .. } = &case;
        let expected = format!("{cause} {action} {code:?} {message:?} {request_id:?}");
        let found = judged(&case);
        if shown(&found) != expected {
            wrong.push(format!("{}: {}, not {expected}", case.name, shown(&found)));
            continue;
        }
        assert_eq!(found.status, case.status, "{}", case.name);
        assert_eq!(found.remedy(), found.cause.remedy(), "{}", case.name);
        let says = |words: &String| found.remedy().to_string().contains(words);
        assert!(case.mentions.iter().all(says), "{}: {}", case.name, found.remedy());
        assert!(!case.omits.iter().any(says), "{}: {}", case.name, found.remedy());
        // If the bearer is added later, the verdict is the same.
        let sent = case.token.as_deref().map(|token| format!("Bearer {token}"));
        let bare = verdict(case.status, &case.body());
        assert_eq!(
            sent.map_or(bare, |sent| bare.with_authorization(&sent)),
            found,
            "{}",
            case.name
        );

        // The manager has the same verdict, except for what depends on its token.
        let auth = KlingAuth::new("access-key", "secret-key").unwrap();
        let body = case.body();
        let token = Some(case.token.as_deref().unwrap_or_default());
        let handled = auth.handle_response(&Response::new(case.status, &body).with_token(token));
        let action = if case.action == "retry" { "fail" } else { &case.action };
        assert_eq!(handled.cause, found.cause, "{}", case.name);
        // Not for a bearer that the manager did not issue.
        if case.token.as_deref().unwrap_or_default().is_empty() {
            assert_eq!(handled.action.as_str(), action, "{}", case.name);
        }
        let last = auth.last_verdict();
        assert_eq!(last == Some(handled), case.cause != "accepted", "{}", case.name);
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// If the bearer of the request is unknown, the manager assumes its own kind of credentials.
#[test]
fn the_kind_of_credential_of_the_manager() {
    let pair = KlingAuth::new("access-key", "secret-key").unwrap();
    let credentials = Credentials::api_key("0123456789abcdef0123456789abcdef").unwrap();
    let api_key = KlingAuth::builder().credentials(credentials).build().unwrap();
    for (message, of_pair, of_api_key) in [
        ("The current API does not support AK/SK", "wrong_scheme", "unknown_api_key"),
        ("access key not exist", "unknown_access_key", "unknown_api_key"),
        ("api key not found", "unknown_access_key", "unknown_api_key"),
        ("The token was expected to have 3 parts", "token_malformed", "unknown_api_key"),
        ("access key is disabled", "key_disabled", "key_disabled"),
    ] {
        let body = format!("{{\"code\":1002,\"message\":\"{message}\"}}");
        let response = Response::new(401, body.as_bytes());
        assert_eq!(pair.handle_response(&response).cause.as_str(), of_pair, "{message}");
        assert_eq!(api_key.handle_response(&response).cause.as_str(), of_api_key, "{message}");
        // The bearer decides, not the manager: it may be from before a rotation.
        for (token, cause) in [("eyJ.e30.x", of_pair), ("an API key", of_api_key)] {
            let response = response.with_token(Some(token));
            for auth in [&pair, &api_key] {
                assert_eq!(
                    auth.handle_response(&response).cause.as_str(),
                    cause,
                    "{message} {token}"
                );
            }
        }
    }
}

/// If something else was sent than a bearer, only its scheme is shown.
#[test]
fn what_was_sent_instead() {
    let cases: Vec<Value> = read("sent.json");
    assert!(cases.len() >= 20);
    for case in cases {
        let (name, sent) = (&case["name"], case["sent"].as_str().unwrap());
        let code = case["code"].as_u64();
        let body = match code {
            Some(code) => json!({"code": code, "message": "refused"}).to_string(),
            None => "<html>".to_owned(),
        };
        let status = if code == Some(0) { 200 } else { 401 };
        let refusal = Response::new(status, body.as_bytes());
        let auth = KlingAuth::new("access-key", "secret-key").unwrap();
        let handled = auth.handle_response(&refusal);
        for (verdict, before) in [
            (refusal.verdict().with_authorization(sent), refusal.verdict()),
            (bindings::engine(&auth).with_authorization(&handled, sent), handled),
        ] {
            match case["says"].as_str() {
                Some(says) => {
                    assert!(verdict.remedy().to_string().contains(says), "{name}: {verdict}");
                }
                None => assert_eq!(verdict, before, "{name}"),
            }
            assert!(verdict.to_string().contains(&verdict.remedy().to_string()), "{name}");
            assert_eq!((verdict.cause, verdict.action), (before.cause, before.action), "{name}");
            let secret = sent.split_ascii_whitespace().next_back().filter(|word| word.len() > 6);
            assert!(!secret.is_some_and(|secret| verdict.to_string().contains(secret)), "{name}");
        }
        if case["says"].is_string() {
            assert_eq!(
                auth.last_verdict().unwrap().remedy(),
                bindings::engine(&auth).with_authorization(&handled, sent).remedy()
            );
        }
    }
}

/// A truncated body is not interpreted, wherever it was cut.
#[test]
fn every_prefix() {
    for case in read::<Vec<VerdictVector>>("verdicts.json") {
        let body = case.body();
        // A long body is only cut near its ends, to save time.
        let len = body.trim_ascii_end().len();
        let near = if len > 3000 { 60 } else { len };
        let lengths = (0..len).filter(|cut| *cut < near || len - cut < near);
        for cut in lengths {
            // Some bodies are invalid because of their end: a prefix may be complete.
            if serde_json::from_slice::<Value>(&body[..cut]).is_ok_and(|value| value.is_object()) {
                continue;
            }
            let found = verdict(case.status, &body[..cut]);
            let expected = match case.status {
                ..400 => (Cause::Accepted, Action::Accept),
                429 => (Cause::NotKling, Action::Backoff),
                _ => (Cause::NotKling, Action::Fail),
            };
            assert_eq!((found.cause, found.action), expected, "{}, cut at {cut}", case.name);
            assert_eq!((found.code, found.message(), found.request_id()), (None, "", None));
        }
    }
}

/// A name with escapes (RFC 8259, section 8.3) may be ignored, since no server writes one. But a
/// refusal is never mistaken for an acceptance.
#[test]
fn names_with_escapes_accept_nothing() {
    for body in [
        r#"{"c\u006fde":0,"message":"ok"}"#,
        r#"{"c\u006fde":1002,"message":"access key not exist"}"#,
        r#"{"code":0,"c\u006fde":1002}"#,
        r#"{"code":1002,"c\u006fde":0}"#,
        r#"{"code":0,"d\u0061ta":{"code":1002,"msg":"m"}}"#,
    ] {
        assert_eq!(verdict(401, body.as_bytes()).action, Action::Fail, "{body}");
    }
}

/// The text of a verdict has all that helps a person, on one line.
#[test]
fn the_sentence() {
    let body = br#"{"code":1000,"message":"signature is invalid","request_id":"r-1"}"#;
    let text = verdict(401, body).to_string();
    for part in ["HTTP 401", "1000", "signature is invalid", "secret key", "r-1"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    for case in read::<Vec<VerdictVector>>("verdicts.json") {
        let found = judged(&case);
        let text = found.to_string();
        assert!(!text.contains(char::is_control), "{}: {text:?}", case.name);
        assert!(text.contains(&case.status.to_string()), "{}: {text}", case.name);
        assert!(
            text.contains(&found.remedy().to_string()) && text.len() < 2000,
            "{}: {text}",
            case.name
        );
    }
}

/// A response's `Debug` shows no body and no token.
#[test]
fn a_response_keeps_its_secrets() {
    let (body, token) = (b"canary".as_slice(), Some("canary"));
    let response = Response::new(401, body).with_token(token);
    assert_eq!(format!("{response:?}"), "Response { status: 401, date: None, .. }");
    assert!(!format!("{response:#?}").contains("canary"));
}

/// No body costs more than one pass: long bodies are skipped, and the others are read once.
#[test]
fn no_body_takes_long() {
    let bodies = [
        format!("{{\"code\":1002,\"message\":\"{}\"}}", "\\\\".repeat(32_000)),
        format!("{{\"code\":1002,\"message\":\"{}\"}}", "\\\"".repeat(32_000)),
        format!("{{\"code\":1002,\"message\":\"{}\"}}", "\\u0041".repeat(10_000)),
        format!("{{\"code\":1002{}}}", ",\"a\":1".repeat(9000)),
        format!("{{\"code\":1002,\"a\":[{}1]}}", "1,".repeat(32_000)),
        format!("{{\"code\":1002,\"a\":{}}}", "9".repeat(65_000)),
        format!("{{\"code\":1002,\"{}\":1}}", "k".repeat(65_000)),
        format!("{}{{\"code\":1002}}", " ".repeat(65_000)),
        format!("{{\"code\":1002,\"a\":[{}[]]}}", "{},".repeat(21_000)),
        "{\"code\":1002".repeat(5000),
        "[".repeat(65_536),
        "\"".repeat(65_536),
        "{\"a\":".repeat(10_000),
    ];
    let started = std::time::Instant::now();
    for body in &bodies {
        assert!(body.len() <= 65_536);
        verdict(401, body.as_bytes());
    }
    // Linear time is a few milliseconds even in a debug build; quadratic time would be minutes.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

/// JSON text of a string: as it is, or with everything escaped as by Python's `ensure_ascii`.
fn json_string(text: &str, is_ascii: bool) -> String {
    let plain = serde_json::to_string(text).unwrap();
    if !is_ascii {
        return plain;
    }
    let escaped = |char: char| {
        let units: Vec<String> =
            char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        if char.is_ascii() { char.to_string() } else { units.concat() }
    };
    plain.chars().map(escaped).collect()
}

/// A text, cut to the length that is shown.
fn cut(text: &str, bytes: usize) -> String {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap();
    text[..end].to_owned()
}

/// A text without characters whose replacement has another length.
const TEXT: &str = "[ -~äé訪😀]{0,120}";

/// Any JSON value, not deeply nested.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        TEXT.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec(("[a-z\"\\\\é]{1,6}", inner), 0..6)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

/// A bearer that a server repeats is hidden completely, and nothing else is.
#[test]
fn no_text_shows_a_bearer() {
    for (message, expected) in [
        ("token eyJh-bG_c.eyJp.sig is refused", "token ****************** is refused"),
        ("api-key-kling-0123: unknown", "******************: unknown"),
        ("no eye for it, api-kept", "no eye for it, api-kept"),
    ] {
        let body = json!({"code": 1000, "message": message}).to_string();
        assert_eq!(verdict(401, body.as_bytes()).message(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_answered(status: u16, body in vec(any::<u8>(), 0..200)) {
        let found = verdict(status, &body);
        prop_assert!(found.message().len() <= 256);
        prop_assert_eq!(found.action == Action::Accept, found.cause == Cause::Accepted);
        prop_assert!(status < 400 || found.cause != Cause::Accepted);
    }

    /// The three members are read among any others, in any order, and the result is never a
    /// success.
    #[test]
    fn other_members_do_not_matter(
        code: u32,
        message in TEXT,
        request_id in "[ -~]{1,64}",
        others in vec(("[A-Zb\"\\\\é]{1,6}", any_json()), 0..4),
        at in any::<[prop::sample::Index; 3]>(),
        is_ascii: bool,
    ) {
        // What could be a token is not shown.
        prop_assume!(!message.contains("eyJ") && !request_id.contains("eyJ"));
        let mut members: Vec<String> = others
            .iter()
            .map(|(name, value)| format!("{}:{value}", json_string(name, is_ascii)))
            .collect();
        let texts = [
            format!("\"code\":{code}"),
            format!("\"message\":{}", json_string(&message, is_ascii)),
            format!("\"request_id\":{}", json_string(&request_id, is_ascii)),
        ];
        for (text, at) in texts.into_iter().zip(at) {
            members.insert(at.index(members.len() + 1), text);
        }
        let body = format!("{{{}}}", members.join(","));
        let found = verdict(401, body.as_bytes());
        prop_assert_eq!(found.code, Some(code), "{}", body);
        prop_assert_eq!(found.message(), cut(&message, 256), "{}", body);
        prop_assert_eq!(found.request_id(), Some(&*request_id), "{}", body);
        prop_assert_ne!(found.action, Action::Accept);
    }

    /// No JSON causes a panic or turns a refusal into an acceptance.
    #[test]
    fn any_json_is_answered(
        status in 400..=599_u16,
        code in any_json(),
        message in any_json(),
        data in any_json(),
    ) {
        let body = json!({"code": code, "message": message, "data": data}).to_string();
        let found = verdict(status, body.as_bytes());
        prop_assert_ne!(found.action, Action::Accept, "{}", body);
        let is_code = code.as_u64().is_some_and(|code| u32::try_from(code).is_ok());
        prop_assert_eq!(found.code.is_some(), is_code, "{}", body);
    }

    /// No character that moves the cursor or changes the writing direction reaches a terminal.
    #[test]
    fn no_text_moves_the_cursor(message: String, request_id: String, is_ascii: bool) {
        let body = format!(
            "{{\"code\":1,\"message\":{},\"request_id\":{}}}",
            json_string(&message, is_ascii),
            json_string(&request_id, is_ascii),
        );
        let found = verdict(401, body.as_bytes());
        prop_assert_eq!(found.code, Some(1));
        // Bidi_Control of the Unicode character database, and the two line separators.
        let moves = |char: char| {
            char.is_control()
                || matches!(
                    char,
                    '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                        | '\u{2066}'..='\u{2069}',
                )
        };
        let text = [found.message(), found.request_id().unwrap_or_default(), &found.to_string()].concat();
        prop_assert!(!text.contains(moves), "{:?}", text);
    }
}

//! Inspection of tokens of every kind, for programs and for people.

use kling_auth::{CoreError, Credentials, generate_kling_token, inspect};
use kling_conformance::{InspectVector, read};
use proptest::prelude::*;

/// What is wrong with a case, if anything.
fn fault(case: &InspectVector) -> Option<String> {
    let InspectVector { name, token, secret_key, now, .. } = case;
    let mut buffer = vec![0; token.len()];
    let key = secret_key.as_ref().map(String::as_bytes);
    let inspection = match (inspect(token, key, *now, &mut buffer), &case.code) {
        (Ok(inspection), None) => inspection,
        (Err(error), Some(code)) if error.code() == code => return None,
        (result, code) => return Some(format!("{name}: {result:?}, not {code:?}")),
    };
    let (kling_says, why) = inspection.prediction();
    let found = InspectVector {
        cause: kling_says.as_str().to_owned(),
        reason: why.to_owned(),
        is_signature_valid: inspection.is_signature_valid,
        issuer: inspection.issuer().map(|issuer| issuer.to_string()),
        expires_at: inspection.expires_at(),
        not_before: inspection.not_before(),
        ..case.clone()
    };
    if found != *case {
        return Some(format!("{name}: {found:#?}, not {case:#?}"));
    }
    let text = inspection.to_string();
    let missing = case.shows.iter().find(|shown| !text.contains(*shown));
    missing.map(|shown| format!("{name}: {shown:?} is not in:\n{text}"))
}

#[test]
fn every_case() {
    let cases: Vec<InspectVector> = read("inspect.json");
    assert!(cases.len() > 120);
    let wrong: Vec<String> = cases.iter().filter_map(fault).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// One line for each part and each member; no content of a token adds a line.
#[test]
fn no_content_adds_a_line() {
    for case in read::<Vec<InspectVector>>("inspect.json") {
        let mut buffer = vec![0; case.token.len()];
        let Ok(inspection) = inspect(&case.token, None, case.now, &mut buffer) else { continue };
        let text = inspection.to_string();
        assert!(!text.contains(moves), "{}: {text:?}", case.name);
        let at_the_margin: Vec<_> = text.lines().filter(|line| !line.starts_with("  ")).collect();
        let [header, claims, signature, kling] = &at_the_margin[..] else {
            panic!("{}: {at_the_margin:?}", case.name)
        };
        assert_eq!((*header, *claims), ("header", "claims"), "{}", case.name);
        assert!(signature.starts_with("signature: not checked"), "{}: {signature}", case.name);
        assert!(kling.starts_with("Kling: would "), "{}: {kling}", case.name);
    }
}

/// Whether a character moves a cursor or changes the direction of writing: `Bidi_Control` of the
/// Unicode character database, and the two line separators.
fn moves(char: char) -> bool {
    let turns = matches!(
        char,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}',
    );
    turns || char.is_control() && char != '\n'
}

fn encoded(header: &str, claims: &str, key: &str) -> String {
    let mut buffer = vec![0; kling_auth::encoded_len(header.len(), claims.len())];
    let token =
        kling_auth::encode(header.as_bytes(), claims.as_bytes(), key.as_bytes(), &mut buffer);
    token.unwrap().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Our own tokens are valid for their whole life, and not after it.
    #[test]
    fn tokens_of_ours(
        access_key in "[!#-\\[\\]-~]{1,64}",
        secret_key in "[!-~]{1,512}",
        now in 5..=253_402_300_799_u64,
        later in -10..=2000_i64,
    ) {
        let credentials = Credentials::key_pair(&access_key, &secret_key).unwrap();
        let token = generate_kling_token(&credentials, now);
        let mut buffer = vec![0; token.as_str().len()];
        let at = now.saturating_add_signed(later);
        let inspection = inspect(token.as_str(), Some(secret_key.as_bytes()), at, &mut buffer).unwrap();
        let expected = match at {
            _ if at < now - 5 => "token_not_yet_valid",
            _ if at >= now + 1800 => "token_expired",
            _ => "accepted",
        };
        prop_assert_eq!(inspection.prediction().0.as_str(), expected);
        prop_assert!(inspection.issuer().is_some_and(|issuer| issuer == *access_key));
        let (expires_at, not_before) = (inspection.expires_at(), inspection.not_before());
        prop_assert_eq!((expires_at, not_before), (Some(now + 1800), Some(now - 5)));
        prop_assert_eq!(inspection.is_signature_valid, Some(true));
        let mut buffer = vec![0; token.as_str().len()];
        let other = inspect(token.as_str(), Some(b"\x01"), at, &mut buffer).unwrap();
        prop_assert_eq!(other.is_signature_valid, Some(false));
        let parts: Vec<_> = token.as_str().split('.').collect();
        prop_assert!(!inspection.to_string().contains(parts[2]), "the signature is not shown");
    }

    /// Any members are shown as lines, and nothing moves the cursor.
    #[test]
    fn any_members(names in prop::collection::vec(any::<String>(), 0..4), value: String, now: u64) {
        let members: serde_json::Map<_, _> =
            names.into_iter().map(|name| (name, value.clone().into())).collect();
        let object = serde_json::Value::Object(members.clone()).to_string();
        let token = encoded(&object, &object, "k");
        let mut buffer = vec![0; token.len()];
        let inspection = inspect(&token, None, now, &mut buffer).unwrap();
        prop_assert_eq!(inspection.claims, &object);
        let text = inspection.to_string();
        prop_assert!(!text.contains(moves), "{:?}", text);
        prop_assert_eq!(text.lines().count(), 4 + 2 * members.len());
    }

    #[test]
    fn any_text_is_answered(token: String, secret_key: String, now: u64) {
        let mut buffer = vec![0; token.len()];
        let _: Result<_, CoreError> = inspect(&token, Some(secret_key.as_bytes()), now, &mut buffer);
    }

    /// If a token is cut or changed, an error is found or the signature does not match.
    #[test]
    fn one_changed_character(at: prop::sample::Index, to in "[A-Za-z0-9_.-]?") {
        let claims = r#"{"iss":"access-key","exp":1800001800,"nbf":1799999995}"#;
        let token = encoded(kling_auth::HEADER, claims, "secret-key");
        let at = at.index(token.len());
        prop_assume!(token[at..=at] != to);
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        let mut buffer = vec![0; changed.len()];
        let Ok(found) = inspect(&changed, Some(b"secret-key"), 1_800_000_000, &mut buffer) else {
            return Ok(());
        };
        prop_assert_eq!(found.is_signature_valid, Some(false), "{}", changed);
    }
}

/// Each of Kling's members is followed by its meaning; other members are not explained.
#[test]
fn every_member_is_explained() {
    let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
    let token = generate_kling_token(&credentials, 1_800_000_000);
    let mut buffer = [0; 512];
    let text = inspect(token.as_str(), None, 1_800_000_000, &mut buffer).unwrap().to_string();
    for (member, what_for) in [
        ("alg", "signed with HMAC-SHA256"),
        ("typ", "a JSON Web Token"),
        ("iss", "the access key"),
        ("exp", "when it expires"),
        ("nbf", "when it becomes valid"),
    ] {
        let line = text.lines().find(|line| line.trim_start().starts_with(member)).unwrap();
        assert!(line.contains(what_for), "{line}");
    }
    assert!(!text.contains("not in Kling's"), "{text}");
}

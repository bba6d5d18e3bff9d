//! Requests that cause each verdict.

use jsonwebtoken::Algorithm;
use kling_gate::{DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{Connection, LIST, NOW, claims, gate, get, send, sign, sign_with, token};

/// `jwt.encode({"iss": ak, "exp": 1800001800, "nbf": 1799999995}, sk, algorithm="HS256",
/// headers={"alg": "HS256", "typ": "JWT"})` of PyJWT 2.15.1 with the demo key pair.
const PYJWT_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
    eyJpc3MiOiJBS2dhdGVEZW1vMDAwMDAwMDAwMDAwMDAwMDAwMDAwMSIsImV4cCI6MTgwMDAwMTgwMCwibmJmIjoxNzk5OTk5OTk1fQ.\
    kdOO3szm1nkOmc6Q9uv1YGGCKhKjspf0SIkvG9-uw_c";

const INVALID: (u16, u64, &str) = (401, 1002, "Authorization is invalid");
const PARTS: (u16, u64, &str) = (401, 1002, "The token was expected to have 3 parts");
const UNKNOWN_ACCESS_KEY: (u16, u64, &str) = (401, 1002, "access key not exist");
const BAD_SIGNATURE: (u16, u64, &str) = (401, 1000, "signature is invalid");
const NOT_YET_VALID: (u16, u64, &str) = (401, 1003, "Authorization is not yet valid");
const EXPIRED: (u16, u64, &str) = (401, 1004, "Authorization has expired");
const TOO_LONG: (u16, u64, &str) =
    (401, 1002, "Authorization is invalid: exp is more than 1800 seconds ahead");

/// Sends each bearer to one gate and compares the verdicts.
fn assert_verdicts(cases: &[(&str, String, (u16, u64, &str))]) {
    let gate = gate();
    for (name, bearer, verdict) in cases {
        let answer = get(gate.url(), LIST, bearer);
        assert_eq!(answer.verdict(), *verdict, "{name}");
        assert!(answer.body["request_id"].is_string(), "{name}");
        assert_eq!(answer.body["data"], Value::Null, "{name}");
    }
}

/// The guide's claims with one replaced.
fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims(NOW);
    claims[name] = value.into();
    claims
}

/// The guide's claims with one removed.
fn without(name: &str) -> Value {
    let mut claims = claims(NOW);
    claims.as_object_mut().expect("claims are an object").remove(name);
    claims
}

/// A valid token with one of its three parts replaced.
fn with_part(index: usize, replacement: &str) -> String {
    let token = token(NOW);
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[index] = replacement;
    parts.join(".")
}

#[test]
fn accepts_both_schemes() {
    let gate = gate();
    for bearer in [&token(NOW), PYJWT_TOKEN, DEMO_API_KEY] {
        assert_eq!(get(gate.url(), LIST, bearer).verdict(), (200, 0, "SUCCEED"));
    }
}

#[test]
fn accepts_the_edges_of_validity() {
    let gate = gate();
    for (name, claims) in [
        ("valid from this second", with("nbf", NOW)),
        ("valid for one more second", with("exp", NOW + 1)),
        ("a client's clock 30 s fast", with("exp", NOW + 1830)),
        ("no nbf", without("nbf")),
        ("a claim that Kling's samples lack", with("iat", NOW)),
        ("an audience, which the gate leaves alone", with("aud", "kling")),
    ] {
        assert_eq!(get(gate.url(), LIST, &sign(&claims)).status, 200, "{name}");
    }
}

#[test]
fn refuses_an_empty_authorization() {
    let gate = gate();
    for authorization in [None, Some("")] {
        let answer = send(&Method::GET, gate.url(), LIST, authorization, None);
        assert_eq!(answer.verdict(), (401, 1001, "Authorization is empty"), "{authorization:?}");
    }
}

#[test]
fn refuses_a_malformed_authorization() {
    let gate = gate();
    let token = token(NOW);
    for authorization in [
        &token,
        "Bearer",
        &format!("Basic {token}"),
        &format!("bearer {token}"),
        &format!("Bearer:{token}"),
        &format!("Bearer  {token}"),
        &format!("Bearer\t{token}"),
        &format!("Bearer Bearer {token}"),
        &format!("Bearer {token} x"),
    ] {
        let answer = send(&Method::GET, gate.url(), LIST, Some(authorization), None);
        assert_eq!(answer.verdict(), INVALID, "{authorization:?}");
    }
}

/// No client would send these.
#[test]
fn refuses_a_second_authorization_and_one_beyond_ascii() {
    let gate = gate();
    let line = format!("Authorization: Bearer {}\r\n", token(NOW));
    for header in [line.repeat(2), line.replace('.', "é.")] {
        let head = format!("GET {LIST} HTTP/1.1\r\n{header}");
        let (status, body) = Connection::open(&gate).send(&head, "");
        assert_eq!(status, "HTTP/1.1 401 Unauthorized", "{header}");
        assert_eq!(
            (&body["code"], &body["message"]),
            (&json!(1002), &json!(INVALID.2)),
            "{header}"
        );
    }
}

#[test]
fn refuses_malformed_tokens() {
    // {"alg":"none"}, in base64url.
    let unsigned = with_part(0, "eyJhbGciOiJub25lIn0");
    assert_verdicts(&[
        ("an access key", DEMO_ACCESS_KEY.to_owned(), PARTS),
        ("an API key without its prefix", "0123456789".repeat(4), PARTS),
        ("two parts", "eyJhbGciOiJIUzI1NiJ9.e30".to_owned(), PARTS),
        ("four parts", format!("{}.x", token(NOW)), PARTS),
        ("a header that is not base64url", with_part(0, "e+0"), INVALID),
        ("a header that is not JSON", with_part(0, "eyJhbGci"), INVALID),
        ("claims with padding", with_part(1, "e30="), INVALID),
        ("claims that are not an object", sign(&json!([])), INVALID),
        ("no algorithm", unsigned, INVALID),
        ("another algorithm", sign_with(Algorithm::HS512, &claims(NOW), DEMO_SECRET_KEY), INVALID),
    ]);
}

#[test]
fn refuses_claims_of_another_type() {
    let exp = NOW + 1800;
    assert_verdicts(&[
        ("no iss", sign(&without("iss")), INVALID),
        ("iss is a number", sign(&with("iss", 1)), INVALID),
        ("no exp", sign(&without("exp")), INVALID),
        ("exp has a fraction", sign(&with("exp", 1_800_001_799.5)), INVALID),
        ("exp is a whole float", sign(&with("exp", 1_800_001_800.0)), INVALID),
        ("exp is a string", sign(&with("exp", exp.to_string())), INVALID),
        ("exp is negative", sign(&with("exp", -1)), INVALID),
        ("exp is null", sign(&with("exp", Value::Null)), INVALID),
        ("nbf is a whole float", sign(&with("nbf", 1_799_999_995.0)), INVALID),
        ("nbf is a string", sign(&with("nbf", "0")), INVALID),
        ("nbf is null", sign(&with("nbf", Value::Null)), INVALID),
    ]);
}

#[test]
fn refuses_unknown_keys() {
    let unknown = with("iss", "AKgateDemo0000000000000000000002");
    let mut api_key = DEMO_API_KEY.to_owned();
    api_key.pop();
    assert_verdicts(&[
        ("access key", sign(&unknown), UNKNOWN_ACCESS_KEY),
        ("API key", api_key, (401, 1002, "api key not found")),
    ]);
}

#[test]
fn refuses_a_wrong_signature() {
    let wrong_secret_key = sign_with(Algorithm::HS256, &claims(NOW), "another secret key");
    let signature = token(NOW).rsplit_once('.').unwrap().1.to_owned();
    // The last of 43 characters has two bits too many, which are zero.
    let (start, last) = signature.split_at(42);
    let next = char::from(last.as_bytes()[0] + 1);
    let signature_of_other_claims = sign(&with("nbf", NOW)).rsplit_once('.').unwrap().1.to_owned();
    assert_verdicts(&[
        ("wrong secret key", wrong_secret_key, BAD_SIGNATURE),
        ("other claims", with_part(2, &signature_of_other_claims), BAD_SIGNATURE),
        ("none", with_part(2, ""), BAD_SIGNATURE),
        ("padding", with_part(2, &format!("{signature}=")), BAD_SIGNATURE),
        ("other bits at the end", with_part(2, &format!("{start}{next}")), BAD_SIGNATURE),
        ("no base64url", with_part(2, "+"), BAD_SIGNATURE),
    ]);
}

#[test]
fn refuses_by_the_clock() {
    assert_verdicts(&[
        ("valid from the next second", sign(&with("nbf", NOW + 1)), NOT_YET_VALID),
        ("valid until this second", sign(&with("exp", NOW)), EXPIRED),
        ("expired long ago", sign(&with("exp", 0)), EXPIRED),
        ("beyond the ceiling", sign(&with("exp", NOW + 1831)), TOO_LONG),
        ("far beyond the ceiling", sign(&with("exp", u64::MAX)), TOO_LONG),
    ]);
}

/// Each case has two faults; the earlier check decides the answer.
#[test]
fn checks_in_a_fixed_order() {
    let unknown_key = with("iss", "nobody");
    let mut unknown_and_malformed = unknown_key.clone();
    unknown_and_malformed["exp"] = json!("soon");
    let mut early_and_expired = with("nbf", NOW + 1);
    early_and_expired["exp"] = json!(NOW);
    let mut early_and_long = with("nbf", NOW + 1);
    early_and_long["exp"] = json!(NOW + 9999);
    let wrongly_signed = |claims: &Value| sign_with(Algorithm::HS256, claims, "another");

    assert_verdicts(&[
        ("shape before known key", sign(&unknown_and_malformed), INVALID),
        ("known key before signature", wrongly_signed(&unknown_key), UNKNOWN_ACCESS_KEY),
        ("signature before not before", wrongly_signed(&with("nbf", NOW + 1)), BAD_SIGNATURE),
        ("signature before expiry", wrongly_signed(&with("exp", NOW)), BAD_SIGNATURE),
        ("not before before expiry", sign(&early_and_expired), NOT_YET_VALID),
        ("not before before ceiling", sign(&early_and_long), NOT_YET_VALID),
    ]);
}

/// A 404 therefore proves that credentials are valid, as with Kling.
#[test]
fn verifies_before_it_looks_at_the_path() {
    let gate = gate();
    let answer = send(&Method::GET, gate.url(), "/nowhere", None, None);
    assert_eq!(answer.verdict(), (401, 1001, "Authorization is empty"));
}

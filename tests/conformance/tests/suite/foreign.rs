//! The vectors of `tests/vectors/foreign`: complete files, as others published them.
//!
//! Two files are only in public repositories, not in a package and not in this tree. Their
//! tests are ignored until `FOREIGN_VECTORS` names a directory that has them:
//! `FOREIGN_VECTORS=… cargo test -p kling-conformance foreign -- --include-ignored`.

use std::{env, fs, path::Path};

use base64ct::{Base64UrlUnpadded, Encoding};
use kling_auth::{
    HmacKey, encode, encoded_len, verify,
    webhook::{self, Delivery, Secret},
};
use kling_conformance::{WebhookVector, read, report, unhex};
use serde::Deserialize;
use serde_json::Value;

/// Prints how many cases of a file passed.
fn printed(file: &str, count: usize, expected: usize) {
    assert_eq!(count, expected, "{file}");
    report(&format!("vectors: {file}: {count} cases"));
}

/// A file that is only in a public repository.
fn fetched(name: &str) -> String {
    let directory = env::var_os("FOREIGN_VECTORS").expect("FOREIGN_VECTORS names no directory");
    fs::read_to_string(Path::new(&directory).join(name)).expect(name)
}

/// HMAC, complete or truncated: the tag is a prefix of ours, and only the complete tag verifies.
fn assert_tag(key: &[u8], message: &[u8], tag: &[u8], is_valid: bool, case: &str) {
    let key = HmacKey::new(key);
    let signature = key.sign(message);
    assert_eq!(signature.starts_with(tag), is_valid, "{case}");
    assert_eq!(key.verify(message, tag), is_valid && tag.len() == 32, "{case}");
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wycheproof<G> {
    number_of_tests: usize,
    test_groups: Vec<G>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MacGroup {
    tag_size: usize,
    tests: Vec<MacTest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MacTest {
    tc_id: u32,
    key: String,
    msg: String,
    tag: String,
    result: String,
}

#[test]
fn wycheproof_hmac_sha256() {
    let file: Wycheproof<MacGroup> = read("foreign/wycheproof_hmac_sha256_test.json");
    let mut count = 0;
    for group in file.test_groups {
        for MacTest { tc_id, key, msg, tag, result } in group.tests {
            let tag = unhex(&tag);
            assert_eq!(tag.len() * 8, group.tag_size, "{tc_id}");
            assert_tag(&unhex(&key), &unhex(&msg), &tag, result == "valid", &tc_id.to_string());
            count += 1;
        }
    }
    assert_eq!(count, file.number_of_tests);
    printed("wycheproof_hmac_sha256_test.json", count, 174);
}

/// Mbed TLS writes a case as `mbedtls_md_hmac:HASH:LENGTH:"KEY":"MESSAGE":"TAG"`.
#[test]
fn nist_cavs_in_mbed_tls() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/foreign/mbedtls_test_suite_md.data");
    let text = fs::read_to_string(path).unwrap();
    let cases = text.lines().filter(|line| line.starts_with("mbedtls_md_hmac:"));
    let mut count = 0;
    for case in cases {
        let fields: Vec<_> = case.split(':').map(|field| field.trim_matches('"')).collect();
        let &[_, "MBEDTLS_MD_SHA256", length, key, message, tag] = &fields[..] else {
            panic!("{case}");
        };
        let tag = unhex(tag);
        assert_eq!(tag.len().to_string(), length);
        assert_tag(&unhex(key), &unhex(message), &tag, true, case);
        count += 1;
    }
    printed("mbedtls_test_suite_md.data", count, 6);
}

/// CAVP writes a case as lines of `Name = value`, with an empty line after the last.
#[test]
#[ignore = "FOREIGN_VECTORS: needs HMAC.rsp of NIST's CAVP"]
fn nist_cavp() {
    let text = fetched("HMAC.rsp").replace('\r', "");
    let section = text.split("[L=").find_map(|section| section.strip_prefix("32]"));
    let mut count = 0;
    for case in section.expect("[L=32]").split("\n\n").filter(|case| case.contains("Count")) {
        let value = |name: &str| {
            let line = case.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
            line.expect(name).to_owned()
        };
        let tag = unhex(&value("Mac"));
        assert_eq!(tag.len().to_string(), value("Tlen"));
        assert_tag(&unhex(&value("Key")), &unhex(&value("Msg")), &tag, true, case);
        count += 1;
    }
    printed("HMAC.rsp [L=32]", count, 225);
}

#[derive(Deserialize)]
struct Rfc7520 {
    payload: String,
    key: String,
    header: String,
    encoded_header: String,
    encoded_payload: String,
    signature: String,
    token: String,
}

#[test]
fn rfc_7520_section_4_4() {
    let vector: Rfc7520 = read("foreign/rfc7520_4_4.json");
    let (header, payload) = (vector.header.as_bytes(), vector.payload.as_bytes());
    let key = unbase64url(&vector.key);
    let mut buffer = vec![0; encoded_len(header.len(), payload.len())];
    let token = encode(header, payload, &key, &mut buffer).unwrap();
    let parts = [&*vector.encoded_header, &vector.encoded_payload, &vector.signature];
    assert_eq!(token.split('.').collect::<Vec<_>>(), parts);
    assert_eq!(token, vector.token);
    let mut decoded = vec![0; token.len()];
    assert_eq!(verify(token, &key, &mut decoded).unwrap().payload, payload);
    printed("rfc7520_4_4.json", 1, 1);
}

/// Our first vector is the callback that the specification's libraries are tested with.
#[test]
fn standard_webhooks() {
    let vectors: Vec<WebhookVector> = read("webhooks.json");
    let published = &vectors[0];
    let body = published.body();
    let delivery = Delivery::new(published.headers(), &body);
    let secret = Secret::new(&published.secrets[0]).unwrap();
    let verified = webhook::verify(&[secret], &delivery, published.now).unwrap();
    assert_eq!(verified.id, "msg_p5jXN8AQM9LWM0D4loKWxJek");
    assert_eq!(verified.timestamp, 1_614_265_330);
    printed("webhooks.json, the published one", 1, 1);
}

#[derive(Deserialize)]
struct JwsGroup {
    private: Option<Value>,
    public: Option<Value>,
    tests: Vec<JwsTest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JwsTest {
    tc_id: u32,
    jws: String,
    result: String,
}

/// Why some results differ from Wycheproof's.
const ANOTHER_ALGORITHM: &str = "another algorithm than HS256";
const ANOTHER_CHARACTER: &str = "a character that base64url has not";
const BOTH: &str = "the file says of one and the same token that it is valid and that it is not";

fn is_beyond_hs256(key: &Value) -> Option<&'static str> {
    let algorithm = key["alg"].as_str();
    (algorithm != Some("HS256") || key["kty"] != "oct").then_some(ANOTHER_ALGORITHM)
}

/// RFC 7515, section 2: base64url "with all trailing '=' characters omitted and without the
/// inclusion of any line breaks, whitespace, or other additional characters".
fn is_not_base64url(token: &str) -> Option<&'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!token.bytes().all(is_plain)).then_some(ANOTHER_CHARACTER)
}

#[test]
#[ignore = "FOREIGN_VECTORS: needs json_web_signature_test.json of C2SP/wycheproof"]
fn wycheproof_json_web_signature() {
    let text = fetched("json_web_signature_test.json");
    let file: Wycheproof<JwsGroup> = serde_json::from_str(&text).unwrap();
    let of = |group: &JwsGroup| group.private.clone().or(group.public.clone()).expect("a key");
    let groups = || file.test_groups.iter().map(|group| (of(group), &group.tests));
    let tests =
        || groups().flat_map(|(key, tests)| tests.iter().map(move |test| (key.clone(), test)));
    let (mut count, mut accepted, mut unlike) = (0, 0, Vec::new());
    for (key, JwsTest { tc_id, jws, result }) in tests() {
        let secret = key["k"].as_str().map_or_else(|| public_part(&key), unbase64url);
        let is_accepted = verify(jws, &secret, &mut vec![0; jws.len()]).is_ok();
        let is_repeated = tests().any(|(other, test)| {
            other == key && test.jws == *jws && test.tc_id != *tc_id && test.result == "valid"
        });
        match (is_accepted, &**result) {
            (true, "valid") => accepted += 1,
            (false, "invalid") => {}
            (false, "valid") => {
                let why = is_beyond_hs256(&key).or_else(|| is_not_base64url(jws));
                unlike.push(why.unwrap_or_else(|| panic!("{tc_id}: refused for no reason")));
            }
            (true, "invalid") if is_repeated => unlike.push(BOTH),
            _ => panic!("{tc_id}: accepted {is_accepted}, {result}"),
        }
        count += 1;
    }
    assert_eq!(count, file.number_of_tests);
    for why in [ANOTHER_ALGORITHM, ANOTHER_CHARACTER, BOTH] {
        let times = unlike.iter().filter(|one| **one == why).count();
        report(&format!("vectors: json_web_signature_test.json: {times} unlike: {why}"));
    }
    report(&format!("vectors: json_web_signature_test.json: {accepted} accepted"));
    printed("json_web_signature_test.json", count, 401);
}

/// The text of a public key, which a confused verifier would use as an HMAC key.
fn public_part(key: &Value) -> Vec<u8> {
    ["n", "x"].iter().find_map(|name| key[name].as_str()).expect("a public key").into()
}

fn unbase64url(text: &str) -> Vec<u8> {
    let mut buffer = vec![0; text.len()];
    Base64UrlUnpadded::decode(text, &mut buffer).expect("base64url").to_vec()
}

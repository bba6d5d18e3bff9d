//! No secret is shown when a value is printed.

use kling_auth::{
    Credentials, HmacKey, KeyPair, KlingAuth, KlingAuthBuilder, Response, Signer, TokenProvider,
    Validity,
};

const SECRET: &str = "canary-0123456789abcdef";

#[test]
fn debug_output_holds_no_secret() {
    let pair = Credentials::key_pair("access-key", SECRET).unwrap();
    let api_key = Credentials::api_key(SECRET).unwrap();
    let signer = Signer::new(&KeyPair::new("access-key", SECRET).unwrap(), Validity::default());
    let token = signer.sign(1_800_000_000);
    let mut provider = TokenProvider::new(&pair);
    provider.token(1_800_000_000);
    let of_api_key = TokenProvider::new(&api_key);
    let auth = KlingAuth::new("access-key", SECRET).unwrap();
    auth.token();
    let builder: KlingAuthBuilder =
        KlingAuth::builder().credentials(Credentials::api_key(SECRET).unwrap());

    let printed = [
        format!("{pair:?} {pair:#?}"),
        format!("{api_key:?} {api_key:#?}"),
        format!("{signer:?} {signer:#?}"),
        format!("{token:?} {token:#?}"),
        format!("{provider:?} {provider:#?}"),
        format!("{of_api_key:?} {of_api_key:#?}"),
        format!("{auth:?} {auth:#?}"),
        format!("{builder:?} {builder:#?}"),
        format!("{:?}", HmacKey::new(SECRET.as_bytes())),
    ];
    for text in printed {
        assert!(!text.is_empty());
        assert!(!text.contains("canary"), "{text}");
        assert!(!text.contains(token.as_str()), "{text}");
    }
}

#[test]
fn debug_output_says_what_is_public() {
    let pair = KeyPair::new("access-key", SECRET).unwrap();
    let signer = Signer::new(&pair, Validity::default());
    assert_eq!(
        format!("{pair:?}"),
        "KeyPair { access_key: AccessKey(a…y), midstate: Midstate([elided]) }"
    );
    assert_eq!(
        format!("{signer:?}"),
        "Signer { access_key: AccessKey(a…y), validity: Validity { lifetime: 1800 }, .. }"
    );
    assert_eq!(
        format!("{:?}", signer.sign(1_800_000_000)),
        "Token { expires_at: Some(1800001800), .. }"
    );
    let body = br#"{"code":1000,"message":"signature is invalid","request_id":"1"}"#;
    let verdict = Response::new(401, body).verdict();
    let text = format!("{verdict:?}");
    assert!(text.contains(r#""signature is invalid""#), "{text}");
    assert_eq!(verdict.cause.to_string(), verdict.cause.as_str());
}

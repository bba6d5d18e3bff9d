//! No secret shows where a value is printed.

use kling_auth::{
    Builder, Credentials, HmacKey, KeyPair, KlingAuth, Signer, TokenProvider, Validity,
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
    let builder: Builder = KlingAuth::builder().credentials(Credentials::api_key(SECRET).unwrap());

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

//! An encoded token decodes to the same bytes, and a changed one does not verify.

use kling_auth::{
    CoreError, Credentials, TokenProvider, Validity, decode, encode, encoded_len, verify,
};
use proptest::{collection::vec, prelude::*};

const HEADER: &[u8] = br#"{"alg":"HS256"}"#;

fn encoded(payload: &[u8], key: &[u8]) -> String {
    let mut buffer = vec![0; encoded_len(HEADER.len(), payload.len())];
    encode(HEADER, payload, key, &mut buffer).unwrap().to_owned()
}

proptest! {
    #[test]
    fn any_payload_under_any_key(payload: Vec<u8>, key in vec(any::<u8>(), 1..200)) {
        let token = encoded(&payload, &key);
        let mut buffer = vec![0; token.len()];
        let decoded = verify(&token, &key, &mut buffer).unwrap();
        prop_assert_eq!(decoded.header, HEADER);
        prop_assert_eq!(decoded.payload, payload);
    }

    #[test]
    fn one_changed_character(
        payload: Vec<u8>,
        key in vec(any::<u8>(), 1..200),
        at: prop::sample::Index,
        to in "[ -~]",
    ) {
        let token = encoded(&payload, &key);
        let at = at.index(token.len());
        prop_assume!(token[at..=at] != to);
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        prop_assert!(verify(&changed, &key, &mut vec![0; token.len()]).is_err());
    }

    #[test]
    fn any_text_is_answered(token: String, key: Vec<u8>) {
        let mut buffer = vec![0; token.len()];
        let _: Result<_, CoreError> = decode(&token, &mut buffer);
        prop_assert!(verify(&token, &key, &mut buffer).is_err());
    }

    #[test]
    fn any_header_is_answered(header: Vec<u8>, key in vec(any::<u8>(), 1..200)) {
        let mut buffer = vec![0; encoded_len(header.len(), 0)];
        let token = encode(&header, b"", &key, &mut buffer).unwrap();
        let verified = verify(token, &key, &mut vec![0; token.len()]).map(|_| ());
        prop_assert!(matches!(verified, Err(CoreError::TokenHeader | CoreError::Algorithm)));
    }

    /// `Signer` (precomputed midstate) and the compact form make the same token.
    #[test]
    fn signer_and_compact_form_agree(
        access_key in "[!#-\\[\\]-~]{1,64}",
        secret_key in "[!-~]{1,512}",
        lifetime in 1..=1800_u64,
        now: u64,
    ) {
        let credentials = Credentials::key_pair(&access_key, &secret_key).unwrap();
        let validity = Validity::new(lifetime).unwrap();
        let mut provider = TokenProvider::with_policy(&credentials, validity, 0);
        let token = provider.refresh(now);
        let mut buffer = vec![0; token.as_str().len()];
        let decoded = verify(token.as_str(), secret_key.as_bytes(), &mut buffer).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(decoded.payload).unwrap();
        let expected = serde_json::json!({
            "iss": access_key,
            "exp": now.saturating_add(lifetime),
            "nbf": now.saturating_sub(5),
        });
        prop_assert_eq!(claims, expected);
    }
}

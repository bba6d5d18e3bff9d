//! Any text as a token: decoded tokens are canonical, and verified ones were signed with HS256.

#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use kling_auth::{HmacKey, decode, encode, encoded_len, verify, verify_signature};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::Value;

const KEY: &[u8] = b"secret-key";

fuzz_target!(|token: &str| {
    let mut buffer = vec![0; token.len()];
    let Ok(decoded) = decode(token, &mut buffer) else {
        assert!(verify(token, KEY, &mut vec![0; token.len()]).is_err());
        return;
    };

    // Two different tokens never decode to the same parts.
    let parts = [decoded.header, decoded.payload, decoded.signature];
    assert_eq!(parts.map(Base64UrlUnpadded::encode_string).join("."), token);

    let (signing_input, _) = token.rsplit_once('.').unwrap();
    let is_signature_valid = HmacKey::new(KEY).sign(signing_input.as_bytes()) == *decoded.signature;
    assert_eq!(verify_signature(token, KEY).is_ok(), is_signature_valid);

    // Signed again, it verifies only if `serde_json` agrees that the header is HS256.
    let mut buffer = vec![0; encoded_len(decoded.header.len(), decoded.payload.len())];
    let signed = encode(decoded.header, decoded.payload, KEY, &mut buffer).unwrap();
    assert_eq!(signed.rsplit_once('.').unwrap().0, signing_input);
    let mut buffer = vec![0; signed.len()];
    if let Ok(verified) = verify(signed, KEY, &mut buffer) {
        assert_eq!((verified.header, verified.payload), (decoded.header, decoded.payload));
        serde_json::from_slice::<IgnoredAny>(decoded.header).expect("JSON");
        // serde_json's values do not allow everything that RFC 8259 allows.
        if let Ok(header) = serde_json::from_slice::<Value>(decoded.header) {
            assert_eq!(header["alg"], "HS256");
            assert_eq!(header.get("crit"), None);
        }
    }
    assert!(verify(signed, b"another key", &mut vec![0; signed.len()]).is_err());
});

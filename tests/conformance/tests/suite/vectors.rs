//! Every stage of every vector.

use kling_auth::{
    AccessKey, Claims, Credentials, HEADER, HmacKey, KlingAuth, Token, Validity, decode, encode,
    encoded_len, generate_kling_token, verify,
};
use kling_conformance::{CompactVector, HmacVector, JwsVector, KlingVector, read, unhex};

#[test]
fn kling_tokens() {
    let vectors: Vec<KlingVector> = read("kling.json");
    assert!(!vectors.is_empty());
    for vector in vectors {
        stages(&vector);
        assert_eq!(token(&vector).as_str(), vector.token, "{}", vector.name);
    }
}

fn stages(vector: &KlingVector) {
    let name = &vector.name;
    assert_eq!(HEADER, vector.header, "{name}");

    let access_key = AccessKey::new(&vector.access_key).unwrap();
    let validity = Validity::new(vector.lifetime).unwrap();
    let mut json = [0; Claims::MAX_JSON_LEN];
    let claims = Claims::new(&access_key, validity, vector.now).to_json(&mut json);
    assert_eq!(str::from_utf8(claims).unwrap(), vector.claims, "{name}");

    let mut buffer = vec![0; encoded_len(HEADER.len(), claims.len())];
    let key = vector.secret_key.as_bytes();
    let token = encode(HEADER.as_bytes(), claims, key, &mut buffer).unwrap();
    let (signing_input, _) = token.rsplit_once('.').unwrap();
    assert_eq!(signing_input, vector.signing_input, "{name}");
    assert_eq!(HmacKey::new(key).sign(signing_input.as_bytes()).to_vec(), unhex(&vector.signature));
    assert_eq!(token, vector.token, "{name}");
}

fn token(vector: &KlingVector) -> Token {
    let credentials = Credentials::key_pair(&vector.access_key, &vector.secret_key).unwrap();
    if vector.lifetime == Validity::MAX_LIFETIME {
        return generate_kling_token(&credentials, vector.now);
    }
    let auth = KlingAuth::builder()
        .credentials(credentials)
        .lifetime(std::time::Duration::from_secs(vector.lifetime))
        .build();
    auth.unwrap().token_at(vector.now)
}

#[test]
fn compact_forms() {
    let vectors: Vec<CompactVector> = read("compact.json");
    assert!(!vectors.is_empty());
    for CompactVector { source, header, payload, key, token } in vectors {
        let (header, payload, key) = (header.as_bytes(), payload.as_bytes(), key.as_bytes());
        let mut encoded = vec![0; encoded_len(header.len(), payload.len())];
        assert_eq!(encode(header, payload, key, &mut encoded).unwrap(), token, "{source}");
        let mut decoded = vec![0; token.len()];
        let decoded = verify(&token, key, &mut decoded).unwrap();
        assert_eq!((decoded.header, decoded.payload), (header, payload), "{source}");
    }
}

#[test]
fn rfc_4231() {
    let vectors: Vec<HmacVector> = read("rfc4231.json");
    assert_eq!(vectors.len(), 7);
    for HmacVector { source, key, data, hmac_sha256 } in vectors {
        let key = HmacKey::new(&unhex(&key));
        let expected = unhex(&hmac_sha256);
        let signature = key.sign(&unhex(&data));
        assert_eq!(signature[..expected.len()], expected, "{source}");
        assert!(key.verify(&unhex(&data), &signature), "{source}");
        // A truncated signature, as in test case 5, is not valid.
        assert_eq!(key.verify(&unhex(&data), &expected), expected.len() == 32, "{source}");
    }
}

#[test]
fn rfc_7515_appendix_a_1() {
    let vector: JwsVector = read("rfc7515.json");
    let (header, payload) = (vector.header.as_bytes(), vector.payload.as_bytes());
    let mut encoded = vec![0; encoded_len(header.len(), payload.len())];
    let token = encode(header, payload, &unhex(&vector.key), &mut encoded).unwrap();
    assert_eq!(token, vector.token);
    assert_eq!(token.rsplit_once('.').unwrap().0, vector.signing_input);
    let mut decoded = vec![0; token.len()];
    assert_eq!(decode(token, &mut decoded).unwrap().signature, unhex(&vector.signature));
}

//! kling-auth, with each of its ways to make a token.

use std::hint::black_box;

use kling_auth::{
    Credentials, HEADER, KeyPair, KlingAuth, Signer, Token, Validity, encode, generate_kling_token,
    verify,
};

use crate::{
    case::{ACCESS_KEY, Claims, NOW, SECRET_KEY, check},
    interleave::Contender,
};

const WHO: &str = "kling-auth";

pub(crate) fn contenders() -> Vec<Contender> {
    let pair = KeyPair::new(ACCESS_KEY, SECRET_KEY).expect("a key pair");
    let signer = Signer::new(&pair, Validity::default());
    let auth = KlingAuth::new(ACCESS_KEY, SECRET_KEY).expect("a key pair");
    check(WHO, signer.sign(NOW).as_str());
    check(WHO, auth.token_at(NOW).as_str());
    [minting(signer, auth), cached(), compact()].into_iter().flatten().collect()
}

fn minting(signer: Signer, auth: KlingAuth) -> Vec<Contender> {
    let into = signer.clone();
    let mut buffer = [0; Token::MAX_LEN];
    vec![
        Contender::new(["sign_into", WHO, "Signer::sign_into"], move || {
            into.sign_into(black_box(NOW), &mut buffer).len()
        }),
        Contender::new(["mint", WHO, "Signer::sign"], move || signer.sign(black_box(NOW))),
        Contender::new(["refresh", WHO, "KlingAuth::refresh_at"], move || {
            auth.refresh_at(black_box(NOW))
        }),
        Contender::new(["raw_keys", WHO, "Credentials::key_pair, generate_kling_token"], || {
            let keys = Credentials::key_pair(black_box(ACCESS_KEY), black_box(SECRET_KEY));
            generate_kling_token(&keys.expect("a key pair"), black_box(NOW))
        }),
    ]
}

fn cached() -> Vec<Contender> {
    let auth = || KlingAuth::new(ACCESS_KEY, SECRET_KEY).expect("a key pair");
    let (lent, copied, header) = (auth(), auth(), auth());
    vec![
        Contender::new(["cached", WHO, "KlingAuth::token_at"], move || {
            lent.token_at(black_box(NOW))
        }),
        Contender::new(["token", WHO, "KlingAuth::token"], move || copied.token()),
        Contender::new(["authorization", WHO, "KlingAuth::authorization"], move || {
            header.authorization()
        }),
    ]
}

fn compact() -> Vec<Contender> {
    let key = SECRET_KEY.as_bytes();
    let (mut written, mut read) = ([0; 512], [0; 512]);
    let payload = serde_json::to_string(&Claims::at(NOW)).expect("text and numbers");
    let token = encode(HEADER.as_bytes(), payload.as_bytes(), key, &mut written);
    let token = token.expect("a key and a buffer").to_owned();
    check(WHO, &token);
    vec![
        Contender::new(["encode", WHO, "serde_json, encode"], move || {
            let payload = serde_json::to_vec(&Claims::at(black_box(NOW))).expect("plain");
            let token = encode(HEADER.as_bytes(), &payload, black_box(key), &mut written);
            token.expect("a key and a buffer").len()
        }),
        Contender::new(["decode", WHO, "verify, serde_json"], move || {
            let decoded = verify(black_box(&token), black_box(key), &mut read).expect("signed");
            let claims: Claims<'_> = serde_json::from_slice(decoded.payload).expect("claims");
            claims.exp
        }),
    ]
}

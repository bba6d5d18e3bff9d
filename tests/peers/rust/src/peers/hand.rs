//! Own code with an HMAC crate: hmac with sha2, ring, aws-lc-rs, each with base64ct.

use std::{fmt::Write as _, hint::black_box};

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    case::{ACCESS_KEY, EXPIRES_AT, NOW, SECRET_KEY, check},
    interleave::Contender,
};

pub(crate) fn contenders() -> Vec<Contender> {
    let held = Hmac::<Sha256>::new_from_slice(SECRET_KEY.as_bytes()).expect("any length");
    let ring = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET_KEY.as_bytes());
    let aws = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET_KEY.as_bytes());
    vec![
        by_hand(["mint", "hmac", "own code: hmac, sha2 and base64ct, reused key"], move |input| {
            held.clone().chain_update(input).finalize().into_bytes()
        }),
        by_hand(["mint", "ring", "own code: ring and base64ct, reused key"], move |input| {
            ring::hmac::sign(&ring, input)
        }),
        by_hand(
            ["mint", "aws-lc-rs", "own code: aws-lc-rs and base64ct, reused key"],
            move |input| aws_lc_rs::hmac::sign(&aws, input),
        ),
    ]
}

/// The rest of the token, which is the same for all three.
fn by_hand<S: AsRef<[u8]>>(
    name: [&'static str; 3],
    sign: impl Fn(&[u8]) -> S + 'static,
) -> Contender {
    let header = Base64UrlUnpadded::encode_string(br#"{"alg":"HS256","typ":"JWT"}"#) + ".";
    let mint = move || {
        let (expires_at, not_before) = (black_box(EXPIRES_AT), black_box(NOW) - 5);
        let claims = format!(r#"{{"iss":"{ACCESS_KEY}","exp":{expires_at},"nbf":{not_before}}}"#);
        let mut token = header.clone();
        token.push_str(&Base64UrlUnpadded::encode_string(claims.as_bytes()));
        let signature = Base64UrlUnpadded::encode_string(sign(token.as_bytes()).as_ref());
        write!(token, ".{signature}").expect("a String takes it");
        token
    };
    check(name[1], &mint());
    Contender::new(name, mint)
}

//! jsonwebtoken, jwt-simple, jwt-compact.

use std::hint::black_box;

use chrono::DateTime;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation};
use jwt_compact::{
    AlgorithmExt, UntrustedToken,
    alg::{Hs256, Hs256Key},
};
use jwt_simple::prelude::{HS256Key, JWTClaims, MACLike, NoCustomClaims, UnixTimeStamp};
use serde::{Deserialize, Serialize};

use crate::{
    case::{ACCESS_KEY, Claims, EXPIRES_AT, NOW, SECRET_KEY, check},
    interleave::Contender,
};

pub(crate) fn contenders() -> Vec<Contender> {
    [jsonwebtoken(), jwt_simple(), jwt_compact()].into_iter().flatten().collect()
}

fn jsonwebtoken() -> Vec<Contender> {
    #[derive(Deserialize)]
    struct Owned {
        #[expect(dead_code, reason = "read, as a user's struct has it")]
        iss: String,
        exp: u64,
    }
    let who = "jsonwebtoken";
    let header = jsonwebtoken::Header::new(Algorithm::HS256);
    let key = EncodingKey::from_secret(SECRET_KEY.as_bytes());
    let mint = move || {
        jsonwebtoken::encode(&header, &Claims::at(black_box(NOW)), &key).expect("a key for HS256")
    };
    let token = mint();
    check(who, &token);

    let key = DecodingKey::from_secret(SECRET_KEY.as_bytes());
    let validation = Validation::new(Algorithm::HS256);
    let read = move || {
        let data = jsonwebtoken::decode::<Owned>(black_box(&token), &key, &validation);
        data.expect("a valid token").claims.exp
    };
    vec![
        Contender::new(["mint", who, "encode, with a held EncodingKey"], mint),
        Contender::new(["decode", who, "decode, with a held DecodingKey"], read),
    ]
}

fn jwt_simple() -> Vec<Contender> {
    let who = "jwt-simple";
    let key = HS256Key::from_bytes(SECRET_KEY.as_bytes());
    let of = key.clone();
    let mint = move || {
        let claims = JWTClaims {
            issued_at: None,
            expires_at: Some(UnixTimeStamp::from_secs(black_box(EXPIRES_AT))),
            invalid_before: Some(UnixTimeStamp::from_secs(black_box(NOW) - 5)),
            issuer: Some(ACCESS_KEY.to_owned()),
            subject: None,
            audiences: None,
            jwt_id: None,
            nonce: None,
            custom: NoCustomClaims {},
        };
        of.authenticate(claims).expect("a key")
    };
    let token = mint();
    check(who, &token);
    let options = jwt_simple::prelude::VerificationOptions {
        artificial_time: Some(UnixTimeStamp::from_secs(NOW)),
        ..Default::default()
    };
    let read = move || {
        let claims = key.verify_token::<NoCustomClaims>(black_box(&token), Some(options.clone()));
        claims.expect("a valid token").expires_at
    };
    vec![
        Contender::new(["mint", who, "HS256Key::authenticate"], mint),
        Contender::new(["decode", who, "HS256Key::verify_token"], read),
    ]
}

fn jwt_compact() -> Vec<Contender> {
    #[derive(Serialize)]
    struct Written {
        iss: &'static str,
    }
    #[derive(Deserialize)]
    struct Read {
        #[expect(dead_code, reason = "read, as a user's struct has it")]
        iss: String,
    }
    let who = "jwt-compact";
    let key = Hs256Key::new(SECRET_KEY);
    let of = key.clone();
    let header = jwt_compact::Header::empty().with_token_type("JWT");
    let time = |seconds: u64| DateTime::from_timestamp_secs(seconds.cast_signed());
    let mint = move || {
        let mut claims = jwt_compact::Claims::new(Written { iss: black_box(ACCESS_KEY) });
        claims.expiration = time(black_box(EXPIRES_AT));
        claims.not_before = time(black_box(NOW) - 5);
        Hs256.token(&header, &claims, &of).expect("claims")
    };
    let token = mint();
    check(who, &token);
    let read = move || {
        let token = UntrustedToken::new(black_box(&token)).expect("a token");
        let token = Hs256.validator::<Read>(&key).validate(&token).expect("a valid token");
        token.claims().expiration
    };
    vec![
        Contender::new(["mint", who, "Hs256.token, with a held Hs256Key"], mint),
        Contender::new(["decode", who, "Hs256.validator.validate"], read),
    ]
}

//! The input of all contenders: one key pair of Kling's usual length, and one time.

use serde::{Deserialize, Serialize};

pub(crate) const ACCESS_KEY: &str = "AKbenchmark000000000000000000001";
pub(crate) const SECRET_KEY: &str = "SKbenchmark000000000000000000001";
/// 2033, so that no verifier considers the token expired.
pub(crate) const NOW: u64 = 2_000_000_000;
pub(crate) const LIFETIME: u64 = 1800;
pub(crate) const EXPIRES_AT: u64 = NOW + LIFETIME;

/// The guide's three claims, as serde writes and reads them.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Claims<'a> {
    pub(crate) iss: &'a str,
    pub(crate) exp: u64,
    pub(crate) nbf: u64,
}

impl Claims<'_> {
    pub(crate) fn at(now: u64) -> Self {
        Self { iss: ACCESS_KEY, exp: now + LIFETIME, nbf: now - 5 }
    }
}

/// Checks that a contender makes a valid token with the guide's three claims.
///
/// jsonwebtoken verifies it, not the contender.
pub(crate) fn check(who: &str, token: &str) {
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};

    #[derive(Deserialize)]
    struct Owned {
        iss: String,
        exp: u64,
        nbf: u64,
    }
    let key = DecodingKey::from_secret(SECRET_KEY.as_bytes());
    let claims = decode::<Owned>(token, &key, &Validation::new(Algorithm::HS256))
        .unwrap_or_else(|error| panic!("{who}: {error}: {token}"))
        .claims;
    let minted = Claims { iss: &claims.iss, exp: claims.exp, nbf: claims.nbf };
    assert_eq!(minted, Claims::at(minted.exp - LIFETIME), "{who}");
}

//! Mints one token, without a signer.

use crate::{Credentials, Signer, Token, Validity};

/// Mints one token at `now` (Unix seconds). An API key is its own token.
///
/// ```
/// use kling_jwt_core::{Credentials, Validity, mint};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// let token = mint(&credentials, Validity::default(), 1_800_000_000);
/// assert_eq!(token.expires_at(), Some(1_800_001_800));
/// ```
pub fn mint(credentials: &Credentials, validity: Validity, now: u64) -> Token {
    match credentials {
        Credentials::KeyPair(pair) => Signer::new(pair, validity).sign(now),
        Credentials::ApiKey(api_key) => api_key.into(),
    }
}

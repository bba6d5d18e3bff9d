//! Stage 6: the current token, and the policy when to mint the next.
//!
//! The clock is the wall clock and an argument: a monotonic one stops while a machine is
//! suspended, and would hand out an expired token on waking up.

use crate::{Credentials, Signer, Token, Validity};

/// The buffer of the guide's class, in seconds: a token is renewed 5 minutes before its end.
pub const DEFAULT_BUFFER: u64 = 300;

/// Keeps the current token of a credential and mints the next one when it is time.
///
/// A token is minted when there is none, when fewer than `buffer` seconds of the current one
/// remain, and when the clock has gone back before its minting; never otherwise. With a buffer
/// above the lifetime every call mints one, which is the habit that Kling's page advises.
///
/// ```
/// use kling_jwt_core::{Credentials, TokenProvider};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// let mut provider = TokenProvider::new(&credentials);
/// let first = provider.token(1_800_000_000).clone();
/// assert_eq!(provider.token(1_800_001_500).as_str(), first.as_str()); // 300 seconds remain
/// assert_ne!(provider.token(1_800_001_501).as_str(), first.as_str()); // 299
/// ```
#[derive(Clone, Debug)]
pub struct TokenProvider {
    validity: Validity,
    buffer: u64,
    source: Source,
}

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is no allocator to box with")]
enum Source {
    KeyPair { signer: Signer, cached: Option<Token> },
    ApiKey(Token),
}

impl Source {
    fn new(credentials: &Credentials, validity: Validity) -> Self {
        match credentials {
            Credentials::KeyPair(pair) => {
                Self::KeyPair { signer: Signer::new(pair, validity), cached: None }
            }
            Credentials::ApiKey(api_key) => Self::ApiKey(api_key.into()),
        }
    }
}

impl TokenProvider {
    /// A provider with the guide's policy: tokens of 1800 seconds, renewed 300 before their end.
    pub fn new(credentials: &Credentials) -> Self {
        Self::with_policy(credentials, Validity::default(), DEFAULT_BUFFER)
    }

    /// A provider of tokens with this validity, renewed `buffer` seconds before their end.
    pub fn with_policy(credentials: &Credentials, validity: Validity, buffer: u64) -> Self {
        Self { validity, buffer, source: Source::new(credentials, validity) }
    }

    /// The token to send at `now` (Unix seconds): the current one, or a new one in its place.
    pub fn token(&mut self, now: u64) -> &Token {
        if self.cached(now).is_none() {
            return self.refresh(now);
        }
        self.current().expect("one is cached")
    }

    /// Mints a new token in place of the current one. An API key stays what it is.
    pub fn refresh(&mut self, now: u64) -> &Token {
        match &mut self.source {
            Source::KeyPair { signer, cached } => cached.insert(signer.sign(now)),
            Source::ApiKey(token) => token,
        }
    }

    /// Goes on with other credentials. Tokens handed out before remain valid until their end.
    pub fn rotate(&mut self, credentials: &Credentials) {
        self.source = Source::new(credentials, self.validity);
    }

    /// The current token, unless a new one is due at `now`.
    pub fn cached(&self, now: u64) -> Option<&Token> {
        self.current().filter(|token| token.fresh(self.buffer).contains(&now))
    }

    /// How many seconds before its end a token is renewed.
    pub fn buffer(&self) -> u64 {
        self.buffer
    }

    /// The access key that signs. An API key has none.
    pub fn access_key(&self) -> Option<&str> {
        match &self.source {
            Source::KeyPair { signer, .. } => Some(signer.access_key().as_str()),
            Source::ApiKey(_) => None,
        }
    }

    fn current(&self) -> Option<&Token> {
        match &self.source {
            Source::KeyPair { cached, .. } => cached.as_ref(),
            Source::ApiKey(token) => Some(token),
        }
    }
}

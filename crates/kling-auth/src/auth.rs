//! The token provider, shared by threads.
//!
//! Each state of the provider is an immutable snapshot behind an atomic pointer. Reading the
//! current token takes no lock. A thread that finds it due mints the next in a copy and offers
//! that as the new snapshot; if another thread was faster, its own token is as good, and it goes
//! on with that. So nobody ever waits, and a fork or a killed thread leaves no lock behind.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::{Builder, Credentials, Error, Token, TokenProvider, unix_now};

/// Hands out the bearer token for requests to Kling, renewed before it ends.
///
/// ```
/// use kling_auth::KlingAuth;
///
/// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
/// assert_eq!(auth.authorization(), format!("Bearer {}", auth.token().as_str()));
/// ```
#[derive(Debug)]
pub struct KlingAuth {
    provider: ArcSwap<TokenProvider>,
}

impl KlingAuth {
    /// The guide's manager: tokens of 1800 seconds, renewed 300 before their end.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] with the key and what is wrong with it.
    pub fn new(access_key: &str, secret_key: &str) -> Result<Self, Error> {
        Ok(TokenProvider::new(&Credentials::key_pair(access_key, secret_key)?).into())
    }

    /// A static API key behind the same object: its token is itself, and never expires.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] with what is wrong with it.
    pub fn from_api_key(api_key: &str) -> Result<Self, Error> {
        Ok(TokenProvider::new(&Credentials::api_key(api_key)?).into())
    }

    /// The credentials of this process's environment, as [`sources`](crate::sources) finds them.
    ///
    /// # Errors
    ///
    /// What is missing or wrong, and where.
    pub fn discover() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A builder, for another lifetime or buffer.
    pub const fn builder() -> Builder {
        Builder::new()
    }

    /// Goes on with other credentials, at once for all threads. Tokens handed out before remain
    /// valid until their end.
    pub fn rotate(&self, credentials: &Credentials) {
        self.provider.rcu(|held| {
            let mut next = TokenProvider::clone(held);
            next.rotate(credentials);
            next
        });
    }

    /// The token to send now.
    pub fn token(&self) -> Token {
        self.token_at(unix_now())
    }

    /// The token to send at `now`, in Unix seconds.
    pub fn token_at(&self, now: u64) -> Token {
        self.with_token_at(now, Token::clone)
    }

    /// Lends the token to send at `now` (Unix seconds), without a copy.
    pub fn with_token_at<R>(&self, now: u64, read: impl FnOnce(&Token) -> R) -> R {
        let held = self.provider.load();
        if let Some(token) = held.cached(now) {
            return read(token);
        }
        let mut renewed = TokenProvider::clone(&held);
        let token = renewed.refresh(now).clone();
        // Lost against another thread, or against a rotation: theirs stays.
        self.provider.compare_and_swap(&held, Arc::new(renewed));
        read(&token)
    }

    /// The value of the `Authorization` header to send now.
    pub fn authorization(&self) -> String {
        self.authorization_at(unix_now())
    }

    /// The value of the `Authorization` header to send at `now`, in Unix seconds.
    pub fn authorization_at(&self, now: u64) -> String {
        self.with_token_at(now, |token| format!("Bearer {}", token.as_str()))
    }

    /// Mints a new token in place of the current one, and returns it.
    pub fn refresh(&self) -> Token {
        self.refresh_at(unix_now())
    }

    /// Mints a new token at `now`, in Unix seconds, in place of the current one.
    pub fn refresh_at(&self, now: u64) -> Token {
        let mut minted = None;
        self.provider.rcu(|held| {
            let mut next = TokenProvider::clone(held);
            minted = Some(next.refresh(now).clone());
            next
        });
        minted.expect("rcu calls its function at least once")
    }

    /// When the token to send now expires, in Unix seconds; an API key does not.
    pub fn expires_at(&self) -> Option<u64> {
        self.with_token_at(unix_now(), Token::expires_at)
    }

    /// The access key that signs. An API key has none.
    pub fn access_key(&self) -> Option<String> {
        self.provider.load().access_key().map(str::to_owned)
    }
}

impl From<TokenProvider> for KlingAuth {
    fn from(provider: TokenProvider) -> Self {
        Self { provider: ArcSwap::from_pointee(provider) }
    }
}

/// One token for a credential, minted at `now` (Unix seconds) and valid for 1800 seconds.
///
/// ```
/// use kling_auth::{Credentials, generate_kling_token, unix_now};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// let token = generate_kling_token(&credentials, unix_now());
/// println!("Authorization: Bearer {}", token.as_str());
/// ```
pub fn generate_kling_token(credentials: &Credentials, now: u64) -> Token {
    TokenProvider::new(credentials).refresh(now).clone()
}

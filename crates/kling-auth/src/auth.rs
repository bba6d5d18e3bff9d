//! `KlingAuth`, the public type. Its logic is in `kling_jwt_core::engine` (tokens, clock, verdicts) and in
//! `steps` (reloading from files and the environment).
//!
//! Files that credentials came from are checked once a minute, so that a rotated mounted secret is
//! used without a restart. Credentials from elsewhere need no check.

use std::sync::Arc;

use kling_jwt_core::engine::Event;

use crate::{
    Credentials, Error, KlingAuthBuilder, Response, Token, Validity, Verdict,
    clock::Clock,
    mint,
    sources::{Explicit, Source, env_var, resolve_in_process},
    steps::{self, Engine},
};

/// Authenticates requests to Kling: returns the bearer token and renews it before it expires.
///
/// Clones share their state: a rotation or a clock correction applies to all of them.
///
/// | | checks where the bearer goes | does not |
/// |---|---|---|
/// | `String` | [`authorization_for`](Self::authorization_for) | [`authorization`](Self::authorization) |
/// | `http` (feature) | `authorize` | `header_value` |
///
/// ```
/// use kling_auth::KlingAuth;
///
/// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
/// assert_eq!(auth.authorization(), format!("Bearer {}", auth.token().as_str()));
/// assert_eq!(auth.source(), "arguments");
/// ```
#[derive(Clone, Debug)]
pub struct KlingAuth {
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Clock,
}

impl KlingAuth {
    /// Signs with this key pair.
    ///
    /// A token is valid for 1800 seconds and is renewed 300 seconds before it expires, as in Kling's
    /// guide.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] if a key is empty, too long, or has a character that no key has.
    pub fn new(access_key: &str, secret_key: &str) -> Result<Self, Error> {
        Self::from_explicit(Explicit::new(Some(access_key), Some(secret_key), None))
    }

    /// Sends this static API key as the bearer. It never expires.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] if the key is empty, too long, or has a character that no key has.
    pub fn from_api_key(api_key: &str) -> Result<Self, Error> {
        Self::from_explicit(Explicit::new(None, None, Some(api_key)))
    }

    /// Finds the credentials in the environment and in files: see [`sources`](crate::sources).
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] with every place that was searched; [`Error::Partial`] if one key of a pair is
    /// missing; [`Error::InvalidAt`] for a value that cannot be a key; [`Error::File`] for a file.
    pub fn discover() -> Result<Self, Error> {
        Self::from_explicit(Explicit::default())
    }

    /// A builder, for settings other than the defaults.
    pub const fn builder() -> KlingAuthBuilder {
        KlingAuthBuilder::new()
    }

    fn from_explicit(explicit: Explicit<'_>) -> Result<Self, Error> {
        Self::builder().resolved(resolve_in_process(explicit)?).build()
    }

    /// The token to send now.
    pub fn token(&self) -> Token {
        self.token_at(self.clock.now())
    }

    /// The token to send at `now`, in Unix seconds.
    pub fn token_at(&self, now: u64) -> Token {
        steps::check_files(&self.engine, &env_var, now);
        self.engine.token(now)
    }

    /// The value of the `Authorization` header to send now.
    ///
    /// It does not check the URL: make sure that the request goes to Kling, or use
    /// [`authorization_for`](Self::authorization_for).
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token().as_str())
    }

    /// The value of the `Authorization` header for a request to this absolute URL.
    ///
    /// # Errors
    ///
    /// [`Error::Origin`] if [`allows`](Self::allows) is false for this URL.
    pub fn authorization_for(&self, url: &str) -> Result<String, Error> {
        steps::require_origin(&self.engine, url).map(|()| self.authorization())
    }

    /// The value of the `Authorization` header to send now. It is marked sensitive, so that
    /// `Debug` does not show it and HTTP/2 does not index it. Feature `http`.
    ///
    /// It does not check the URL: make sure that the request goes to Kling, or use
    /// [`authorize`](Self::authorize).
    ///
    /// ```
    /// let auth = kling_auth::KlingAuth::new("access-key", "secret-key").unwrap();
    /// let value = auth.header_value();
    /// assert!(value.as_bytes().starts_with(b"Bearer eyJ"));
    /// assert_eq!(format!("{value:?}"), "Sensitive");
    /// ```
    #[cfg(feature = "http")]
    pub fn header_value(&self) -> http::HeaderValue {
        crate::header::bearer(&self.token())
    }

    /// Sets the `Authorization` header of a request, and replaces any that it has. Feature `http`.
    ///
    /// This checks the URL of this request only: a client that follows redirects may send the
    /// bearer on to other hosts. Switch redirects off (reqwest: `redirect::Policy::none()`) and
    /// call this for each next URL, or use an [adapter](crate::adapters).
    ///
    /// ```
    /// use http::Request;
    /// use kling_auth::KlingAuth;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let auth = KlingAuth::new("access-key", "secret-key")?;
    /// let url = format!("{}/v1/videos/text2video", auth.base_url());
    /// let (mut parts, body) = Request::get(url).body(())?.into_parts();
    /// auth.authorize(&mut parts)?;
    /// assert!(parts.headers.contains_key("authorization"));
    /// let request = Request::from_parts(parts, body);
    /// # drop(request);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Origin`] if the bearer must not be sent to this URI, or the URI has no host. The
    /// request is unchanged then.
    #[cfg(feature = "http")]
    pub fn authorize(&self, parts: &mut http::request::Parts) -> Result<(), Error> {
        steps::require_origin(&self.engine, &parts.uri.to_string())?;
        parts.headers.insert(http::header::AUTHORIZATION, self.header_value());
        Ok(())
    }

    /// Mints a new token in place of the current one, and returns it.
    pub fn refresh(&self) -> Token {
        self.refresh_at(self.clock.now())
    }

    /// Mints a new token at `now`, in Unix seconds, in place of the current one.
    pub fn refresh_at(&self, now: u64) -> Token {
        steps::refresh(&self.engine, &env_var, now).token
    }

    /// Replaces the credentials, immediately and for all threads. Earlier tokens stay valid until
    /// they expire.
    pub fn rotate(&self, credentials: &Credentials) {
        self.engine.rotate(credentials, &Source::caller("arguments"), Vec::new());
    }

    /// Reads the credentials again from their source, and uses what is there now.
    ///
    /// # Errors
    ///
    /// What is missing or wrong there; [`Error::NoSource`] for explicit credentials. The
    /// credentials in use stay.
    pub fn reload(&self) -> Result<(), Error> {
        steps::reload(&self.engine, &env_var)
    }

    /// Handles a response: returns what it means and what to do next.
    ///
    /// If Kling refused the token because of its time, this corrects the clock and replaces the
    /// token, for all threads. If Kling does not know the credentials, this reloads them from their
    /// source, at most once a minute. If they changed, the verdict says
    /// [`Action::Retry`](crate::Action::Retry): the request may succeed with the new ones.
    ///
    /// ```
    /// use kling_auth::{KlingAuth, Action, Response};
    ///
    /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    /// let token = auth.token();
    /// let (status, body) = (401, br#"{"code":1000,"message":"signature is invalid"}"#);
    /// let token = Some(token.as_str());
    /// let verdict = auth.handle_response(&Response::new(status, body).with_token(token));
    /// assert_eq!(verdict.action, Action::Fail);
    /// assert_eq!(verdict.cause.as_str(), "wrong_secret_key");
    /// println!("{verdict}"); // HTTP 401, code 1000, "signature is invalid": the secret key …
    /// ```
    pub fn handle_response(&self, response: &Response<'_>) -> Verdict {
        self.handle_response_at(response, self.clock.now())
    }

    /// [`handle_response`](Self::handle_response) for a response received at `now`, in Unix
    /// seconds.
    pub fn handle_response_at(&self, response: &Response<'_>, now: u64) -> Verdict {
        steps::handle_response(&self.engine, &env_var, response, now)
    }

    /// The verdict on the last refusal that any thread handled.
    pub fn last_verdict(&self) -> Option<Verdict> {
        self.engine.last_verdict()
    }

    /// When the current token expires, in Unix seconds; `None` for an API key.
    pub fn expires_at(&self) -> Option<u64> {
        self.token().expires_at()
    }

    /// By how many seconds the server's clock is ahead of this machine's, measured when Kling last
    /// refused a token because of its time. 0 before that; negative if this machine's clock is
    /// ahead.
    pub fn clock_offset(&self) -> i64 {
        self.engine.clock_offset()
    }

    /// The access key in use; `None` for an API key.
    ///
    /// It is not masked: use [`Masked`](crate::Masked) to show it.
    pub fn access_key(&self) -> Option<String> {
        self.engine.access_key()
    }

    /// Where the credentials come from, as readable text.
    pub fn source(&self) -> String {
        self.engine.source().to_string()
    }

    /// The stable name of the [kind](Source::kind) of source that the credentials come from.
    pub fn source_kind(&self) -> &'static str {
        self.engine.source_kind()
    }

    /// The base URL of Kling's API, without a slash or `/v1` at its end.
    ///
    /// It is chosen in this order:
    ///
    /// 1. the base URL or the region of the builder;
    /// 2. a base URL that is stored in the same place as the credentials;
    /// 3. the environment: `KLING_API_BASE` and other names;
    /// 4. `https://api-singapore.klingai.com`.
    pub fn base_url(&self) -> &str {
        self.engine.base_url()
    }

    /// Whether a request to this absolute URL may carry the bearer: `https` to Kling's API hosts,
    /// or the origin of the [base URL](Self::base_url).
    ///
    /// ```
    /// # let auth = kling_auth::KlingAuth::new("access-key", "secret-key").unwrap();
    /// assert!(auth.allows("https://api.klingai.com/v1/videos/text2video"));
    /// assert!(!auth.allows("http://api.klingai.com/v1/videos/text2video"));
    /// assert!(!auth.allows("https://cdn.example.com/video.mp4"));
    /// ```
    pub fn allows(&self, url: &str) -> bool {
        self.engine.allows(url)
    }

    /// Returns the warnings since the last call and clears them: for example, that white space around
    /// a key was removed, or that a changed file could not be used. Always empty if there is a
    /// [listener](KlingAuthBuilder::listener), which receives them instead.
    pub fn take_warnings(&self) -> Vec<Event> {
        self.engine.take_events()
    }
}

impl KlingAuthBuilder {
    /// Builds the `KlingAuth`.
    ///
    /// # Errors
    ///
    /// A lifetime that is not 1 to 1800 whole seconds, a base URL that is invalid or set together
    /// with a region, or an error of [`sources::resolve`](crate::sources::resolve).
    pub fn build(self) -> Result<KlingAuth, Error> {
        self.build_in(&env_var)
    }

    pub(crate) fn build_in(
        self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<KlingAuth, Error> {
        let clock = self.clock.clone();
        Ok(KlingAuth { engine: Arc::new(self.engine(environment)?), clock })
    }
}

/// Mints one token at `now` (Unix seconds), valid for 1800 seconds.
///
/// ```
/// use kling_auth::{Credentials, generate_kling_token, unix_now};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// let token = generate_kling_token(&credentials, unix_now());
/// println!("Authorization: Bearer {}", token.as_str());
/// ```
pub fn generate_kling_token(credentials: &Credentials, now: u64) -> Token {
    mint(credentials, Validity::default(), now)
}

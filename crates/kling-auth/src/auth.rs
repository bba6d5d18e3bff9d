//! The manager as users of Rust hold it: the engine, with a clock, files and an environment.
//!
//! Credentials that came from files are looked at again once a minute: a mounted secret that was
//! rotated is picked up without a restart. Other credentials never cost a look.

use std::sync::Arc;

use kling_jwt_core::engine::Event;

use crate::{
    Credentials, Error, KlingAuthBuilder, Response, Token, Validity, Verdict, mint,
    sources::{Explicit, Source, env_var, resolve_in_process},
    steps::{self, Engine},
    unix_now,
};

/// Hands out the bearer token for requests to Kling, renewed before it ends.
///
/// A clone is a handle to the same: what one learns or rotates, all do.
///
/// ```
/// use kling_auth::KlingAuth;
///
/// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
/// assert_eq!(auth.authorization(), format!("Bearer {}", auth.token().as_str()));
/// assert_eq!(auth.source(), "arguments");
/// ```
#[derive(Clone, Debug)]
pub struct KlingAuth(pub(crate) Arc<Engine>);

impl KlingAuth {
    /// The guide's manager: tokens of 1800 seconds, renewed 300 before their end.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] with the key and what is wrong with it.
    pub fn new(access_key: &str, secret_key: &str) -> Result<Self, Error> {
        Self::from_explicit(Explicit::new(Some(access_key), Some(secret_key), None))
    }

    /// A static API key behind the same object: its token is itself, and never expires.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] with what is wrong with it.
    pub fn from_api_key(api_key: &str) -> Result<Self, Error> {
        Self::from_explicit(Explicit::new(None, None, Some(api_key)))
    }

    /// The credentials of this machine, as [`sources`](crate::sources) finds them.
    ///
    /// # Errors
    ///
    /// What is missing or wrong, and where.
    pub fn discover() -> Result<Self, Error> {
        Self::from_explicit(Explicit::default())
    }

    /// A builder, for another lifetime or buffer.
    pub const fn builder() -> KlingAuthBuilder {
        KlingAuthBuilder::new()
    }

    fn from_explicit(explicit: Explicit<'_>) -> Result<Self, Error> {
        Self::builder().resolved(resolve_in_process(explicit)?).build()
    }

    /// The token to send now.
    pub fn token(&self) -> Token {
        self.token_at(unix_now())
    }

    /// The token to send at `now`, in Unix seconds.
    pub fn token_at(&self, now: u64) -> Token {
        steps::check_files(&self.0, &env_var, now);
        self.0.token(now)
    }

    /// The value of the `Authorization` header to send now.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token().as_str())
    }

    /// The value of the `Authorization` header for a request to this absolute URL.
    ///
    /// # Errors
    ///
    /// [`Error::Origin`] where the bearer must not go.
    pub fn authorization_for(&self, url: &str) -> Result<String, Error> {
        steps::require_origin(&self.0, url).map(|()| self.authorization())
    }

    /// The value of the `Authorization` header to send now. It is marked sensitive, so that
    /// `Debug` does not show it and HTTP/2 does not index it. Feature `http`.
    ///
    /// Where it goes is the caller's to watch; [`authorize`](Self::authorize) does so.
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

    /// Puts the bearer to send now on a request, in place of whatever `Authorization` it has.
    /// Feature `http`.
    ///
    /// It is for this request alone: a client that follows redirects may take the bearer along to
    /// other hosts. Have it follow none (with reqwest: `redirect::Policy::none()`), and authorize
    /// the request to each next host anew, or send it by an adapter.
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
    /// [`Error::Origin`] where the bearer must not go, and for a URI without a host, which may
    /// go anywhere. The request is as it was then.
    #[cfg(feature = "http")]
    pub fn authorize(&self, parts: &mut http::request::Parts) -> Result<(), Error> {
        steps::require_origin(&self.0, &parts.uri.to_string())?;
        parts.headers.insert(http::header::AUTHORIZATION, self.header_value());
        Ok(())
    }

    /// Mints a new token in place of the current one, and returns it.
    pub fn refresh(&self) -> Token {
        self.refresh_at(unix_now())
    }

    /// Mints a new token at `now`, in Unix seconds, in place of the current one.
    pub fn refresh_at(&self, now: u64) -> Token {
        steps::refresh(&self.0, &env_var, now).token
    }

    /// Goes on with other credentials, at once for all threads. Tokens handed out before remain
    /// valid until their end.
    pub fn rotate(&self, credentials: &Credentials) {
        self.0.rotate(credentials, &Source::caller("arguments"), Vec::new());
    }

    /// Looks again where the credentials were found, and goes on with what is there now.
    ///
    /// # Errors
    ///
    /// What is missing or wrong there, and [`Error::NoSource`] for credentials that the caller
    /// gave; those in use before stay.
    pub fn reload(&self) -> Result<(), Error> {
        steps::reload(&self.0, &env_var)
    }

    /// Takes in a response, and says what it means and what to do.
    ///
    /// A token that was refused for its time is replaced, and the clock corrected, for all
    /// threads. Where Kling does not know the credentials, they are looked for again in the place
    /// where they were found, at most once a minute. If others are found there, the verdict says
    /// [`Action::Retry`](crate::Action::Retry): the same request may pass with the new ones.
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
        self.handle_response_at(response, unix_now())
    }

    /// [`handle_response`](Self::handle_response) a response that was received at `now`, in Unix seconds.
    pub fn handle_response_at(&self, response: &Response<'_>, now: u64) -> Verdict {
        steps::handle_response(&self.0, &env_var, response, now)
    }

    /// The verdict on the last refusal that was observed, by whichever thread.
    pub fn last_verdict(&self) -> Option<Verdict> {
        self.0.last_verdict()
    }

    /// When the token to send now expires, in Unix seconds; an API key does not.
    pub fn expires_at(&self) -> Option<u64> {
        self.token().expires_at()
    }

    /// By how many seconds the server's clock is ahead of this machine's, as far as refusals
    /// taught: 0 until then, negative where this machine's clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.0.clock_offset()
    }

    /// The access key that signs, as it is; to show it, see [`Masked`](crate::Masked). An API key
    /// has none.
    pub fn access_key(&self) -> Option<String> {
        self.0.access_key()
    }

    /// Where the credentials come from, for people.
    pub fn source(&self) -> String {
        self.0.source().to_string()
    }

    /// The stable name of where the credentials come from: the [kind](Source::kind) of their source.
    pub fn source_kind(&self) -> &'static str {
        self.0.source_kind()
    }

    /// What requests to Kling begin with, without a slash or `/v1` at its end: the base URL that was
    /// given, or the one beside the credentials, or that of `KLING_API_BASE`, or
    /// `https://api-singapore.klingai.com`.
    pub fn base_url(&self) -> &str {
        self.0.base_url()
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
        self.0.allows(url)
    }

    /// The warnings since this was last called: what was taken off a value, what looks odd, a file
    /// that changed and could not be used. None where a [listener](KlingAuthBuilder::listener) hears them.
    pub fn take_warnings(&self) -> Vec<Event> {
        self.0.take_events()
    }
}

impl KlingAuthBuilder {
    /// The finished `KlingAuth`.
    ///
    /// # Errors
    ///
    /// A lifetime out of bounds, a base URL that cannot be or stands beside a region, or what
    /// [`sources::find`](crate::sources::find) says.
    pub fn build(self) -> Result<KlingAuth, Error> {
        self.build_in(&env_var)
    }

    pub(crate) fn build_in(
        self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<KlingAuth, Error> {
        Ok(KlingAuth(Arc::new(self.engine(environment)?)))
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
    mint(credentials, Validity::default(), now)
}

//! Stage 6: the current token, the policy when to mint the next, and what a refusal teaches.
//!
//! The clock is the wall clock and an argument: a monotonic one stops while a machine is
//! suspended, and would hand out an expired token on waking up. It may be wrong; then the server
//! says so, and its `Date` tells by how much.

use core::ops::Range;

use crate::{
    Cause, Claims, Credentials, Next, Response, Token, Validity, Verdict, http_date,
    response::Kind, signer::Minter,
};

/// The buffer of the guide's class, in seconds: a token is renewed 5 minutes before its end. Of a
/// lifetime below 10 minutes, see [`Validity::default_buffer`].
pub const DEFAULT_BUFFER: u64 = 300;

/// The largest correction of a clock, in seconds, in either direction: a day.
///
/// A clock that is wrong by a time zone or two is corrected; a `Date` of another year is not
/// believed, since it would have tokens signed that begin to be valid when nobody looks any more.
pub const MAX_CLOCK_OFFSET: i64 = 24 * 60 * 60;

/// How often credentials that Kling does not know are asked for again, in seconds.
const ASK_EVERY: u64 = 60;

/// Keeps the current token of a credential and mints the next one when it is time.
///
/// A token is minted when there is none, when fewer than `buffer` seconds of the current one
/// remain, and when the clock has gone back before its minting; never otherwise. With a buffer
/// above the lifetime every call mints one, as Kling's page advises: only an explicit buffer does
/// that.
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
    /// By how many seconds the server's clock is ahead of the host's.
    clock_offset: i64,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    /// The token is minted in its place, over the one before; until then it has no life.
    KeyPair {
        minter: Minter,
        token: Token,
    },
    ApiKey(Token),
}

impl Source {
    fn new(credentials: &Credentials, validity: Validity) -> Self {
        match credentials {
            Credentials::KeyPair(pair) => {
                let mut token = Token::blank();
                Self::KeyPair { minter: Minter::new(pair, validity, &mut token.bytes), token }
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
        Self { validity, buffer, clock_offset: 0, source: Source::new(credentials, validity) }
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
        let now = self.server_time(now);
        match &mut self.source {
            Source::KeyPair { minter, token } => {
                token.mint(minter, now);
                token
            }
            Source::ApiKey(token) => token,
        }
    }

    /// Goes on with other credentials. Tokens handed out before remain valid until their end, and
    /// what was learnt of the clock stays.
    pub fn rotate(&mut self, credentials: &Credentials) {
        self.source = Source::new(credentials, self.validity);
    }

    /// Takes in a response that was received at `now`, and says what it means and what to do.
    ///
    /// A token that was refused for its time is replaced, and the clock corrected, if the
    /// server's `Date` shows that it is wrong. [`Next::Resign`] is said only where the current
    /// token is another than the refused one, so that sending it can help. A refusal that the
    /// corrected clock already explains teaches nothing new: of many requests that were refused
    /// at once, the first one corrects the clock. A bearer that Kling does not know, of credentials
    /// that were [rotated](Self::rotate) away meanwhile, is answered with the current one too.
    ///
    /// ```
    /// use kling_jwt_core::{Credentials, Next, Response, TokenProvider};
    ///
    /// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
    /// let mut provider = TokenProvider::new(&credentials);
    /// let an_hour_late = 1_800_000_000 - 3600;
    /// provider.token(an_hour_late);
    /// let refusal = Response {
    ///     status: 401,
    ///     date: Some("Fri, 15 Jan 2027 08:00:00 GMT"), // 1_800_000_000
    ///     body: br#"{"code":1004,"message":"token expired"}"#,
    ///     ..Response::default()
    /// };
    /// assert_eq!(provider.observe(&refusal, an_hour_late).next, Next::Resign);
    /// assert_eq!(provider.clock_offset(), 3600);
    /// assert_eq!(provider.token(an_hour_late).expires_at(), Some(1_800_001_800));
    /// ```
    pub fn observe(&mut self, response: &Response<'_>, now: u64) -> Verdict {
        let kind = if self.access_key().is_some() { Kind::Token } else { Kind::ApiKey };
        let mut verdict = response.verdict_on(kind);
        if let Some(token) = self.current() {
            verdict.hide(token.as_str());
        }
        if let Some(refusal) = Refusal::of(&verdict) {
            let is_replaced = self.replace(refusal, response, now);
            verdict.next = if is_replaced { Next::Resign } else { Next::Fail };
        } else if verdict.status == 401
            && verdict.is_of_unknown_credentials()
            && self.is_of_others(response)
        {
            verdict.next = Next::Resign;
        }
        verdict
    }

    /// Whether a request went with a bearer that is none of this credential's.
    fn is_of_others(&self, response: &Response<'_>) -> bool {
        response.token.is_some_and(|token| !token.is_empty() && !self.owns(token))
    }

    /// Replaces a token that was refused for its time, if another one may pass. Says whether.
    // Not inlined: its buffers are not on the stack while the verdict is made.
    #[inline(never)]
    fn replace(&mut self, refusal: Refusal, response: &Response<'_>, now: u64) -> bool {
        let current = self.signed().map(Token::as_str);
        let Some(refused) = response.token.or(current) else { return false };
        let is_current = current == Some(refused);
        let mut buffer = [0; Token::MAX_LEN];
        let Some(claims) = Claims::of(refused, &mut buffer) else { return false };

        let believed = self.server_time(now);
        if !refusal.is_explained_by(&claims, believed) {
            let date = response.date.and_then(http_date);
            let date = date.filter(|date| refusal.is_confirmed_by(&claims, *date, believed));
            match date.and_then(|date| offset(date, now)) {
                // A token that the wrong clock minted is kept if it is one by the right clock too.
                Some(offset) => self.clock_offset = offset,
                // Later than the token that has ended comes another, whatever the clocks say.
                None if refusal == Refusal::Ended => {}
                None => return false,
            }
        }
        if is_current {
            self.refresh(now);
        }
        self.token(now);
        self.signed().is_some_and(|token| !claims.are_of(token))
    }

    /// The current token, unless a new one is due at `now`.
    pub fn cached(&self, now: u64) -> Option<&Token> {
        self.current().filter(|token| self.fresh(token).contains(&now))
    }

    /// The seconds of the host's clock in which a token of this provider is to be used.
    pub fn fresh(&self, token: &Token) -> Range<u64> {
        let fresh = token.fresh(self.buffer);
        let host_time = |time: u64| time.saturating_add_signed(-self.clock_offset);
        host_time(fresh.start)..host_time(fresh.end)
    }

    /// How many seconds before its end a token is renewed.
    ///
    /// ```
    /// use kling_jwt_core::{Credentials, TokenProvider, Validity};
    ///
    /// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
    /// let provider = TokenProvider::with_policy(&credentials, Validity::default(), 60);
    /// assert_eq!(provider.buffer(), 60);
    /// ```
    pub fn buffer(&self) -> u64 {
        self.buffer
    }

    /// By how many seconds the server's clock is ahead of the host's, as far as refusals taught:
    /// 0 until then, negative where the host's clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.clock_offset
    }

    /// The access key that signs. An API key has none.
    pub fn access_key(&self) -> Option<&str> {
        match &self.source {
            Source::KeyPair { minter, .. } => Some(minter.access_key().as_str()),
            Source::ApiKey(_) => None,
        }
    }

    /// Whether a bearer is one of this credential's: the API key, or a token of the key pair,
    /// whenever it was minted.
    pub fn owns(&self, bearer: &str) -> bool {
        match &self.source {
            Source::ApiKey(api_key) => api_key.as_str() == bearer,
            Source::KeyPair { minter, .. } => Claims::of(bearer, &mut [0; Token::MAX_LEN])
                .is_some_and(|claims| claims.issuer() == minter.access_key().as_str()),
        }
    }

    /// Whether credentials are to be asked for again after this verdict: Kling does not know
    /// these, and they were last asked for at `asked`, not within a minute of `now` (Unix seconds).
    pub fn doubts(
        &self,
        verdict: &Verdict,
        response: &Response<'_>,
        asked: Option<u64>,
        now: u64,
    ) -> bool {
        let is_unknown = verdict.is_of_unknown_credentials();
        // A bearer of credentials that were rotated away meanwhile says nothing of those held now.
        let is_ours = || response.token.is_none_or(|token| self.owns(token));
        // A clock that was set back must not keep it from asking for long.
        let is_recent = |asked: u64| (asked..asked.saturating_add(ASK_EVERY)).contains(&now);
        is_unknown && is_ours() && !asked.is_some_and(is_recent)
    }

    /// The current token of a key pair.
    fn signed(&self) -> Option<&Token> {
        self.current().filter(|token| token.expires_at().is_some())
    }

    /// The token handed out last, due or not; none before the first one of a key pair.
    pub fn current(&self) -> Option<&Token> {
        match &self.source {
            Source::KeyPair { token, .. } => {
                Some(token).filter(|token| token.expires_at().is_some())
            }
            Source::ApiKey(token) => Some(token),
        }
    }

    fn server_time(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.clock_offset)
    }
}

/// How a token was refused for its time.
#[derive(Clone, Copy, PartialEq)]
enum Refusal {
    /// It is not valid yet.
    NotBegun,
    /// It is no longer valid.
    Ended,
    /// For no reason given: its time may be one.
    Unexplained,
}

impl Refusal {
    fn of(verdict: &Verdict) -> Option<Self> {
        match verdict.cause {
            _ if verdict.status != 401 => None,
            Cause::TokenNotYetValid => Some(Self::NotBegun),
            Cause::TokenExpired => Some(Self::Ended),
            Cause::AuthenticationFailed => Some(Self::Unexplained),
            _ => None,
        }
    }

    /// Whether a token with these claims would be refused so at a time.
    fn is_explained_by(self, claims: &Claims<'_>, time: u64) -> bool {
        match self {
            Self::NotBegun => claims.begin_after(time),
            Self::Ended => claims.have_ended_by(time),
            Self::Unexplained => claims.begin_after(time) || claims.have_ended_by(time),
        }
    }

    /// Whether the server's time shows that the time believed is wrong in this way.
    ///
    /// For a refusal that names the reason its direction is enough: the `Date` is cut to whole
    /// seconds, may be a proxy's, and has been on its way.
    fn is_confirmed_by(self, claims: &Claims<'_>, date: u64, believed: u64) -> bool {
        match self {
            Self::NotBegun => date < believed,
            Self::Ended => date > believed,
            Self::Unexplained => self.is_explained_by(claims, date),
        }
    }
}

/// By how much a server's time is ahead of a host's, if that can be believed.
fn offset(date: u64, now: u64) -> Option<i64> {
    let offset = i64::try_from(date).ok()?.checked_sub_unsigned(now)?;
    (-MAX_CLOCK_OFFSET..=MAX_CLOCK_OFFSET).contains(&offset).then_some(offset)
}

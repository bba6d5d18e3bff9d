//! The token manager that needs no allocator: credentials, a policy and a schedule.

use core::ops::Range;

use crate::{
    AccessKey, Credentials, DEFAULT_BUFFER, Response, Token, Validity, Verdict,
    manager::{
        issuer::Issuer,
        schedule::{Policy, Schedule},
    },
};

/// Provides the current token of some credentials, and renews it in time.
///
/// A new token is minted if there is none, if fewer than `buffer` seconds of the current one
/// remain, or if the clock was set back to before it was minted. With an explicit buffer above the
/// lifetime, every call mints one, as Kling's page advises.
///
/// The token is not stored but computed by each call, which returns the same text until it is
/// renewed.
///
/// ```
/// use kling_jwt_core::{Credentials, TokenProvider};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// let mut provider = TokenProvider::new(&credentials);
/// let first = provider.token(1_800_000_000);
/// assert_eq!(provider.token(1_800_001_500).as_str(), first.as_str()); // 300 seconds remain
/// assert_ne!(provider.token(1_800_001_501).as_str(), first.as_str()); // 299
/// ```
#[derive(Clone, Debug)]
pub struct TokenProvider {
    issuer: Issuer,
    policy: Policy,
    schedule: Schedule,
}

impl TokenProvider {
    /// A provider that continues with this schedule.
    #[cfg(feature = "alloc")]
    pub(crate) fn from_parts(issuer: Issuer, policy: Policy, schedule: Schedule) -> Self {
        Self { issuer, policy, schedule }
    }

    /// A provider with the policy of Kling's guide: tokens are valid for 1800 seconds, and renewed
    /// 300 seconds before they expire.
    pub fn new(credentials: &Credentials) -> Self {
        Self::with_policy(credentials, Validity::default(), DEFAULT_BUFFER)
    }

    /// A provider of tokens with this validity, renewed `buffer` seconds before they expire.
    pub fn with_policy(credentials: &Credentials, validity: Validity, buffer: u64) -> Self {
        Self {
            issuer: Issuer::new(credentials, validity),
            policy: Policy::new(validity, buffer),
            schedule: Schedule::NEW,
        }
    }

    /// The token to send at `now` (Unix seconds): the current one, or a new one if it is due.
    pub fn token(&mut self, now: u64) -> Token {
        self.schedule = self.schedule.renew(self.policy, now);
        self.current(now)
    }

    /// Mints a token at `now`, which replaces the current one. An API key stays the same.
    pub fn refresh(&mut self, now: u64) -> Token {
        self.schedule = self.schedule.mint(now);
        self.current(now)
    }

    fn current(&self, now: u64) -> Token {
        self.issuer.token(self.schedule.minted_at.unwrap_or(now))
    }

    /// Replaces the credentials. Tokens returned before stay valid until they expire, and the clock
    /// stays corrected.
    pub fn rotate(&mut self, credentials: &Credentials) {
        self.issuer = Issuer::new(credentials, self.policy.validity);
        self.schedule = self.schedule.restart();
    }

    /// Handles a response that was received at `now`: returns what it means and what to do.
    ///
    /// If a token was refused because of its time, it is replaced, and the clock is corrected if
    /// the server's `Date` shows that it is wrong. If many requests are refused at once, the first
    /// refusal corrects the clock for all.
    ///
    /// The action is [`Action::Retry`](crate::Action::Retry) only if the current token differs from
    /// the refused one. A bearer of credentials that were [replaced](Self::rotate) meanwhile does
    /// not correct the clock; the request can be sent again with the current token.
    ///
    /// ```
    /// use kling_jwt_core::{Action, Credentials, Response, TokenProvider};
    ///
    /// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
    /// let mut provider = TokenProvider::new(&credentials);
    /// let an_hour_late = 1_800_000_000 - 3600;
    /// provider.token(an_hour_late);
    /// let date = Some("Fri, 15 Jan 2027 08:00:00 GMT"); // 1_800_000_000
    /// let body = br#"{"code":1004,"message":"token expired"}"#;
    /// let refusal = Response::new(401, body).with_date(date);
    /// assert_eq!(provider.handle_response(&refusal, an_hour_late).action, Action::Retry);
    /// assert_eq!(provider.clock_offset(), 3600);
    /// assert_eq!(provider.token(an_hour_late).expires_at(), Some(1_800_001_800));
    /// ```
    pub fn handle_response(&mut self, response: &Response<'_>, now: u64) -> Verdict {
        self.issuer.handle_response(self.policy, &mut self.schedule, response, now)
    }

    /// The seconds of the host's clock in which [`token`](Self::token) returns the current token.
    /// Outside of them it mints another one. An API key never changes.
    ///
    /// ```
    /// use kling_jwt_core::{Credentials, TokenProvider};
    ///
    /// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
    /// let mut provider = TokenProvider::new(&credentials);
    /// assert!(provider.fresh().is_empty());
    /// provider.token(1_800_000_000);
    /// assert_eq!(provider.fresh(), 1_800_000_000..1_800_001_501);
    /// ```
    pub fn fresh(&self) -> Range<u64> {
        match self.issuer {
            Issuer::KeyPair(_) => self.schedule.fresh(self.policy),
            Issuer::ApiKey(_) => 0..u64::MAX,
        }
    }

    /// How many seconds the server's clock is ahead of the host's; negative if it is behind. It is
    /// 0 until a refusal shows a difference.
    pub fn clock_offset(&self) -> i64 {
        self.schedule.clock_offset()
    }

    /// The access key; `None` for an API key.
    pub fn access_key(&self) -> Option<AccessKey> {
        self.issuer.access_key()
    }
}

//! The manager for machines without an allocator: a credential, the policy and the schedule.

use core::ops::Range;

use crate::{
    AccessKey, Credentials, DEFAULT_BUFFER, Response, Token, Validity, Verdict,
    manager::{
        issuer::Issuer,
        schedule::{Policy, Schedule},
    },
};

/// Says which token of a credential is current, and mints the next one when it is time.
///
/// A token is minted when there is none, when fewer than `buffer` seconds of the current one
/// remain, and when the clock has gone back before its minting; never otherwise. With a buffer
/// above the lifetime every call mints one, as Kling's page advises: only an explicit buffer does
/// that.
///
/// No token is stored: it is computed when it is asked for, and until it is renewed it is the same.
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
    /// One that goes on from here.
    #[cfg(feature = "alloc")]
    pub(crate) fn from_parts(issuer: Issuer, policy: Policy, schedule: Schedule) -> Self {
        Self { issuer, policy, schedule }
    }

    /// A provider with the guide's policy: tokens of 1800 seconds, renewed 300 before their end.
    pub fn new(credentials: &Credentials) -> Self {
        Self::with_policy(credentials, Validity::default(), DEFAULT_BUFFER)
    }

    /// A provider of tokens with this validity, renewed `buffer` seconds before their end.
    pub fn with_policy(credentials: &Credentials, validity: Validity, buffer: u64) -> Self {
        Self {
            issuer: Issuer::new(credentials, validity),
            policy: Policy::new(validity, buffer),
            schedule: Schedule::NEW,
        }
    }

    /// The token to send at `now` (Unix seconds): the current one, or a new one in its place.
    pub fn token(&mut self, now: u64) -> Token {
        self.schedule = self.schedule.renew(self.policy, now);
        self.current(now)
    }

    /// Mints a new token in place of the current one. An API key stays what it is.
    pub fn refresh(&mut self, now: u64) -> Token {
        self.schedule = self.schedule.mint(now);
        self.current(now)
    }

    fn current(&self, now: u64) -> Token {
        self.issuer.token(self.schedule.minted_at.unwrap_or(now))
    }

    /// Goes on with other credentials. Tokens handed out before remain valid until their end, and
    /// what was learnt of the clock stays.
    pub fn rotate(&mut self, credentials: &Credentials) {
        self.issuer = Issuer::new(credentials, self.policy.validity);
        self.schedule = self.schedule.restart();
    }

    /// Takes in a response that was received at `now`, and says what it means and what to do.
    ///
    /// A token that was refused for its time is replaced, and the clock corrected, if the
    /// server's `Date` shows that it is wrong. [`Action::Retry`](crate::Action::Retry) is said only
    /// where the current token is another than the refused one, so that sending it can help. A
    /// refusal that the corrected clock already explains teaches nothing new: of many requests that
    /// were refused at once, the first one corrects the clock. A bearer of credentials that were
    /// [rotated](Self::rotate) away meanwhile teaches nothing of the clock, and is answered with the
    /// current one.
    ///
    /// ```
    /// use kling_jwt_core::{Credentials, Action, Response, TokenProvider};
    ///
    /// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
    /// let mut provider = TokenProvider::new(&credentials);
    /// let an_hour_late = 1_800_000_000 - 3600;
    /// provider.token(an_hour_late);
    /// let refusal = Response::new(401, b"").with_date(Some("Fri, 15 Jan 2027 08:00:00 GMT"));
    /// assert_eq!(provider.handle_response(&refusal, an_hour_late).action, Action::Retry);
    /// assert_eq!(provider.clock_offset(), 3600);
    /// assert_eq!(provider.token(an_hour_late).expires_at(), Some(1_800_001_800));
    /// ```
    pub fn handle_response(&mut self, response: &Response<'_>, now: u64) -> Verdict {
        self.issuer.handle_response(self.policy, &mut self.schedule, response, now)
    }

    /// The seconds of the host's clock in which the current token is to be used; outside of them
    /// [`token`](Self::token) mints another one. An API key always is the same.
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

    /// By how many seconds the server's clock is ahead of the host's, as far as refusals taught:
    /// 0 until then, negative where the host's clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.schedule.clock_offset()
    }

    /// The access key that signs. An API key has none.
    pub fn access_key(&self) -> Option<AccessKey> {
        self.issuer.access_key()
    }
}

//! The token provider, shared by threads.
//!
//! Each state of the provider is an immutable snapshot behind an atomic pointer. Reading the
//! current token takes no lock. A thread that finds it due mints the next in a copy and offers
//! that as the new snapshot; if another thread was faster, its own token is as good, and it goes
//! on with that. So nobody ever waits, and a fork or a killed thread leaves no lock behind.
//!
//! Credentials that came from files are looked at again once a minute: a mounted secret that was
//! rotated is picked up without a restart. Other credentials never cost a look.

use std::{
    ops::Range,
    sync::{Arc, atomic::AtomicU64},
};

use arc_swap::{ArcSwap, ArcSwapOption};

use kling_jwt_core::Note as CoreNote;

use crate::{
    Builder, Credentials, Error, Masked, Token, TokenProvider, Validity, Verdict, mint,
    notes::Notes,
    origins::BaseUrl,
    sources::{Found, Given, Source, find_in_process, process_environment},
    unix_now,
};

/// How often the files that credentials came from are looked at, in seconds.
const LOOK_EVERY: u64 = 60;

/// The time at which nothing happened yet.
pub(crate) const NEVER: u64 = u64::MAX;

/// Hands out the bearer token for requests to Kling, renewed before it ends.
///
/// ```
/// use kling_auth::KlingAuth;
///
/// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
/// assert_eq!(auth.authorization(), format!("Bearer {}", auth.token().as_str()));
/// assert_eq!(auth.source(), "arguments");
/// ```
#[derive(Debug)]
pub struct KlingAuth {
    pub(crate) state: ArcSwap<State>,
    pub(crate) notes: Notes,
    pub(crate) base_url: BaseUrl,
    pub(crate) last_verdict: ArcSwapOption<Verdict>,
    /// When credentials that Kling does not know were last asked for again, in Unix seconds.
    pub(crate) asked_at: AtomicU64,
}

#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) provider: TokenProvider,
    source: Source,
    /// How often the credentials were replaced.
    turn: u32,
    /// The seconds in which there is no need to look at files.
    undisturbed: Range<u64>,
}

/// The credentials that were held at one moment, to tell later whether they still are.
#[derive(Clone, Debug)]
pub struct Held {
    source: Source,
    turn: u32,
}

impl State {
    fn new(provider: TokenProvider, source: Source, turn: u32) -> Self {
        // Files are due for a look with the first token: whoever makes a state has no clock.
        let undisturbed = if source.has_files() { 0..0 } else { 0..u64::MAX };
        Self { provider, source, turn, undisturbed }
    }

    /// The state after this one, with other credentials under the same policy.
    fn with(&self, credentials: &Credentials, source: &Source) -> Self {
        let mut provider = self.provider.clone();
        provider.rotate(credentials);
        Self::new(provider, source.clone(), self.turn.wrapping_add(1))
    }

    /// Lends the token minted last, of a state that has one.
    fn lend<R>(&self, read: impl FnOnce(&Token, Range<u64>) -> R) -> R {
        let token = self.provider.current().expect("it was minted");
        read(token, self.fresh(token))
    }

    /// The seconds in which a token of this state may be used without asking again.
    fn fresh(&self, token: &Token) -> Range<u64> {
        let fresh = self.provider.fresh(token);
        fresh.start.max(self.undisturbed.start)..fresh.end.min(self.undisturbed.end)
    }
}

impl KlingAuth {
    /// The guide's manager: tokens of 1800 seconds, renewed 300 before their end.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] with the key and what is wrong with it.
    pub fn new(access_key: &str, secret_key: &str) -> Result<Self, Error> {
        Self::given(Given {
            access_key: Some(access_key),
            secret_key: Some(secret_key),
            ..Given::default()
        })
    }

    /// A static API key behind the same object: its token is itself, and never expires.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] with what is wrong with it.
    pub fn from_api_key(api_key: &str) -> Result<Self, Error> {
        Self::given(Given { api_key: Some(api_key), ..Given::default() })
    }

    /// The credentials of this machine, as [`sources`](crate::sources) finds them.
    ///
    /// # Errors
    ///
    /// What is missing or wrong, and where.
    pub fn discover() -> Result<Self, Error> {
        Self::given(Given::default())
    }

    /// A builder, for another lifetime or buffer.
    pub const fn builder() -> Builder {
        Builder::new()
    }

    fn given(given: Given<'_>) -> Result<Self, Error> {
        Self::builder().found(find_in_process(given)?).build()
    }

    pub(crate) fn with(
        provider: TokenProvider,
        source: Source,
        notes: Notes,
        base_url: BaseUrl,
    ) -> Self {
        notes.tell(&CoreNote::Found(&source));
        Self {
            state: ArcSwap::from_pointee(State::new(provider, source, 0)),
            notes,
            base_url,
            last_verdict: ArcSwapOption::empty(),
            asked_at: AtomicU64::new(NEVER),
        }
    }

    /// Goes on with other credentials, at once for all threads. Tokens handed out before remain
    /// valid until their end.
    pub fn rotate(&self, credentials: &Credentials) {
        self.replace(credentials, &Source::caller("arguments"));
    }

    /// Goes on with what [`sources::find`](crate::sources::find) found, at once for all threads.
    pub fn adopt(&self, found: Found) {
        let Found { credentials, notes, source, .. } = found;
        self.replace(&credentials, &source);
        self.notes.keep(notes);
    }

    fn replace(&self, credentials: &Credentials, source: &Source) {
        self.state.rcu(|held| held.with(credentials, source));
        self.notes.tell(&CoreNote::Rotated(source));
    }

    /// The credentials held now, for [`adopt_after`](Self::adopt_after).
    pub fn held(&self) -> Held {
        let held = self.state.load();
        Held { source: held.source.clone(), turn: held.turn }
    }

    /// Goes on with what was found since `held` was held. Whoever rotated meanwhile knows better:
    /// then nothing happens. For searches that take their time, such as a secrets manager's.
    pub fn adopt_after(&self, held: &Held, found: Found) {
        let Found { credentials, notes, source, .. } = found;
        let before = self.state.rcu(|current| {
            if current.turn == held.turn {
                Arc::new(current.with(&credentials, &source))
            } else {
                Arc::clone(current)
            }
        });
        if before.turn == held.turn {
            self.notes.tell(&CoreNote::Rotated(&source));
        }
        self.notes.keep(notes);
    }

    /// Looks again where the credentials were found, with a host's own view of the environment.
    /// Nothing changes before what is found there is [adopted](Self::adopt_after).
    ///
    /// # Errors
    ///
    /// What is missing or wrong there, [`Error::NoSource`] for credentials that the caller gave, and
    /// [`Error::BaseUrlChanged`] where the base URL beside them is another one now.
    pub fn look_again(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Found, Error> {
        let found = self.held().source.read_again(environment)?;
        self.base_url.require_same(&found, environment)?;
        Ok(found)
    }

    /// Looks again where the credentials were found, and goes on with what is there now.
    ///
    /// # Errors
    ///
    /// What is missing or wrong there, and [`Error::NoSource`] for credentials that the caller
    /// gave; those held before stay.
    pub fn reload(&self) -> Result<(), Error> {
        self.reload_from(&process_environment)
    }

    /// [`reload`](Self::reload) with a host's own view of the environment.
    ///
    /// # Errors
    ///
    /// As [`reload`](Self::reload).
    pub fn reload_from(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
        let held = self.held();
        self.adopt_after(&held, self.look_again(environment)?);
        Ok(())
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
        self.lease_from(&process_environment, now, |token, _| read(token))
    }

    /// Lends the token to send at `now` (Unix seconds), and the seconds in which it may be used
    /// without asking again. For hosts with their own view of the environment, where the names
    /// of files may stand.
    pub fn lease_from<R>(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
        now: u64,
        read: impl FnOnce(&Token, Range<u64>) -> R,
    ) -> R {
        let held = self.state.load();
        if let Some(token) = held.provider.cached(now)
            && held.undisturbed.contains(&now)
        {
            return read(token, held.fresh(token));
        }
        drop(held);
        self.look(environment);
        self.renew(now, read)
    }

    /// Takes up files that changed. If they hold no credentials now, those read before are kept.
    fn look(&self, environment: &dyn Fn(&str) -> Option<String>) {
        if !self.state.load().source.changed() {
            return;
        }
        if let Err(error) = self.reload_from(environment) {
            self.note_kept(&error);
        }
    }

    /// Mints if a token is due, and offers the state with it to all threads.
    fn renew<R>(&self, now: u64, read: impl FnOnce(&Token, Range<u64>) -> R) -> R {
        let held = self.state.load();
        let mut next = Arc::clone(&held);
        let state = Arc::make_mut(&mut next);
        if state.source.has_files() {
            state.undisturbed = now..now.saturating_add(LOOK_EVERY);
        }
        let is_due = state.provider.cached(now).is_none();
        if let (true, Some(expires_at)) = (is_due, state.provider.token(now).expires_at()) {
            self.notes.tell(&CoreNote::Minted(expires_at));
        }
        // Lost against another thread, or against a rotation: theirs stays.
        self.state.compare_and_swap(&held, Arc::clone(&next));
        next.lend(read)
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
        self.refresh_from(&process_environment, now)
    }

    /// [`refresh_at`](Self::refresh_at) with a host's own view of the environment.
    pub fn refresh_from(&self, environment: &dyn Fn(&str) -> Option<String>, now: u64) -> Token {
        self.refresh_lease_from(environment, now, |token, _| token.clone())
    }

    /// Mints a new token at `now` (Unix seconds) in place of the current one, and lends it as
    /// [`lease_from`](Self::lease_from) does.
    pub fn refresh_lease_from<R>(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
        now: u64,
        read: impl FnOnce(&Token, Range<u64>) -> R,
    ) -> R {
        let mut minted = None;
        self.state.rcu(|held| {
            // If this takes up others, the offer below comes too late, and is made again of them.
            if held.source.changed() {
                self.look(environment);
            }
            let next = minted.insert(Arc::clone(held));
            Arc::make_mut(next).provider.refresh(now);
            Arc::clone(next)
        });
        minted.expect("rcu calls its function at least once").lend(read)
    }

    /// When the token to send now expires, in Unix seconds; an API key does not.
    pub fn expires_at(&self) -> Option<u64> {
        self.with_token_at(unix_now(), Token::expires_at)
    }

    /// The access key that signs, as it is; to show it, see
    /// [`masked_access_key`](Self::masked_access_key). An API key has none.
    pub fn access_key(&self) -> Option<String> {
        self.state.load().provider.access_key().map(str::to_owned)
    }

    /// The access key that signs, [masked](crate::Masked): `SKga…0001`. An API key has none.
    pub fn masked_access_key(&self) -> Option<String> {
        self.state.load().provider.access_key().map(|key| Masked(key).to_string())
    }

    /// Where the credentials come from, for people.
    pub fn source(&self) -> String {
        self.state.load().source.to_string()
    }

    /// The stable name of where the credentials come from: the [kind](crate::sources::Source::kind)
    /// of their source.
    pub fn source_kind(&self) -> &'static str {
        self.state.load().source.kind()
    }

    /// The names of other credentials that stand where these were found and are not used, for
    /// people: `KLINGAI_API_KEY`. `None` where there is nothing.
    pub fn unused_credentials(&self) -> Option<String> {
        self.state.load().source.unused().map(str::to_owned)
    }

    /// The name of an API key among the [unused](Self::unused_credentials).
    pub(crate) fn unused_api_key(&self) -> Option<&'static str> {
        self.state.load().source.unused_api_key()
    }

    /// Whether there is a place to [`reload`](Self::reload) the credentials from.
    pub fn can_reload(&self) -> bool {
        self.state.load().source.is_a_place()
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

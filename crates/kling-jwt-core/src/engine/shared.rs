//! The engine: the account and the schedule, and how they change.

use alloc::vec::Vec;
use core::ops::Range;

use crate::{
    Credentials, Token, Validity, Verdict,
    engine::{
        account::{Account, Generation, HAS_FILES},
        base_url::EffectiveBaseUrl,
        event::{Event, Listener},
        events::Events,
        host::{Cell, CredentialSource, Host, Word},
        lease::{Lease, TokenVersion},
    },
    manager::{
        issuer::Issuer,
        schedule::{Policy, Schedule},
    },
    messages::event::EventKind,
};

/// How many seconds pass between two checks of the files that credentials came from.
const FILE_CHECK_INTERVAL: u64 = 60;

/// Stands for a time, if something has not happened yet.
pub(super) const NEVER: u64 = u64::MAX;

/// The arguments of [`Engine::new`].
#[derive(Debug)]
pub struct Setup<S> {
    /// The credentials.
    pub credentials: Credentials,
    /// Where they came from.
    pub source: S,
    /// How long tokens are valid.
    pub validity: Validity,
    /// How many seconds before its end a token is renewed.
    pub buffer: u64,
    /// The base URL.
    pub base_url: EffectiveBaseUrl,
    /// Receives the events.
    pub listener: Option<Listener>,
    /// The events from the search for credentials.
    pub events: Vec<Event>,
}

/// The token manager that threads share. Nothing in it blocks.
#[derive(Debug)]
pub struct Engine<H: Host> {
    account: H::Cell<Account<H::CredentialSource>>,
    /// The [version](Account::version) of the account.
    account_version: H::Word,
    /// The [`Schedule`], packed.
    schedule: H::Word,
    pub(super) policy: Policy,
    pub(super) base_url: EffectiveBaseUrl,
    pub(super) events: Events<H>,
    pub(super) last_verdict: H::Cell<Verdict>,
    /// When a reload was last claimed, in Unix seconds; [`NEVER`] before the first one.
    pub(super) reload_claimed_at: H::Word,
    /// When files were last checked, in Unix seconds; [`NEVER`] before the first check.
    files_checked_at: H::Word,
    /// The current token and its version, from the second call of [`token`](Self::token) on. To
    /// copy it takes a seventh of the time to sign it again; a token that is used once is not
    /// stored.
    cached: H::Cell<(TokenVersion, Token)>,
}

impl<H: Host> Engine<H> {
    /// Makes an engine, and emits the events so far.
    pub fn new(setup: Setup<H::CredentialSource>) -> Self {
        let Setup { credentials, source, validity, buffer, base_url, listener, events } = setup;
        let account = Account::new(&credentials, validity, source);
        let emitter = Events::new(listener);
        emitter.emit_all(events);
        emitter.emit(EventKind::CredentialsFound(&account.source));
        Self {
            account_version: H::Word::new(account.version()),
            schedule: H::Word::new(Schedule::NEW.to_bits()),
            account: H::Cell::new(Some(account)),
            policy: Policy::new(validity, buffer),
            base_url,
            events: emitter,
            last_verdict: H::Cell::new(None),
            reload_claimed_at: H::Word::new(NEVER),
            files_checked_at: H::Word::new(NEVER),
            cached: H::Cell::new(None),
        }
    }

    /// The token to send at `now`: the current one, or a new one if it is due.
    pub fn lease(&self, now: u64) -> Lease {
        self.with(|account| {
            let (schedule, word) = self.renew(account, now);
            self.lease_of(account, schedule, word, now)
        })
    }

    /// Mints a token at `now`, which replaces the current one.
    pub fn refresh(&self, now: u64) -> Lease {
        self.with(|account| {
            let (_, schedule, word) = self.change_schedule(|schedule| schedule.mint(now));
            self.lease_of(account, schedule, word, now)
        })
    }

    /// The token of a [`lease`](Self::lease), cached here for hosts that do not cache it.
    pub fn token(&self, now: u64) -> Token {
        let token_version = self.token_version();
        if Schedule::from_bits(token_version.schedule).is_due(self.policy, now) {
            return self.lease(now).token;
        }
        // Constructed directly in the return value: to move it would take as long as to copy it.
        self.cached.read(|cached| match cached {
            Some((of, token)) if *of == token_version => token.clone(),
            _ => self.cache(now),
        })
    }

    /// Signs the current token again, and caches it.
    #[cold]
    fn cache(&self, now: u64) -> Token {
        let Lease { token, token_version, .. } = self.lease(now);
        if let Some(token_version) = token_version {
            self.cached.swap(Some((token_version, token.clone())));
        }
        token
    }

    /// Which token is current.
    pub fn token_version(&self) -> TokenVersion {
        TokenVersion { account: self.account_version.load(), schedule: self.schedule.load() }
    }

    /// Whether the credentials came from files, which may change.
    pub fn has_files(&self) -> bool {
        self.account_version.load() & HAS_FILES != 0
    }

    /// Whether no files need a check at `now`: they were checked less than 60 seconds ago, or the
    /// credentials did not come from files.
    pub fn are_files_checked(&self, now: u64) -> bool {
        !self.has_files() || self.files_checked().contains(&now)
    }

    /// Records that the files were checked at `now`.
    pub fn mark_files_checked(&self, now: u64) {
        self.files_checked_at.update(|_| now);
    }

    /// The seconds in which the files need no check.
    fn files_checked(&self) -> Range<u64> {
        match self.files_checked_at.load() {
            NEVER => 0..0,
            checked_at => checked_at..checked_at.saturating_add(FILE_CHECK_INTERVAL),
        }
    }

    fn renew(&self, account: &Account<H::CredentialSource>, now: u64) -> (Schedule, u64) {
        if let Issuer::ApiKey(_) = account.issuer {
            return (Schedule::NEW, self.schedule.load());
        }
        let (before, renewed, word) =
            self.change_schedule(|schedule| schedule.renew(self.policy, now));
        if before != renewed
            && let Some(minted_at) = renewed.minted_at
        {
            self.events.emit(EventKind::TokenMinted(self.policy.validity.expires_at(minted_at)));
        }
        (renewed, word)
    }

    /// Changes the schedule. Returns the one before, the one after, and the latter's word.
    pub(super) fn change_schedule(
        &self,
        mut change: impl FnMut(Schedule) -> Schedule,
    ) -> (Schedule, Schedule, u64) {
        let mut changed = (Schedule::NEW, Schedule::NEW, 0);
        self.schedule.update(|word| {
            let before = Schedule::from_bits(word);
            let after = change(before);
            changed = (before, after, after.to_bits());
            changed.2
        });
        changed
    }

    fn lease_of(
        &self,
        account: &Account<H::CredentialSource>,
        schedule: Schedule,
        word: u64,
        now: u64,
    ) -> Lease {
        let mut fresh = match account.issuer {
            Issuer::KeyPair(_) => schedule.fresh(self.policy),
            Issuer::ApiKey(_) => 0..u64::MAX,
        };
        if account.source.has_files() {
            let files_checked = self.files_checked();
            fresh = fresh.start.max(files_checked.start)..fresh.end.min(files_checked.end);
        }
        let version = account.version();
        let is_current = self.account_version.load() == version;
        let token_version = is_current.then_some(TokenVersion { account: version, schedule: word });
        // The token is constructed in place: to move it takes a fifth of the time to sign it.
        Lease {
            token: account.issuer.token(schedule.minted_at.unwrap_or(now)),
            fresh,
            token_version,
        }
    }

    /// Replaces the credentials, at once for all threads. Tokens returned before stay valid until
    /// they expire.
    pub fn rotate(
        &self,
        credentials: &Credentials,
        source: &H::CredentialSource,
        events: Vec<Event>,
    ) {
        self.replace(None, credentials, source, events);
    }

    /// Which credentials are in use, for [`rotate_if_current`](Self::rotate_if_current).
    pub fn generation(&self) -> Generation<H::CredentialSource> {
        self.with(Account::generation)
    }

    /// Replaces the credentials if `generation` is still in use. If they were rotated since, the
    /// current ones are newer, and stay.
    pub fn rotate_if_current(
        &self,
        generation: &Generation<H::CredentialSource>,
        credentials: &Credentials,
        source: &H::CredentialSource,
        events: Vec<Event>,
    ) {
        self.replace(Some(generation.generation), credentials, source, events);
    }

    fn replace(
        &self,
        expected: Option<u32>,
        credentials: &Credentials,
        source: &H::CredentialSource,
        events: Vec<Event>,
    ) {
        let issuer = Issuer::new(credentials, self.policy.validity);
        let mut is_replaced = false;
        self.account.update(|account| {
            let account = account?;
            is_replaced = expected.is_none_or(|expected| account.generation == expected);
            is_replaced.then(|| account.with(issuer.clone(), source.clone()))
        });
        if is_replaced {
            // There is no `now` here, so the files are checked with the next token.
            self.files_checked_at.update(|_| NEVER);
            // Reads the account again, because another thread may have replaced it meanwhile.
            self.account_version.update(|_| self.with(Account::version));
            self.schedule.update(|word| Schedule::from_bits(word).restart().to_bits());
            self.events.emit(EventKind::CredentialsReplaced(source));
        }
        self.events.emit_all(events);
    }

    pub(super) fn schedule(&self) -> Schedule {
        Schedule::from_bits(self.schedule.load())
    }

    pub(super) fn with<R>(&self, read: impl FnOnce(&Account<H::CredentialSource>) -> R) -> R {
        self.account.read(|account| read(account.expect("an engine always has an account")))
    }
}

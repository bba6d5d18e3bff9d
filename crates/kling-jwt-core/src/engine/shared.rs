//! The engine itself: the account, the schedule, and how they change.

use alloc::vec::Vec;
use core::ops::Range;

use crate::{
    Credentials, Token, Validity, Verdict,
    engine::{
        account::{Account, HAS_FILES, Held},
        base_url::Base,
        host::{Cell, Host, Source, Word},
        lease::{Lease, Stamp},
        note::{Listener, Note},
        notes::Notes,
    },
    manager::{
        issuer::Issuer,
        schedule::{Policy, Schedule},
    },
    messages::event::Note as Told,
};

/// How often the files that credentials came from are looked at, in seconds.
const LOOK_EVERY: u64 = 60;

/// The time at which nothing happened yet.
pub(super) const NEVER: u64 = u64::MAX;

/// What an engine is made of.
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
    /// What requests begin with.
    pub base_url: Base,
    /// Who hears of what happens.
    pub listener: Option<Listener>,
    /// What there is to tell already.
    pub notes: Vec<Note>,
}

/// The manager that threads share. Nothing in it waits.
#[derive(Debug)]
pub struct Engine<H: Host> {
    account: H::Cell<Account<H::Source>>,
    /// Which account that is.
    version: H::Word,
    /// A [`Schedule`].
    word: H::Word,
    pub(super) policy: Policy,
    pub(super) base_url: Base,
    pub(super) notes: Notes<H>,
    pub(super) last_verdict: H::Cell<Verdict>,
    /// When credentials that Kling does not know were last asked for again, in Unix seconds.
    pub(super) asked_at: H::Word,
    /// When files were last looked at, in Unix seconds; [`NEVER`] before the first look.
    looked_at: H::Word,
    /// The text of the current token and its stamp, from the second time on that it is asked for: to
    /// sign it again takes seven times as long as to copy it, and an account that asks once need not
    /// keep it.
    kept: H::Cell<(Stamp, Token)>,
}

impl<H: Host> Engine<H> {
    /// An engine of these credentials.
    pub fn new(setup: Setup<H::Source>) -> Self {
        let Setup { credentials, source, validity, buffer, base_url, listener, notes } = setup;
        let account = Account::new(&credentials, validity, source);
        let told = Notes::new(listener);
        told.keep(notes);
        told.tell(Told::Found(&account.source));
        Self {
            version: H::Word::new(account.version()),
            word: H::Word::new(Schedule::NEW.to_bits()),
            account: H::Cell::new(Some(account)),
            policy: Policy::new(validity, buffer),
            base_url,
            notes: told,
            last_verdict: H::Cell::new(None),
            asked_at: H::Word::new(NEVER),
            looked_at: H::Word::new(NEVER),
            kept: H::Cell::new(None),
        }
    }

    /// The token to send at `now`: the current one, or a new one in its place.
    pub fn lease(&self, now: u64) -> Lease {
        self.with(|account| {
            let (schedule, word) = self.renew(account, now);
            self.lease_of(account, schedule, word, now)
        })
    }

    /// Mints a token at `now` in place of the current one.
    pub fn refresh(&self, now: u64) -> Lease {
        self.with(|account| {
            let (_, schedule, word) = self.change_schedule(|schedule| schedule.mint(now));
            self.lease_of(account, schedule, word, now)
        })
    }

    /// The token of a [`lease`](Self::lease), for hosts that keep no text of it themselves.
    pub fn token(&self, now: u64) -> Token {
        let stamp = self.stamp();
        if Schedule::from_bits(stamp.schedule).is_due(self.policy, now) {
            return self.lease(now).token;
        }
        // The token is made in its place at once: to move it would take as long as to copy it.
        self.kept.read(|kept| match kept {
            Some((of, token)) if *of == stamp => token.clone(),
            _ => self.keep(now),
        })
    }

    /// Signs the current token again, and keeps it.
    #[cold]
    fn keep(&self, now: u64) -> Token {
        let Lease { token, stamp, .. } = self.lease(now);
        if let Some(stamp) = stamp {
            self.kept.swap(Some((stamp, token.clone())));
        }
        token
    }

    /// Which token is current.
    pub fn stamp(&self) -> Stamp {
        Stamp { version: self.version.load(), schedule: self.word.load() }
    }

    /// Whether the credentials came from files, which may change.
    pub fn has_files(&self) -> bool {
        self.version.load() & HAS_FILES != 0
    }

    /// Whether files that credentials came from need not be looked at, at `now`.
    pub fn is_settled(&self, now: u64) -> bool {
        !self.has_files() || self.looked().contains(&now)
    }

    /// Takes note that they were looked at.
    pub fn settle(&self, now: u64) {
        self.looked_at.update(|_| now);
    }

    /// The seconds in which there is no need to look at files.
    fn looked(&self) -> Range<u64> {
        match self.looked_at.load() {
            NEVER => 0..0,
            looked_at => looked_at..looked_at.saturating_add(LOOK_EVERY),
        }
    }

    fn renew(&self, account: &Account<H::Source>, now: u64) -> (Schedule, u64) {
        if let Issuer::ApiKey(_) = account.issuer {
            return (Schedule::NEW, self.word.load());
        }
        let (before, renewed, word) =
            self.change_schedule(|schedule| schedule.renew(self.policy, now));
        if before != renewed
            && let Some(minted_at) = renewed.minted_at
        {
            self.notes.tell(Told::Minted(self.policy.validity.expires_at(minted_at)));
        }
        (renewed, word)
    }

    /// Changes the schedule, whichever account's it is: the one before, the one after, and its word.
    pub(super) fn change_schedule(
        &self,
        mut change: impl FnMut(Schedule) -> Schedule,
    ) -> (Schedule, Schedule, u64) {
        let mut changed = (Schedule::NEW, Schedule::NEW, 0);
        self.word.update(|word| {
            let before = Schedule::from_bits(word);
            let after = change(before);
            changed = (before, after, after.to_bits());
            changed.2
        });
        changed
    }

    fn lease_of(
        &self,
        account: &Account<H::Source>,
        schedule: Schedule,
        word: u64,
        now: u64,
    ) -> Lease {
        let mut fresh = match account.issuer {
            Issuer::KeyPair(_) => schedule.fresh(self.policy),
            Issuer::ApiKey(_) => 0..u64::MAX,
        };
        if account.source.has_files() {
            let looked = self.looked();
            fresh = fresh.start.max(looked.start)..fresh.end.min(looked.end);
        }
        let version = account.version();
        let is_current = self.version.load() == version;
        let stamp = is_current.then_some(Stamp { version, schedule: word });
        // Made in its place: to move a token takes a fifth of the time to sign it.
        Lease { token: account.issuer.token(schedule.minted_at.unwrap_or(now)), fresh, stamp }
    }

    /// Goes on with other credentials, at once for all threads. Tokens handed out before remain
    /// valid until their end.
    pub fn rotate(&self, credentials: &Credentials, source: &H::Source, notes: Vec<Note>) {
        self.replace(None, credentials, source, notes);
    }

    /// The credentials held now, for [`rotate_after`](Self::rotate_after).
    pub fn held(&self) -> Held<H::Source> {
        self.with(Account::held)
    }

    /// [`rotate`](Self::rotate)s to what was found since `held` was held. Whoever rotated meanwhile
    /// knows better: then nothing happens.
    pub fn rotate_after(
        &self,
        held: &Held<H::Source>,
        credentials: &Credentials,
        source: &H::Source,
        notes: Vec<Note>,
    ) {
        self.replace(Some(held.generation), credentials, source, notes);
    }

    fn replace(
        &self,
        expected: Option<u32>,
        credentials: &Credentials,
        source: &H::Source,
        notes: Vec<Note>,
    ) {
        let issuer = Issuer::new(credentials, self.policy.validity);
        let mut is_replaced = false;
        self.account.update(|account| {
            let account = account?;
            is_replaced = expected.is_none_or(|expected| account.generation == expected);
            is_replaced.then(|| account.with(issuer.clone(), source.clone()))
        });
        if is_replaced {
            // Files are due for a look with the next token: whoever rotates has no clock.
            self.looked_at.update(|_| NEVER);
            // That of the account that is held now: another thread may have rotated again.
            self.version.update(|_| self.with(Account::version));
            self.word.update(|word| Schedule::from_bits(word).restart().to_bits());
            self.notes.tell(Told::Rotated(source));
        }
        self.notes.keep(notes);
    }

    pub(super) fn schedule(&self) -> Schedule {
        Schedule::from_bits(self.word.load())
    }

    pub(super) fn with<R>(&self, read: impl FnOnce(&Account<H::Source>) -> R) -> R {
        self.account.read(|account| read(account.expect("there always is one")))
    }
}

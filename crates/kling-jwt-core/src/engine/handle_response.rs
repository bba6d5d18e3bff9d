//! Handles responses: what to do next, and what changes in the engine.

use core::fmt::Display;

use crate::{
    Action, Cause, EventKind, Response, Verdict,
    engine::{
        host::{Cell, CredentialSource, Host, Word},
        shared::{Engine, NEVER},
    },
};

/// How many seconds pass, at least, between two reloads of credentials that Kling does not know.
const RELOAD_INTERVAL: u64 = 60;

impl<H: Host> Engine<H> {
    /// Handles a response that was received at `now`: returns what it means and what to do.
    ///
    /// If Kling refused the token because of its time, this replaces the token and corrects the
    /// clock, for all threads. The host calls [`claim_reload`](Self::claim_reload) next. If that
    /// returns true, it reloads the credentials and handles the response once more.
    pub fn handle_response(&self, response: &Response<'_>, now: u64) -> Verdict {
        let mut handled = None;
        let (unused_api_key, (before, after, _)) = self.with(|account| {
            let changed = self.change_schedule(|mut schedule| {
                let verdict =
                    account.issuer.handle_response(self.policy, &mut schedule, response, now);
                handled = Some(verdict);
                schedule
            });
            (account.source.unused_api_key(), changed)
        });
        let verdict = handled.expect("an update calls its function at least once");
        if before.clock_offset() != after.clock_offset() {
            self.events.emit(EventKind::ClockCorrected(after.clock_offset()));
        }
        if verdict.action == Action::Retry {
            self.events.emit(EventKind::RequestRetried(verdict.cause));
        }
        let verdict = verdict.with_base_url(self.base_url(), unused_api_key);
        if verdict.cause != Cause::Accepted {
            self.last_verdict.swap(Some(verdict));
        }
        verdict
    }

    /// Completes a verdict by the `Authorization` header that the client sent; empty if it sent
    /// none. Updates [`last_verdict`](Self::last_verdict) as well.
    pub fn with_authorization(&self, verdict: &Verdict, authorization: &str) -> Verdict {
        self.replace_last_verdict(verdict, &verdict.with_authorization(authorization))
    }

    /// Claims a reload: returns whether Kling does not know the credentials in use, so that the
    /// host should read them again. True at most once in 60 seconds.
    pub fn claim_reload(&self, verdict: &Verdict, response: &Response<'_>, now: u64) -> bool {
        let claimed_at = self.reload_claimed_at.load();
        self.is_reload_due(claimed_at, verdict, response, now)
            && self.reload_claimed_at.replace(claimed_at, now)
    }

    /// Whether [`claim_reload`](Self::claim_reload) would succeed now. Changes nothing.
    pub fn should_reload(&self, verdict: &Verdict, response: &Response<'_>, now: u64) -> bool {
        self.is_reload_due(self.reload_claimed_at.load(), verdict, response, now)
    }

    fn is_reload_due(
        &self,
        claimed_at: u64,
        verdict: &Verdict,
        response: &Response<'_>,
        now: u64,
    ) -> bool {
        // A clock that was set back must not delay a reload for long.
        let is_recent = (claimed_at..claimed_at.saturating_add(RELOAD_INTERVAL)).contains(&now);
        // The refusal of an older bearer says nothing about the current credentials.
        let is_current = || response.token.is_none_or(|token| self.issued(token));
        verdict.is_unknown_credentials() && (claimed_at == NEVER || !is_recent) && is_current()
    }

    /// Whether the credentials in use issued this bearer: it is the API key, or a token of the key
    /// pair, minted at any time.
    pub fn issued(&self, bearer: &str) -> bool {
        self.with(|account| account.issuer.issued(bearer))
    }

    /// The verdict after a reload found credentials other than those that Kling did not know: send
    /// the request once more. Updates [`last_verdict`](Self::last_verdict) as well.
    pub fn retry(&self, verdict: &Verdict) -> Verdict {
        self.events.emit(EventKind::RequestRetried(verdict.cause));
        let mut better = *verdict;
        better.action = Action::Retry;
        self.replace_last_verdict(verdict, &better)
    }

    /// The verdict on the last refusal, on any thread.
    pub fn last_verdict(&self) -> Option<Verdict> {
        self.last_verdict.read(|last| Some(*last?))
    }

    /// Warns that a reload failed, and that the credentials in use stay.
    pub fn warn_reload_failed(&self, why: &dyn Display) {
        self.events.emit(EventKind::ReloadFailed(why));
    }

    /// Replaces the last verdict, unless there was another refusal since.
    fn replace_last_verdict(&self, verdict: &Verdict, better: &Verdict) -> Verdict {
        if better != verdict {
            self.last_verdict.update(|last| (last == Some(verdict)).then_some(*better));
        }
        *better
    }
}

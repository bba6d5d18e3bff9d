//! From a response to what is to be done, and what it changes here.

use core::fmt::Display;

use crate::{
    Action, Cause, EventKind, Response, Verdict,
    engine::{
        host::{Cell, CredentialSource, Host, Word},
        shared::{Engine, NEVER},
    },
};

/// How often credentials that Kling does not know are asked for again, in seconds.
const RELOAD_EVERY: u64 = 60;

impl<H: Host> Engine<H> {
    /// Takes in a response that was received at `now`, and says what it means and what to do. A
    /// token that was refused for its time is replaced, and the clock corrected, for all threads.
    ///
    /// Where Kling does not know the credentials, a host then asks whether it
    /// [claim a reload](Self::claim_reload), and handles the response once more.
    pub fn handle_response(&self, response: &Response<'_>, now: u64) -> Verdict {
        let mut observed = None;
        let (unused_api_key, (before, after, _)) = self.with(|account| {
            let changed = self.change_schedule(|mut schedule| {
                let verdict =
                    account.issuer.handle_response(self.policy, &mut schedule, response, now);
                observed = Some(verdict);
                schedule
            });
            (account.source.unused_api_key(), changed)
        });
        let verdict = observed.expect("it was asked once at least");
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

    /// A verdict that was observed, in view of the `Authorization` header with which its request
    /// left (empty if it had none). [`last_verdict`](Self::last_verdict) says so too.
    pub fn with_authorization(&self, verdict: &Verdict, authorization: &str) -> Verdict {
        self.replace_last_verdict(verdict, &verdict.with_authorization(authorization))
    }

    /// Claims a reload after this verdict: whether the credentials in use are unknown to Kling, so that
    /// the host should look for others. True at most once a minute.
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
        let is_recent = (claimed_at..claimed_at.saturating_add(RELOAD_EVERY)).contains(&now);
        // A bearer of credentials that were replaced meanwhile says nothing of the current ones.
        let is_ours = || response.token.is_none_or(|token| self.issued(token));
        verdict.is_unknown_credentials() && (claimed_at == NEVER || !is_recent) && is_ours()
    }

    /// Whether the credentials in use issued this bearer: it is a token of theirs, whenever it was
    /// minted, or the API key.
    pub fn issued(&self, bearer: &str) -> bool {
        self.with(|account| account.issuer.issued(bearer))
    }

    /// The verdict after a reload found other credentials than those that Kling did not know: send the
    /// request once more with these. Replaces [`last_verdict`](Self::last_verdict) as well.
    pub fn retry(&self, verdict: &Verdict) -> Verdict {
        self.events.emit(EventKind::RequestRetried(verdict.cause));
        let mut better = *verdict;
        better.action = Action::Retry;
        self.replace_last_verdict(verdict, &better)
    }

    /// The verdict on the last refusal that was observed, by whichever thread.
    pub fn last_verdict(&self) -> Option<Verdict> {
        self.last_verdict.read(|last| Some(*last?))
    }

    /// Warns that a reload failed and that the credentials in use stay.
    pub fn warn_reload_failed(&self, why: &dyn Display) {
        self.events.emit(EventKind::ReloadFailed(why));
    }

    /// Replaces the last verdict, unless another refusal came in between.
    fn replace_last_verdict(&self, verdict: &Verdict, better: &Verdict) -> Verdict {
        if better != verdict {
            self.last_verdict.update(|last| (last == Some(verdict)).then_some(*better));
        }
        *better
    }
}

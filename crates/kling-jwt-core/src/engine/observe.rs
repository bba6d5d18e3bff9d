//! From a response to what is to be done, and what it changes here.

use core::fmt::Display;

use crate::{
    Cause, Next, Note, Response, Verdict,
    engine::{
        host::{Cell, Host, Source, Word},
        shared::{Engine, NEVER},
    },
};

/// How often credentials that Kling does not know are asked for again, in seconds.
const ASK_EVERY: u64 = 60;

impl<H: Host> Engine<H> {
    /// Takes in a response that was received at `now`, and says what it means and what to do. A
    /// token that was refused for its time is replaced, and the clock corrected, for all threads.
    ///
    /// Where Kling does not know the credentials, a host then asks whether it
    /// [may look](Self::may_look) for others, and takes in the response once more.
    pub fn observe(&self, response: &Response<'_>, now: u64) -> Verdict {
        let mut observed = None;
        let (unused_api_key, (before, after, _)) = self.with(|account| {
            let changed = self.change_schedule(|mut schedule| {
                let verdict = account.issuer.observe(self.policy, &mut schedule, response, now);
                observed = Some(verdict);
                schedule
            });
            (account.source.unused_api_key(), changed)
        });
        let verdict = observed.expect("it was asked once at least");
        if before.clock_offset() != after.clock_offset() {
            self.notes.tell(Note::ClockCorrected(after.clock_offset()));
        }
        if verdict.next == Next::Resign {
            self.notes.tell(Note::Repeated(verdict.cause));
        }
        let verdict = verdict.seen_from(self.base_url(), unused_api_key);
        if verdict.cause != Cause::Accepted {
            self.last_verdict.swap(Some(verdict));
        }
        verdict
    }

    /// A verdict that was observed, in view of the `Authorization` header with which its request
    /// left (empty if it had none). [`last_verdict`](Self::last_verdict) says so too.
    pub fn after_sending(&self, verdict: &Verdict, authorization: &str) -> Verdict {
        self.say_instead(verdict, &verdict.after_sending(authorization))
    }

    /// Whether credentials are to be looked for again after this verdict: Kling does not know those
    /// that are held. Says so at most once a minute.
    pub fn may_look(&self, verdict: &Verdict, response: &Response<'_>, now: u64) -> bool {
        let asked_at = self.asked_at.load();
        self.is_time_to_look(asked_at, verdict, response, now)
            && self.asked_at.replace(asked_at, now)
    }

    /// Whether [`may_look`](Self::may_look) would say so now. It may still, after this.
    pub fn would_look(&self, verdict: &Verdict, response: &Response<'_>, now: u64) -> bool {
        self.is_time_to_look(self.asked_at.load(), verdict, response, now)
    }

    fn is_time_to_look(
        &self,
        asked_at: u64,
        verdict: &Verdict,
        response: &Response<'_>,
        now: u64,
    ) -> bool {
        // A clock that was set back must not keep it from looking for long.
        let is_recent = (asked_at..asked_at.saturating_add(ASK_EVERY)).contains(&now);
        // A bearer of credentials that were rotated away meanwhile says nothing of those held now.
        let is_ours = || response.token.is_none_or(|token| self.holds(token));
        verdict.is_of_unknown_credentials() && (asked_at == NEVER || !is_recent) && is_ours()
    }

    /// Whether a bearer is one of the credentials held now: a token of theirs, whenever it was
    /// minted, or the API key.
    pub fn holds(&self, bearer: &str) -> bool {
        self.with(|account| account.issuer.owns(bearer))
    }

    /// A verdict that was observed, where other credentials are held by now than those that Kling
    /// did not know: the request is to be sent once more with those.
    /// [`last_verdict`](Self::last_verdict) says so too.
    pub fn resign(&self, verdict: &Verdict) -> Verdict {
        self.notes.tell(Note::Repeated(verdict.cause));
        let mut better = *verdict;
        better.next = Next::Resign;
        self.say_instead(verdict, &better)
    }

    /// The verdict on the last refusal that was observed, by whichever thread.
    pub fn last_verdict(&self) -> Option<Verdict> {
        self.last_verdict.read(|last| Some(*last?))
    }

    /// Notes that credentials could not be had again, so that those held before are kept.
    pub fn note_kept(&self, why: &dyn Display) {
        self.notes.tell(Note::Kept(why));
    }

    /// Says this in place of the last verdict, unless another refusal came in between.
    fn say_instead(&self, verdict: &Verdict, better: &Verdict) -> Verdict {
        if better != verdict {
            self.last_verdict.update(|last| (last == Some(verdict)).then_some(*better));
        }
        *better
    }
}

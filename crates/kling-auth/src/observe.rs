//! From a response to what is to be done: the core's verdict, and what it changes here.

use std::{
    fmt::Display,
    sync::{Arc, atomic::Ordering},
};

use kling_jwt_core::{Cause, Next, Note, Response, Verdict};

use crate::{
    KlingAuth,
    auth::{NEVER, State},
    sources::process_environment,
    unix_now,
};

impl KlingAuth {
    /// Takes in a response, and says what it means and what to do.
    ///
    /// A token that was refused for its time is replaced, and the clock corrected, for all
    /// threads. Where Kling does not know the credentials, they are looked for again in the place
    /// where they were found, at most once a minute. If others are found there, the verdict says
    /// [`Next::Resign`](crate::Next::Resign): the same request may pass with the new ones.
    ///
    /// ```
    /// use kling_auth::{KlingAuth, Next, Response};
    ///
    /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    /// let token = auth.token();
    /// let (status, body) = (401, br#"{"code":1000,"message":"signature is invalid"}"#);
    /// let token = Some(token.as_str());
    /// let verdict = auth.observe(&Response { status, date: None, body, token });
    /// assert_eq!(verdict.next, Next::Fail);
    /// assert_eq!(verdict.cause.as_str(), "wrong_secret_key");
    /// println!("{verdict}"); // HTTP 401, code 1000, "signature is invalid": the secret key …
    /// ```
    pub fn observe(&self, response: &Response<'_>) -> Verdict {
        self.observe_at(response, unix_now())
    }

    /// [`observe`](Self::observe) a response that was received at `now`, in Unix seconds.
    pub fn observe_at(&self, response: &Response<'_>, now: u64) -> Verdict {
        self.observe_from(&process_environment, response, now)
    }

    /// [`observe_at`](Self::observe_at) with a host's own view of the environment.
    pub fn observe_from(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
        response: &Response<'_>,
        now: u64,
    ) -> Verdict {
        let verdict = self.learn(response, now);
        if self.can_reload() && self.doubts(&verdict, response, now) {
            self.look_after_refusal(environment);
            // The bearer may now be one of credentials that were replaced.
            return self.learn(response, now);
        }
        verdict
    }

    /// A verdict that was observed, in view of the `Authorization` header with which its request
    /// left (empty if it had none): where another scheme was sent in place of the bearer, its
    /// remedy says so, and that of [`last_verdict`](Self::last_verdict) too.
    ///
    /// ```
    /// use kling_auth::{KlingAuth, Response};
    ///
    /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    /// let body = br#"{"code":1001,"message":"Authorization is empty"}"#;
    /// let refusal = Response { status: 401, body, ..Response::default() };
    /// let verdict = auth.after_sending(&auth.observe(&refusal), "Basic dXNlcjpwYXNz");
    /// assert!(verdict.remedy().contains("sent `Basic`"));
    /// assert_eq!(auth.last_verdict(), Some(verdict));
    /// ```
    pub fn after_sending(&self, verdict: &Verdict, authorization: &str) -> Verdict {
        let better = verdict.after_sending(authorization);
        self.say_instead(verdict, &better);
        better
    }

    /// Whether credentials are to be asked for again after this verdict, where a host has a
    /// function for that. Says so at most once a minute.
    pub fn doubts(&self, verdict: &Verdict, response: &Response<'_>, now: u64) -> bool {
        let asked = self.asked_at.load(Ordering::Relaxed);
        self.would_doubt(verdict, response, now)
            && self
                .asked_at
                .compare_exchange(asked, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// Whether [`doubts`](Self::doubts) would say so now. It may still, after this.
    ///
    /// ```
    /// use kling_auth::{KlingAuth, Response};
    ///
    /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    /// let body = br#"{"code":1002,"message":"access key not exist"}"#;
    /// let refusal = Response { status: 401, body, ..Response::default() };
    /// let verdict = auth.observe(&refusal);
    /// assert!(auth.would_doubt(&verdict, &refusal, 1_800_000_000));
    /// assert!(auth.doubts(&verdict, &refusal, 1_800_000_000));
    /// assert!(!auth.would_doubt(&verdict, &refusal, 1_800_000_001));
    /// ```
    pub fn would_doubt(&self, verdict: &Verdict, response: &Response<'_>, now: u64) -> bool {
        let asked = self.asked_at.load(Ordering::Relaxed);
        let last = (asked != NEVER).then_some(asked);
        self.state.load().provider.doubts(verdict, response, last, now)
    }

    /// Whether a bearer is one of the credentials held now: a token of theirs, whenever it was
    /// minted, or the API key.
    ///
    /// ```
    /// use kling_auth::{Credentials, KlingAuth};
    ///
    /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    /// let token = auth.token();
    /// assert!(auth.holds(token.as_str()));
    /// auth.rotate(&Credentials::key_pair("another-key", "secret-key").unwrap());
    /// assert!(!auth.holds(token.as_str()));
    /// ```
    pub fn holds(&self, bearer: &str) -> bool {
        self.state.load().provider.owns(bearer)
    }

    /// A verdict that was observed, where other credentials are held by now than those that Kling
    /// did not know: the request is to be sent once more with those.
    /// [`last_verdict`](Self::last_verdict) says so too.
    ///
    /// ```
    /// use kling_auth::{Credentials, KlingAuth, Next, Response};
    ///
    /// let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    /// let body = br#"{"code":1002,"message":"access key not exist"}"#;
    /// let verdict = auth.observe(&Response { status: 401, body, ..Response::default() });
    /// assert_eq!(verdict.next, Next::Fail);
    /// auth.rotate(&Credentials::key_pair("another-key", "secret-key").unwrap());
    /// assert_eq!(auth.resign(&verdict).next, Next::Resign);
    /// ```
    pub fn resign(&self, verdict: &Verdict) -> Verdict {
        let mut better = *verdict;
        better.next = Next::Resign;
        self.notes.tell(&Note::Repeated(verdict.cause));
        self.say_instead(verdict, &better);
        better
    }

    /// The verdict on the last refusal that was observed, by whichever thread.
    pub fn last_verdict(&self) -> Option<Verdict> {
        self.last_verdict.load().as_deref().copied()
    }

    /// By how many seconds the server's clock is ahead of this machine's, as far as refusals
    /// taught: 0 until then, negative where this machine's clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.state.load().provider.clock_offset()
    }

    /// Says this in place of the last verdict, unless another refusal came in between.
    fn say_instead(&self, verdict: &Verdict, better: &Verdict) {
        if better != verdict && self.last_verdict() == Some(*verdict) {
            self.last_verdict.store(Some(Arc::new(*better)));
        }
    }

    fn learn(&self, response: &Response<'_>, now: u64) -> Verdict {
        let observe = |held: &State| {
            let mut next = State::clone(held);
            let verdict = next.provider.observe(response, now);
            (next, verdict)
        };
        let mut learnt = None;
        // No other status changes anything.
        if response.status == 401 {
            self.state.rcu(|held| {
                let (next, verdict) = observe(held);
                let (before, offset) = (held.provider.clock_offset(), next.provider.clock_offset());
                learnt = Some((verdict, (before != offset).then_some(offset)));
                next
            });
        }
        let (verdict, offset) = learnt.unwrap_or_else(|| (observe(&self.state.load()).1, None));
        if let Some(offset) = offset {
            self.notes.tell(&Note::ClockCorrected(offset));
        }
        if verdict.next == Next::Resign {
            self.notes.tell(&Note::Repeated(verdict.cause));
        }
        let verdict = verdict.seen_from(self.base_url(), self.unused_api_key());
        if verdict.cause != Cause::Accepted {
            self.last_verdict.store(Some(Arc::new(verdict)));
        }
        verdict
    }

    fn look_after_refusal(&self, environment: &dyn Fn(&str) -> Option<String>) {
        if let Err(error) = self.reload_from(environment) {
            self.note_kept(&error);
        }
    }

    /// Notes that credentials could not be had again, so that those held before are kept.
    pub fn note_kept(&self, why: &dyn Display) {
        self.notes.tell(&Note::Kept(why));
    }
}

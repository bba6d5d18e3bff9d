//! When tokens are minted: the policy, and the two numbers that change.
//!
//! A key pair's token is a function of the key and of one second. So a manager stores no token,
//! only the second at which the current one was minted, and how far the server's clock is ahead.
//! Both fit into one word, which the engine's threads change atomically.
//!
//! `now` is the time of the host's wall clock. A monotonic clock may stop while a machine is
//! suspended, so that an expired token would be used after that. If the wall clock is wrong, the
//! server refuses a token, and its `Date` shows by how much.

use core::ops::Range;

use crate::{
    Validity,
    manager::{refused::Refused, sent_claims::SentClaims},
};

/// The largest correction of a clock, in seconds, in either direction: a day.
///
/// That corrects a clock that is set to a wrong time zone. A `Date` that is further away is
/// ignored: if it were wrong, tokens would be signed that become valid long after now.
pub const MAX_CLOCK_OFFSET: i64 = 24 * 60 * 60;

/// How long tokens are valid, and how many seconds before their end they are renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) validity: Validity,
    /// In seconds, at most one more than the longest lifetime: larger ones have the same effect.
    buffer: u16,
}

impl Policy {
    pub(crate) fn new(validity: Validity, buffer: u64) -> Self {
        const MAX_BUFFER: u64 = Validity::MAX_LIFETIME + 1;
        Self { validity, buffer: u16::try_from(buffer.min(MAX_BUFFER)).unwrap_or(u16::MAX) }
    }
}

/// The second at which the current token was minted, and the clock's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// In Unix seconds of the server's clock; `None` before the first token.
    pub(crate) minted_at: Option<u64>,
    /// How many seconds the server's clock is ahead of the host's.
    pub(crate) clock_offset: i32,
}

impl Schedule {
    pub(crate) const NEW: Self = Self { minted_at: None, clock_offset: 0 };

    pub(crate) fn clock_offset(self) -> i64 {
        self.clock_offset.into()
    }

    /// Whether a token is due at `now`: there is none, the current one expires within `buffer`
    /// seconds, or the clock was set back to before it was minted.
    pub(crate) fn is_due(self, policy: Policy, now: u64) -> bool {
        !self.fresh(policy).contains(&now)
    }

    /// The seconds of the host's clock in which the current token should be used: from when it was
    /// minted, while at least `buffer` seconds remain. Empty before the first token, and with a
    /// buffer above the lifetime.
    pub(crate) fn fresh(self, policy: Policy) -> Range<u64> {
        let Some(minted_at) = self.minted_at else { return 0..0 };
        // Even with a buffer of 0: at `exp` itself it has expired (RFC 7519, section 4.1.4).
        let needed = u64::from(policy.buffer.max(1));
        let end = policy.validity.expires_at(minted_at).saturating_add(1).saturating_sub(needed);
        let host_time = |time: u64| time.saturating_add_signed(-self.clock_offset());
        host_time(minted_at)..host_time(end)
    }

    /// The schedule with a token minted at `now`.
    pub(crate) fn mint(self, now: u64) -> Self {
        Self { minted_at: Some(self.server_time(now)), ..self }
    }

    /// The schedule with a token minted at `now`, if one is due.
    pub(crate) fn renew(self, policy: Policy, now: u64) -> Self {
        if self.is_due(policy, now) { self.mint(now) } else { self }
    }

    /// The schedule without a token, after a rotation. The clock stays corrected.
    pub(crate) fn restart(self) -> Self {
        Self { minted_at: None, ..self }
    }

    /// The schedule after a token was refused because of its time, and whether a retry may help.
    ///
    /// The clock is corrected if the server's `Date` shows that it is wrong, and a refused current
    /// token is replaced. If the clock already explains the refusal, it is not corrected: when many
    /// requests are refused at once, the first refusal has corrected it.
    pub(crate) fn after_refusal(
        self,
        policy: Policy,
        refused: Refused,
        token: &SentClaims<'_>,
        date: Option<u64>,
        now: u64,
    ) -> (Self, bool) {
        let is_refused = |minted_at: u64| token.is_minted_at(minted_at, policy.validity);
        let mut next = self;
        let assumed = self.server_time(now);
        if !refused.is_explained_by(token, assumed) {
            let date = date.filter(|date| refused.is_confirmed_by(token, *date, assumed));
            match date.and_then(|date| offset(date, now)) {
                Some(offset) => next.clock_offset = offset,
                // Without a credible `Date`, a newer token may still help against an expired one.
                None if refused == Refused::Expired => {}
                None => return (self, false),
            }
        }
        // A current token that was not the refused one stays, if it is not due.
        if self.minted_at.is_some_and(is_refused) {
            next = next.mint(now);
        }
        next = next.renew(policy, now);
        (next, !next.minted_at.is_some_and(is_refused))
    }

    fn server_time(self, now: u64) -> u64 {
        now.saturating_add_signed(self.clock_offset())
    }
}

/// How many seconds the server's time is ahead of the host's; `None` beyond [`MAX_CLOCK_OFFSET`].
fn offset(date: u64, now: u64) -> Option<i32> {
    let distance = i32::try_from(date.abs_diff(now)).ok()?;
    let is_credible = i64::from(distance) <= MAX_CLOCK_OFFSET;
    is_credible.then_some(if date < now { -distance } else { distance })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_800_000_000;

    proptest! {
        /// A token is due exactly if it is not fresh, with any offset of the clock.
        #[test]
        fn due_or_fresh(
            lifetime in 1..=Validity::MAX_LIFETIME,
            buffer in 0..2_000_u64,
            clock_offset in -86_400..=86_400,
            after in -3_000..3_000_i64,
        ) {
            let policy = Policy::new(Validity::new(lifetime).unwrap(), buffer);
            let schedule = Schedule { minted_at: None, clock_offset };
            prop_assert!(schedule.is_due(policy, NOW));
            let minted = schedule.mint(NOW);
            let is_fresh = after >= 0 && after + i64::try_from(buffer.max(1)).unwrap()
                <= i64::try_from(lifetime).unwrap();
            let then = NOW.saturating_add_signed(after);
            prop_assert_eq!(minted.is_due(policy, then), !is_fresh);
            prop_assert_eq!(minted.renew(policy, then) == minted, is_fresh || after == 0);
        }
    }

    #[test]
    fn a_buffer_above_the_lifetime_mints_each_time() {
        for buffer in [Validity::MAX_LIFETIME + 1, u64::MAX] {
            let policy = Policy::new(Validity::default(), buffer);
            assert!(Schedule::NEW.mint(NOW).is_due(policy, NOW), "{buffer}");
        }
        let policy = Policy::new(Validity::default(), Validity::MAX_LIFETIME);
        assert_eq!(Schedule::NEW.mint(NOW).fresh(policy), NOW..NOW + 1);
    }

    #[test]
    fn a_rotation_keeps_the_clock_corrected() {
        let schedule = Schedule { minted_at: Some(NOW), clock_offset: -60 };
        assert_eq!(schedule.restart(), Schedule { minted_at: None, clock_offset: -60 });
    }

    #[test]
    fn the_offset_is_at_most_a_day() {
        assert_eq!(offset(NOW + 86_400, NOW), Some(86_400));
        assert_eq!(offset(NOW - 86_400, NOW), Some(-86_400));
        assert_eq!(offset(NOW + 86_401, NOW), None);
        assert_eq!(offset(NOW - 86_401, NOW), None);
        assert_eq!(offset(u64::MAX, 0), None);
        assert_eq!(offset(0, u64::MAX), None);
    }
}

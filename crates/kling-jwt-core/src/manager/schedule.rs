//! When a token is minted, and by which clock: the policy, and the two numbers that change.
//!
//! A key pair's token is a function of the key and of one second. So a manager needs no token: it
//! keeps the second at which the current one was minted, and by how much the server's clock differs.
//! Both fit into one word, which the engine's threads change at once.
//!
//! The clock is the wall clock and an argument: a monotonic one stops while a machine is
//! suspended, and would hand out an expired token on waking up. It may be wrong; then the server
//! says so, and its `Date` tells by how much.

use core::ops::Range;

use crate::{
    Validity,
    manager::{refused::Refused, sent_claims::SentClaims},
};

/// The largest correction of a clock, in seconds, in either direction: a day.
///
/// A clock that is wrong by a time zone or two is corrected; a `Date` of another year is not
/// believed, since it would have tokens signed that begin to be valid when nobody looks any more.
pub const MAX_CLOCK_OFFSET: i64 = 24 * 60 * 60;

/// How long tokens are valid, and how early the next one is minted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) validity: Validity,
    /// In seconds. One above the longest lifetime says as much as any that is longer.
    buffer: u16,
}

impl Policy {
    pub(crate) fn new(validity: Validity, buffer: u64) -> Self {
        const MOST: u64 = Validity::MAX_LIFETIME + 1;
        Self { validity, buffer: u16::try_from(buffer.min(MOST)).unwrap_or(u16::MAX) }
    }
}

/// The second at which the current token was minted, and the clock's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// By the server's clock, in Unix seconds; `None` before the first token.
    pub(crate) minted_at: Option<u64>,
    /// By how many seconds the server's clock is ahead of the host's.
    pub(crate) clock_offset: i32,
}

impl Schedule {
    pub(crate) const NEW: Self = Self { minted_at: None, clock_offset: 0 };

    pub(crate) fn clock_offset(self) -> i64 {
        self.clock_offset.into()
    }

    /// Whether another token is to be minted at `now`: there is none, its life is nearly over, or the
    /// clock has gone back before its minting.
    pub(crate) fn is_due(self, policy: Policy, now: u64) -> bool {
        !self.fresh(policy).contains(&now)
    }

    /// The seconds of the host's clock in which the current token is to be used: from its minting,
    /// while at least `buffer` seconds of its life remain. Empty before the first token, and with a
    /// buffer above the lifetime.
    pub(crate) fn fresh(self, policy: Policy) -> Range<u64> {
        let Some(minted_at) = self.minted_at else { return 0..0 };
        // With no second left it is expired, whatever the buffer (RFC 7519, 4.1.4).
        let needed = u64::from(policy.buffer.max(1));
        let end = policy.validity.expires_at(minted_at).saturating_add(1).saturating_sub(needed);
        let host_time = |time: u64| time.saturating_add_signed(-self.clock_offset());
        host_time(minted_at)..host_time(end)
    }

    /// With a token that is minted at `now`.
    pub(crate) fn mint(self, now: u64) -> Self {
        Self { minted_at: Some(self.server_time(now)), ..self }
    }

    /// With one that is minted at `now` if it is due.
    pub(crate) fn renew(self, policy: Policy, now: u64) -> Self {
        if self.is_due(policy, now) { self.mint(now) } else { self }
    }

    /// Without a token: the next one is of other credentials. What was learnt of the clock stays.
    pub(crate) fn restart(self) -> Self {
        Self { minted_at: None, ..self }
    }

    /// After a token of its own was refused for its time: with the clock corrected, if the server's
    /// `Date` shows that it is wrong, and with another token. Says whether that one may pass.
    ///
    /// A refusal that the corrected clock already explains teaches nothing new: of many requests
    /// that were refused at once, the first one corrects the clock.
    pub(crate) fn learn(
        self,
        policy: Policy,
        refused: Refused,
        token: &SentClaims<'_>,
        date: Option<u64>,
        now: u64,
    ) -> (Self, bool) {
        let is = |minted_at: u64| token.is_minted_at(minted_at, policy.validity);
        let mut next = self;
        let believed = self.server_time(now);
        if !refused.is_explained_by(token, believed) {
            let date = date.filter(|date| refused.is_confirmed_by(token, *date, believed));
            match date.and_then(|date| offset(date, now)) {
                // A token that the wrong clock minted stays if it is valid by the right clock too.
                Some(offset) => next.clock_offset = offset,
                // Later than the token that has ended comes another, whatever the clocks say.
                None if refused == Refused::Ended => {}
                None => return (self, false),
            }
        }
        if self.minted_at.is_some_and(is) {
            next = next.mint(now);
        }
        next = next.renew(policy, now);
        (next, !next.minted_at.is_some_and(is))
    }

    fn server_time(self, now: u64) -> u64 {
        now.saturating_add_signed(self.clock_offset())
    }
}

/// By how much a server's time is ahead of a host's, if that can be believed.
fn offset(date: u64, now: u64) -> Option<i32> {
    let distance = i32::try_from(date.abs_diff(now)).ok()?;
    let is_believed = i64::from(distance) <= MAX_CLOCK_OFFSET;
    is_believed.then_some(if date < now { -distance } else { distance })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_800_000_000;

    proptest! {
        /// It is due exactly outside of the seconds in which it is fresh, by either clock.
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
    fn the_longest_buffer_mints_each_time() {
        for buffer in [Validity::MAX_LIFETIME + 1, u64::MAX] {
            let policy = Policy::new(Validity::default(), buffer);
            assert!(Schedule::NEW.mint(NOW).is_due(policy, NOW), "{buffer}");
        }
        let policy = Policy::new(Validity::default(), Validity::MAX_LIFETIME);
        assert_eq!(Schedule::NEW.mint(NOW).fresh(policy), NOW..NOW + 1);
    }

    #[test]
    fn other_credentials_keep_the_clock() {
        let schedule = Schedule { minted_at: Some(NOW), clock_offset: -60 };
        assert_eq!(schedule.restart(), Schedule { minted_at: None, clock_offset: -60 });
    }

    #[test]
    fn no_further_than_a_day() {
        assert_eq!(offset(NOW + 86_400, NOW), Some(86_400));
        assert_eq!(offset(NOW - 86_400, NOW), Some(-86_400));
        assert_eq!(offset(NOW + 86_401, NOW), None);
        assert_eq!(offset(NOW - 86_401, NOW), None);
        assert_eq!(offset(u64::MAX, 0), None);
        assert_eq!(offset(0, u64::MAX), None);
    }
}

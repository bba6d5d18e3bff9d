//! A [`Schedule`] in one word, which threads can change atomically.

use crate::{MAX_CLOCK_OFFSET, MAX_UNIX_SECONDS, manager::schedule::Schedule};

/// How many bits the clock's offset needs: at most a day in seconds, and a sign.
const OFFSET_BITS: u32 = 18;

/// The latest second that the other bits can store; one value means `None`. It is two million years
/// away, and after it each call mints a token.
const MAX_MINTED_AT: u64 = (u64::MAX >> OFFSET_BITS) - 1;

const _: () = assert!(MAX_CLOCK_OFFSET < 1 << (OFFSET_BITS - 1), "the offset fits");
const _: () = assert!(MAX_UNIX_SECONDS <= MAX_MINTED_AT, "the time of any host fits");

impl Schedule {
    /// Packs it into one word.
    #[expect(clippy::cast_sign_loss, reason = "`from_bits` restores the sign")]
    pub(crate) fn to_bits(self) -> u64 {
        let minted = self.minted_at.map_or(0, |minted_at| minted_at.min(MAX_MINTED_AT) + 1);
        minted << OFFSET_BITS | self.clock_offset() as u64 & ((1 << OFFSET_BITS) - 1)
    }

    /// Unpacks what [`to_bits`](Self::to_bits) packed.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "the offset is in the lowest bits, with its sign"
    )]
    pub(crate) fn from_bits(bits: u64) -> Self {
        let offset = ((bits as u32) << (u32::BITS - OFFSET_BITS)) as i32;
        let clock_offset = offset >> (u32::BITS - OFFSET_BITS);
        Self { minted_at: (bits >> OFFSET_BITS).checked_sub(1), clock_offset }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_schedule_fits_into_a_word(
            minted_at in prop::option::of(0..=MAX_MINTED_AT),
            clock_offset in -86_400..=86_400,
        ) {
            let schedule = Schedule { minted_at, clock_offset };
            prop_assert_eq!(Schedule::from_bits(schedule.to_bits()), schedule);
        }
    }

    #[test]
    fn a_time_that_is_too_late_saturates() {
        let schedule = Schedule { minted_at: Some(u64::MAX), clock_offset: 0 };
        let packed = Schedule::from_bits(schedule.to_bits());
        assert_eq!(packed.minted_at, Some(MAX_MINTED_AT));
    }
}

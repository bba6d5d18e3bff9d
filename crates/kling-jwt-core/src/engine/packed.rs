//! A [`Schedule`] in one word, and a tag beside it: what threads change at once.

use crate::{MAX_CLOCK_OFFSET, MAX_UNIX_SECONDS, manager::schedule::Schedule};

/// How many bits of a word the offset takes: a day in seconds, and its sign; and the tag.
const OFFSET_BITS: u32 = 18;
const TAG_BITS: u32 = u8::BITS;

/// The latest second that the rest of the word holds beside "none": in the year 10680. From then on
/// each call mints.
const MAX_MINTED_AT: u64 = (u64::MAX >> (OFFSET_BITS + TAG_BITS)) - 1;

const _: () = assert!(MAX_CLOCK_OFFSET < 1 << (OFFSET_BITS - 1), "it fits");
const _: () = assert!(MAX_UNIX_SECONDS <= MAX_MINTED_AT, "whatever a host says fits");

impl Schedule {
    /// All of it in one word, and a tag beside.
    #[expect(clippy::cast_sign_loss, reason = "the way back is an arithmetic shift")]
    pub(crate) fn to_bits(self, tag: u8) -> u64 {
        let minted = self.minted_at.map_or(0, |minted_at| minted_at.min(MAX_MINTED_AT) + 1);
        let offset = self.clock_offset() as u64 & ((1 << OFFSET_BITS) - 1);
        (minted << TAG_BITS | u64::from(tag)) << OFFSET_BITS | offset
    }

    /// The way back from [`to_bits`](Self::to_bits).
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "of the lowest bits, with their sign"
    )]
    pub(crate) fn from_bits(bits: u64) -> (Self, u8) {
        let minted = bits >> (OFFSET_BITS + TAG_BITS);
        let offset = ((bits as u32) << (u32::BITS - OFFSET_BITS)) as i32;
        let clock_offset = offset >> (u32::BITS - OFFSET_BITS);
        (Self { minted_at: minted.checked_sub(1), clock_offset }, (bits >> OFFSET_BITS) as u8)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_word_holds_it(
            minted_at in prop::option::of(0..=MAX_MINTED_AT),
            clock_offset in -86_400..=86_400,
            tag: u8,
        ) {
            let schedule = Schedule { minted_at, clock_offset };
            prop_assert_eq!(Schedule::from_bits(schedule.to_bits(tag)), (schedule, tag));
        }
    }

    #[test]
    fn what_is_too_late_is_due_again() {
        let schedule = Schedule { minted_at: Some(u64::MAX), clock_offset: 0 };
        let (packed, _) = Schedule::from_bits(schedule.to_bits(0));
        assert_eq!(packed.minted_at, Some(MAX_MINTED_AT));
    }
}

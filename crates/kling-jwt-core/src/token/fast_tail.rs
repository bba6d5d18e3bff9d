//! Encodes the end of the signing input faster: on 64-bit machines, at times with ten digits, which
//! are all from 2001 to 2286.
//!
//! Computes digits and base64 in words, and stores no single bytes: a processor stalls if memory is
//! read in other units than it was just written in. Without this, signing takes 1.34 times as long
//! (307 and 229 ns, medians of 41 alternating runs).

use crate::{
    Validity,
    encoding::base64::{CHUNK_CHARACTERS, PAIR_BITS, PAIRS, characters},
    token::claims::{END, NOT_BEFORE},
};

/// The length of the claims' tail at these times, in bytes.
pub(crate) const TAIL_LEN: usize = 10 + NOT_BEFORE.len() + 10 + END.len();

/// The last `open_len` bytes of `open`, which do not fill a base64 group, and the tail after them,
/// in base64url; `None` at other times. The rest of the line is unspecified.
#[inline]
pub(crate) fn encoded(
    validity: Validity,
    now: u64,
    open: [u8; 2],
    open_len: u8,
) -> Option<[u8; CHUNK_CHARACTERS]> {
    let bits = 8 * u32::from(open_len);
    let mut before = u16::from_be_bytes(open).into();
    let mut pairs = [0; PAIRS];
    for (pair, word) in pairs.iter_mut().zip(tail(validity, now)?.into_iter().chain([0])) {
        *pair = (before << (PAIR_BITS - bits) | word >> bits) & ((1 << PAIR_BITS) - 1);
        before = word;
    }
    Some(characters(pairs))
}

/// The 28 bytes of the tail, six in the lower 48 bits of each word, the first byte highest.
fn tail(validity: Validity, now: u64) -> Option<[u64; PAIRS - 1]> {
    let (expires, at) = ten_digits(validity.expires_at(now))?;
    let (not, before) = ten_digits(Validity::not_before(now))?;
    let [comma, quote, name @ ..] = *NOT_BEFORE;
    let word = |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    Some([
        expires << 32 | at >> 32,
        at << 32 >> 16 | word(&[comma, quote]),
        word(&name) << 8 | not >> 8,
        not << 56 >> 16 | before >> 24,
        before << 40 >> 16 | word(END) << 16,
    ])
}

/// The ASCII digits of a number with ten digits: the first two, and the last eight; `None` for any
/// other number.
///
/// Eight digits are split in one word: into two numbers of four digits, then four of two, then
/// eight of one. To split `n` into `n / 100` and `n % 100`, it adds `n / 100` times
/// `0x1_0000 - 100`: this moves the quotient 16 bits up, and leaves the remainder below. The quotients
/// are products: 10,486 / 2^20 is slightly more than 1 / 100, and 103 / 2^10 than 1 / 10. Rounded down,
/// both are exact for all numbers of four and of two digits.
#[inline]
fn ten_digits(number: u64) -> Option<(u64, u64)> {
    let (first, six) = (number / 100_000_000, number / 10_000);
    if !(10..100).contains(&first) {
        return None;
    }
    let fours = (six - 10_000 * first) << 32 | (number - 10_000 * six);
    let twos = fours + (((fours * 10_486) >> 20) & 0x7f_0000_007f) * (0x1_0000 - 100);
    let ones = twos + (((twos * 103) >> 10) & 0x000f_000f_000f_000f) * (0x100 - 10);
    let first = first + ((first * 103) >> 10) * (0x100 - 10);
    Some((0x3030 + first, 0x3030_3030_3030_3030 + ones))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;
    use std::{format, string::ToString};

    use super::*;

    proptest! {
        #[test]
        fn ten_digits_or_none(number: u64, digits in 0_u32..64) {
            for number in [number >> digits, u64::MAX - (number >> digits), number % 10_000_000_000] {
                let ten = ten_digits(number).map(|(first, last)| {
                    let (first, last) = (first.to_be_bytes(), last.to_be_bytes());
                    [&first[6..], &last].concat()
                });
                let expected = number.to_string();
                prop_assert_eq!(ten, (expected.len() == 10).then(|| expected.into_bytes()));
            }
        }

        /// Compares with a formatted text.
        #[test]
        fn same_tail_as_formatted(
            lifetime in 1..=Validity::MAX_LIFETIME,
            now in prop_oneof![1_000_000_000..9_999_990_000_u64, any::<u64>()],
        ) {
            let validity = Validity::new(lifetime).unwrap();
            let (exp, nbf) = (validity.expires_at(now), Validity::not_before(now));
            let expected = format!("{exp},\"nbf\":{nbf}}}");
            if let Some(words) = tail(validity, now) {
                let bytes = words.map(u64::to_be_bytes);
                let bytes = bytes.iter().flat_map(|word| &word[2..]).copied();
                prop_assert!(bytes.take(TAIL_LEN).eq(expected.bytes()), "{expected}");
            } else {
                prop_assert_ne!(expected.len(), TAIL_LEN);
            }
        }
    }
}

//! Puts a text together, one piece after the other, in a buffer sized for the longest.
//!
//! All that a key signs goes through here, so nothing here panics: what a microcontroller links
//! for signing holds neither a panic nor its message. That the buffer is long enough is asserted
//! where there is room for it, in debug builds and with them in all tests.

use crate::encoding::base64::encode;

/// A buffer and how much of it is written.
pub(crate) struct Writer<'d> {
    dst: &'d mut [u8],
    len: usize,
}

impl<'d> Writer<'d> {
    /// The digits of the longest number.
    pub(crate) const MAX_NUMBER_LEN: usize = "18446744073709551615".len();

    pub(crate) fn new(dst: &'d mut [u8]) -> Self {
        Self { dst, len: 0 }
    }

    /// Goes on behind so many bytes of a buffer, which are written.
    pub(crate) fn after(len: usize, dst: &'d mut [u8]) -> Self {
        Self { dst, len }
    }

    pub(crate) fn text(&mut self, text: &[u8]) {
        let room = self.room();
        debug_assert!(text.len() <= room.len(), "the buffer is sized for the longest text");
        for (to, from) in room.iter_mut().zip(text) {
            *to = *from;
        }
        self.len += text.len();
    }

    /// A text of a length that the compiler knows: it is stored, not copied by a loop.
    pub(crate) fn array<const N: usize>(&mut self, text: &[u8; N]) {
        match self.room().first_chunk_mut() {
            Some(room) => *room = *text,
            None => debug_assert!(false, "the buffer is sized for the longest text"),
        }
        self.len += N;
    }

    /// A number in decimal digits.
    pub(crate) fn number(&mut self, number: u64) {
        let mut digits = [0; Self::MAX_NUMBER_LEN];
        let (mut rest, mut start) = (number, digits.len());
        for digit in digits.iter_mut().rev() {
            let ones;
            (rest, ones) = tens_and_ones(rest);
            *digit = b'0' + ones;
            start -= 1;
            if rest == 0 {
                break;
            }
        }
        self.text(digits.get(start..).unwrap_or_default());
    }

    /// The last two decimal digits of a number.
    pub(crate) fn two_digits(&mut self, number: u32) {
        self.text(&[number / 10, number].map(|number| b'0' + (number % 10) as u8));
    }

    /// Bytes in base64url, without padding.
    pub(crate) fn base64url(&mut self, bytes: &[u8]) {
        self.len += encode(bytes, self.room());
    }

    /// What is written from a place on.
    pub(crate) fn written_from(&self, start: usize) -> &[u8] {
        self.dst.get(start..self.len).unwrap_or_default()
    }

    /// All that is written.
    pub(crate) fn written(self) -> &'d [u8] {
        self.dst.get(..self.len).unwrap_or_default()
    }

    fn room(&mut self) -> &mut [u8] {
        self.dst.get_mut(self.len..).unwrap_or_default()
    }
}

/// A number divided by ten. To divide 64 bits at once is a library of its own on a small machine.
fn tens_and_ones(number: u64) -> (u64, u8) {
    if cfg!(target_pointer_width = "64") {
        return (number / 10, (number % 10) as u8);
    }
    in_steps(number)
}

/// The same in steps of 32 bits; every time until 2106 is one step.
#[expect(clippy::cast_possible_truncation, reason = "halves of a number, and a digit")]
fn in_steps(number: u64) -> (u64, u8) {
    let divided = |high: u32, low: u32| {
        let number = high << 16 | low;
        (number / 10, number % 10)
    };
    let [high, low] = [(number >> 32) as u32, number as u32];
    if high == 0 {
        return ((low / 10).into(), (low % 10) as u8);
    }
    let (first, rest) = (high / 10, high % 10);
    let (second, rest) = divided(rest, low >> 16);
    let (third, ones) = divided(rest, low & 0xffff);
    (u64::from(first) << 32 | u64::from(second << 16 | third), ones as u8)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_of_every_length(number: u64, digits in 0_u32..64) {
            for number in [number >> digits, u64::MAX - (number >> digits)] {
                let expected = number.to_string();
                let mut text = [0; Writer::MAX_NUMBER_LEN];
                let mut writer = Writer::new(&mut text);
                writer.number(number);
                prop_assert_eq!(writer.written(), expected.as_bytes());
                prop_assert_eq!(in_steps(number), (number / 10, (number % 10) as u8));
            }
        }
    }
}

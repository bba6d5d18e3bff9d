//! Writes the parts of a text into a buffer that is large enough for the longest text.
//!
//! Signing uses this, so nothing here panics: a microcontroller that only signs links neither a
//! panic nor its message. Debug builds, and with them all tests, assert that the buffer is large
//! enough.

use crate::encoding::base64::encode;

/// A buffer, and how many of its bytes are written.
pub(crate) struct Writer<'d> {
    dst: &'d mut [u8],
    len: usize,
}

impl<'d> Writer<'d> {
    /// How many digits the longest number has.
    pub(crate) const MAX_NUMBER_LEN: usize = "18446744073709551615".len();

    pub(crate) fn new(dst: &'d mut [u8]) -> Self {
        Self { dst, len: 0 }
    }

    /// Continues after the first `len` bytes of a buffer, which are written already.
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

    /// Writes a text of a fixed length, without a loop.
    pub(crate) fn array<const N: usize>(&mut self, text: &[u8; N]) {
        match self.room().first_chunk_mut() {
            Some(room) => *room = *text,
            None => debug_assert!(false, "the buffer is sized for the longest text"),
        }
        self.len += N;
    }

    /// Writes a number in decimal digits.
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

    /// Writes the last two decimal digits of a number.
    pub(crate) fn two_digits(&mut self, number: u32) {
        self.text(&[number / 10, number].map(|number| b'0' + (number % 10) as u8));
    }

    /// Writes bytes in base64url, without padding.
    pub(crate) fn base64url(&mut self, bytes: &[u8]) {
        self.len += encode(bytes, self.room());
    }

    /// The written bytes from `start`.
    pub(crate) fn written_from(&self, start: usize) -> &[u8] {
        self.dst.get(start..self.len).unwrap_or_default()
    }

    /// All written bytes.
    pub(crate) fn written(self) -> &'d [u8] {
        self.dst.get(..self.len).unwrap_or_default()
    }

    fn room(&mut self) -> &mut [u8] {
        self.dst.get_mut(self.len..).unwrap_or_default()
    }
}

/// Divides a number by ten. A 32-bit machine would link a library function to divide 64 bits.
fn tens_and_ones(number: u64) -> (u64, u8) {
    if cfg!(target_pointer_width = "64") {
        return (number / 10, (number % 10) as u8);
    }
    tens_and_ones_in_32_bits(number)
}

/// Divides a number by ten with 32-bit divisions. Every time until 2106 needs only one.
#[expect(clippy::cast_possible_truncation, reason = "halves of a number, and a digit")]
fn tens_and_ones_in_32_bits(number: u64) -> (u64, u8) {
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
                let expected = (number / 10, (number % 10) as u8);
                prop_assert_eq!(tens_and_ones_in_32_bits(number), expected);
            }
        }
    }
}

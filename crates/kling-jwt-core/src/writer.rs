//! Puts a text together, one piece after the other, in a buffer sized for the longest.
//!
//! All that a key signs goes through here, so nothing here panics: what a microcontroller links
//! for signing holds neither a panic nor its message. That the buffer is long enough is asserted
//! where there is room for it, in debug builds and with them in all tests.

use crate::base64::encode;

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

    pub(crate) fn text(&mut self, text: &[u8]) {
        let room = self.room();
        debug_assert!(text.len() <= room.len(), "the buffer is sized for the longest text");
        for (to, from) in room.iter_mut().zip(text) {
            *to = *from;
        }
        self.len += text.len();
    }

    /// A number in decimal digits.
    pub(crate) fn number(&mut self, number: u64) {
        let mut digits = [0; Self::MAX_NUMBER_LEN];
        let (mut rest, mut start) = (number, digits.len());
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
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

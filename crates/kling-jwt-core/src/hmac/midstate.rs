//! Stage 4 for one key pair: HMAC-SHA256 (RFC 2104, FIPS 198-1) that hashes the constant start of
//! its tokens only once.
//!
//! A token needs three blocks of SHA-256. To add little else, this calls the block function itself:
//! it stores the state after whole blocks, and pads the rest of a message in its own buffer. A
//! general hasher counts, buffers and copies, which takes longer than two of the blocks. The tests
//! compare the result with the crate hmac.

use core::fmt;

use sha2::block_api::compress256;
use zeroize::{Zeroize, optimization_barrier};

use crate::{SIGNATURE_LEN, encoding::buffer::Writer};

/// The length of a block of SHA-256, in bytes.
const BLOCK_LEN: usize = 64;

/// The shortest padding, in bytes: one for the first bit, which is set, and the message's length.
const MIN_PADDING_LEN: usize = 1 + size_of::<u64>();

/// The bytes with which the key is combined by XOR (RFC 2104, section 2).
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

type Block = [u8; BLOCK_LEN];
type State = [u32; 8];

/// The state of SHA-256 before the first block (FIPS 180-4, section 5.3.3).
const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The length of a message with its padding, in bytes.
pub(crate) const fn padded_len(len: usize) -> usize {
    (len + MIN_PADDING_LEN).next_multiple_of(BLOCK_LEN)
}

/// The HMAC state of a key, after the whole blocks at the start of a message.
///
/// It is as secret as the key, so it is zeroized on drop, and `Debug` does not show it.
#[derive(Clone)]
pub(crate) struct Midstate {
    /// The inner hash, after the padded key and the first `absorbed` bytes of the message.
    inner: State,
    absorbed: u16,
    /// The outer hash, after the padded key.
    outer: State,
}

impl Midstate {
    /// Makes the state from a key of any length. A key that is longer than a block is hashed first.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block: Block = [0; BLOCK_LEN];
        if key.len() > BLOCK_LEN {
            Writer::new(&mut block).text(&digest(key));
        } else {
            Writer::new(&mut block).text(key);
        }
        let mut keyed = |pad: u8| {
            let mut state = INITIAL;
            for byte in &mut block {
                *byte ^= pad;
            }
            compress256(&mut state, core::slice::from_ref(&block));
            state
        };
        let (inner, outer) = (keyed(INNER_PAD), keyed(INNER_PAD ^ OUTER_PAD));
        block.zeroize();
        Self { inner, absorbed: 0, outer }
    }

    /// This state after the whole blocks at the start of a message.
    #[expect(clippy::cast_possible_truncation, reason = "a prefix is short")]
    pub(crate) fn absorb(&self, start: &[u8]) -> Self {
        let (blocks, _) = start.as_chunks();
        let mut state = self.clone();
        compress256(&mut state.inner, blocks);
        state.absorbed += (start.len() / BLOCK_LEN * BLOCK_LEN) as u16;
        state
    }

    /// The signature of the first `len` bytes of a buffer, which must begin with what was absorbed.
    /// Pads the message in the buffer, which must have [room](padded_len) for that.
    pub(crate) fn sign(&self, buffer: &mut [u8], len: usize) -> State {
        let end = pad(buffer, len, BLOCK_LEN);
        let (blocks, _) = buffer.get(self.absorbed.into()..end).unwrap_or_default().as_chunks();
        let mut state = self.inner;
        compress256(&mut state, blocks);

        let mut block: Block = [0; BLOCK_LEN];
        Writer::new(&mut block).text(&bytes(&state));
        pad(&mut block, SIGNATURE_LEN, BLOCK_LEN);
        let mut state = self.outer;
        compress256(&mut state, core::slice::from_ref(&block));
        state
    }
}

impl Drop for Midstate {
    fn drop(&mut self) {
        (self.inner, self.outer) = ([0; 8], [0; 8]);
        optimization_barrier(self);
    }
}

impl fmt::Debug for Midstate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Midstate([elided])")
    }
}

/// The hash of a message.
// Not inlined, so that its buffer is not on the caller's stack.
#[inline(never)]
fn digest(message: &[u8]) -> [u8; SIGNATURE_LEN] {
    let (blocks, rest) = message.as_chunks();
    let mut state = INITIAL;
    compress256(&mut state, blocks);
    let mut last = [0; 2 * BLOCK_LEN];
    Writer::new(&mut last).text(rest);
    let end = pad(&mut last, rest.len(), message.len() - rest.len());
    let (blocks, _) = last.get(..end).unwrap_or_default().as_chunks();
    compress256(&mut state, blocks);
    bytes(&state)
}

/// The beginning of all padding.
const PADDING: Block = {
    let mut padding = [0; BLOCK_LEN];
    padding[0] = 0x80;
    padding
};

/// Pads the first `len` bytes of a buffer to whole blocks (FIPS 180-4, section 5.1.1), and returns
/// their end. `before` bytes were hashed before those in the buffer.
fn pad(buffer: &mut [u8], len: usize, before: usize) -> usize {
    let end = padded_len(len);
    debug_assert!(end <= buffer.len(), "the buffer has room for padding");
    let room = buffer.get_mut(len..).unwrap_or_default();
    // Writes a whole block if there is room: that is faster than to compute how much is needed.
    match room.first_chunk_mut() {
        Some(start) => *start = PADDING,
        None => room.iter_mut().zip(PADDING).for_each(|(to, from)| *to = from),
    }
    if let Some(bits) = buffer.get_mut(..end).and_then(<[u8]>::last_chunk_mut) {
        *bits = (8 * (before + len) as u64).to_be_bytes();
    }
    end
}

/// A hash as bytes.
pub(crate) fn bytes(state: &State) -> [u8; SIGNATURE_LEN] {
    let mut bytes = [0; SIGNATURE_LEN];
    for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *to = word.to_be_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::HmacKey;

    proptest! {
        /// Compares with the crate hmac on the whole message.
        #[test]
        fn same_result_as_hmac(
            key in prop::collection::vec(any::<u8>(), 0..200),
            message in prop::collection::vec(any::<u8>(), 0..300),
            start in 0..300_usize,
        ) {
            let expected = HmacKey::new(&key).sign(&message);
            let state = Midstate::new(&key).absorb(&message[..start.min(message.len())]);
            let mut buffer = [0xff; 320];
            buffer[..message.len()].copy_from_slice(&message);
            prop_assert_eq!(bytes(&state.sign(&mut buffer, message.len())), expected);
        }
    }
}

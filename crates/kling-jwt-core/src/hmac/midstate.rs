//! Stage 4 for one key pair: HMAC-SHA256 (RFC 2104, FIPS 198-1) with what its tokens share
//! absorbed once.
//!
//! A token costs three blocks of SHA-256 and should cost little else, so this stands on the block
//! function itself: the state after whole blocks is kept, and the rest of a message is padded where
//! it was written. A hasher that takes any bytes at any time would count, buffer and copy for
//! longer than two of the blocks take. `hmac` is the judge of it in the tests.

use core::fmt;

use sha2::block_api::compress256;
use zeroize::{Zeroize, optimization_barrier};

use crate::{SIGNATURE_LEN, encoding::buffer::Writer};

/// The length of a block of SHA-256, in bytes.
const BLOCK_LEN: usize = 64;

/// What padding takes at least: a bit that is set, and the length of the message.
const MIN_PADDING_LEN: usize = 1 + size_of::<u64>();

/// What the key is padded with (RFC 2104, section 2).
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

type Block = [u8; BLOCK_LEN];
type State = [u32; 8];

/// SHA-256 before its first block (FIPS 180-4, section 5.3.3).
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

/// How many bytes the buffer of a message needs, padding included.
pub(crate) const fn padded_len(len: usize) -> usize {
    (len + MIN_PADDING_LEN).next_multiple_of(BLOCK_LEN)
}

/// A secret as HMAC uses it, and the whole blocks that a message starts with. Whoever has this can
/// sign, so it is zeroized on drop and prints nothing.
#[derive(Clone)]
pub(crate) struct Midstate {
    /// The hash of the message, after the inner padded key and so many bytes more.
    inner: State,
    absorbed: u16,
    /// The hash around it, after the outer padded key.
    outer: State,
}

impl Midstate {
    /// Absorbs a key of any length: above a block its hash stands for it.
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

    /// The state after the start of a message: its whole blocks are hashed once, here.
    #[expect(clippy::cast_possible_truncation, reason = "a prefix is short")]
    pub(crate) fn absorb(&self, start: &[u8]) -> Self {
        let (blocks, _) = start.as_chunks();
        let mut state = self.clone();
        compress256(&mut state.inner, blocks);
        state.absorbed += (start.len() / BLOCK_LEN * BLOCK_LEN) as u16;
        state
    }

    /// The signature of a message of `len` bytes that starts as the one absorbed. It is padded in
    /// its buffer, which has [room](padded_len) for that.
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
// Not inlined: its buffer is not on the stack while the key is absorbed.
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

/// What padding begins with.
const PADDING: Block = {
    let mut padding = [0; BLOCK_LEN];
    padding[0] = 0x80;
    padding
};

/// Pads a message to whole blocks (FIPS 180-4, section 5.1.1), and says where they end. So many
/// bytes were hashed before those in the buffer.
fn pad(buffer: &mut [u8], len: usize, before: usize) -> usize {
    let end = padded_len(len);
    debug_assert!(end <= buffer.len(), "there is room for it");
    let room = buffer.get_mut(len..).unwrap_or_default();
    // All that padding may take but for the length, where there is room for more than it takes:
    // what is stored at once takes less time than to see how much is needed.
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
        /// The judge is hmac, given the whole.
        #[test]
        fn block_by_block(
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

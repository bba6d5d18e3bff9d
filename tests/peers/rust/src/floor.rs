//! Lower bounds: a token's compressions, and a reading of the clock.

use std::{hint::black_box, time::SystemTime};

use sha2::block_api::compress256;

use crate::interleave::Contender;

const BLOCK: [u8; 64] = [0x5a; 64];

pub(crate) fn contenders() -> Vec<Contender> {
    let state = [0x5a5a_5a5a_u32; 8];
    vec![
        // The inner hash, whose last two blocks change; then the outer one, which depends on it.
        Contender::new(
            ["floor", "compressions", "sha2::block_api::compress256: two blocks, then one"],
            move || {
                let mut state = black_box(state);
                compress256(&mut state, black_box(&[BLOCK, BLOCK]));
                compress256(&mut state, black_box(&[BLOCK]));
                state
            },
        ),
        Contender::new(
            ["floor", "HMAC", "the same, the first hash in the block of the second (RFC 2104)"],
            move || {
                let mut inner = black_box(state);
                compress256(&mut inner, black_box(&[BLOCK, BLOCK]));
                let mut block = BLOCK;
                for (to, word) in block.as_chunks_mut().0.iter_mut().zip(inner) {
                    *to = word.to_be_bytes();
                }
                let mut outer = black_box(state);
                compress256(&mut outer, &[block]);
                outer
            },
        ),
        Contender::new(["floor", "clock", "SystemTime::now"], SystemTime::now),
    ]
}

//! An image to measure signing: from two keys and the time to a token.

#![no_std]
#![no_main]

mod bare;

use core::hint::black_box;

use kling_jwt_core::{KeyPair, Signer, Validity};

#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "the linker has to find where the image begins")]
extern "C" fn _start(now: u64) -> ! {
    let (access_key, secret_key) = black_box(("access-key", "secret-key"));
    if let Ok(pair) = KeyPair::new(access_key, secret_key) {
        black_box(Signer::new(&pair, Validity::default()).sign(now));
    }
    bare::rest()
}

//! How much stack a call takes: the free stack is painted before it, and checked after it.
//!
//! The only unsafe code here. It writes and reads below the stack pointer. That memory is unused
//! while no interrupt is enabled: the stack grows downward into it, and the static data ends far
//! below the painted part.
#![allow(unsafe_code, reason = "the free stack is memory that no variable has")]

use core::ptr;

/// Far more than any call of the core needs.
const PAINTED_WORDS: usize = 4096;
const PAINT: u32 = 0xcccc_cccc;
/// Room for the frames of `paint` and `used`, which are not painted.
const OWN_WORDS: usize = 32;

/// What a call returns, and how many bytes of stack it used below its caller's.
#[inline(never)]
pub(super) fn measured<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let top = cortex_m::register::msp::read() as *mut u32;
    paint(top);
    let value = called(call);
    (value, used(top))
}

/// In a frame of its own, so that the call's stack is completely below `top`.
#[inline(never)]
fn called<T>(call: impl FnOnce() -> T) -> T {
    call()
}

#[inline(never)]
fn paint(top: *mut u32) {
    for word in OWN_WORDS..=PAINTED_WORDS {
        // SAFETY: below the stack pointer and this frame, far above the static data: see above.
        unsafe { ptr::write_volatile(top.wrapping_sub(word), PAINT) };
    }
}

#[inline(never)]
fn used(top: *mut u32) -> usize {
    let is_painted = |word: &usize| {
        // SAFETY: as for writing; each of these words was painted.
        unsafe { ptr::read_volatile(top.wrapping_sub(*word)) == PAINT }
    };
    let deepest = (OWN_WORDS..=PAINTED_WORDS).rev().find(|word| !is_painted(word));
    deepest.unwrap_or(OWN_WORDS) * size_of::<u32>()
}

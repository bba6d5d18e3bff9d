//! The functions that JavaScript calls, and the memory that it shares with this module: the only
//! `unsafe` code.
//!
//! JavaScript allocates a block, writes the arguments into it, and passes it to an export, which
//! wipes and frees it. An export returns a block: its length in 4 bytes, then the results.
//! JavaScript reads it and releases it. It holds a manager by its address, until it drops it.
//!
//! A wrong address can only damage this module's own memory: WebAssembly isolates it.

#![allow(
    unsafe_code,
    clippy::missing_safety_doc,
    clippy::not_unsafe_ptr_arg_deref,
    reason = "see above"
)]

use alloc::{boxed::Box, vec};
use core::{ptr, slice};

use kling_jwt_core::Response;
use zeroize::Zeroize;

use crate::{
    compact, credentials,
    failure::{Failure, Result},
    inspect,
    manager::{self, Manager},
    requests,
    values::{Arguments, Results},
    verdict, webhook,
};

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    // SAFETY: a module without shared memory has one thread.
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// A block of this many bytes.
#[unsafe(no_mangle)]
extern "C" fn allocate(len: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; len].into_boxed_slice()).cast()
}

/// Wipes and frees a block that [`allocate`] or an export returned.
#[unsafe(no_mangle)]
extern "C" fn release(block: *mut u8, len: usize) {
    // SAFETY: JavaScript passes each address that it got, once.
    let mut block = unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(block, len)) };
    block.zeroize();
}

/// Frees a manager; its keys wipe themselves.
#[unsafe(no_mangle)]
extern "C" fn drop_manager(manager: *mut Manager) {
    // SAFETY: JavaScript passes each address that it got, once.
    drop(unsafe { Box::from_raw(manager) });
}

/// How many bytes of a response's body are read at most.
#[unsafe(no_mangle)]
extern "C" fn max_body() -> usize {
    Response::MAX_BODY_LEN
}

/// Exports functions by their own names.
macro_rules! export {
    ($($module:ident::$function:ident),* $(,)?) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $function(block: *mut u8, len: usize) -> *mut u8 {
            call(block, len, &mut |arguments, results| $module::$function(arguments, results))
        }
    )*};
}

/// [`export`] for functions of a manager.
macro_rules! export_on_manager {
    ($($module:ident::$function:ident),* $(,)?) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $function(manager: *mut Manager, block: *mut u8, len: usize) -> *mut u8 {
            call_on(manager, block, len, $module::$function)
        }
    )*};
}

export![
    compact::jwt_decode,
    compact::jwt_encode,
    compact::jwt_verify_signature,
    credentials::variables,
    inspect::inspect,
    manager::generate_kling_token,
    verdict::verdict,
    webhook::verify_webhook,
];

export_on_manager![
    manager::refresh,
    manager::reload,
    manager::rotate,
    manager::state,
    manager::take_events,
    manager::token,
    requests::allows,
    requests::authorize,
    requests::should_handle_response,
    requests::last_verdict,
    requests::warn_reload_failed,
    requests::handle_response,
    requests::require_origin,
];

/// Creates a manager, and returns its address. JavaScript drops it.
#[unsafe(no_mangle)]
extern "C" fn manager(block: *mut u8, len: usize) -> *mut u8 {
    call(block, len, &mut |arguments, results| {
        results.time(Box::into_raw(Box::new(manager::new(arguments)?)) as u64);
        Ok(())
    })
}

/// [`call`] for functions of a manager.
#[inline(never)]
fn call_on(
    manager: *mut Manager,
    block: *mut u8,
    len: usize,
    run: fn(&Manager, &mut Arguments<'_>, &mut Results) -> Result<()>,
) -> *mut u8 {
    // SAFETY: JavaScript holds the manager, and calls one export at a time.
    let manager = unsafe { &*manager };
    call(block, len, &mut |arguments, results| run(manager, arguments, results))
}

/// Runs an export: reads arguments from a block, frees it, and returns the results as another. Not
/// generic, so that there is one copy of it for all exports.
#[inline(never)]
fn call(
    block: *mut u8,
    len: usize,
    run: &mut dyn FnMut(&mut Arguments<'_>, &mut Results) -> Result<()>,
) -> *mut u8 {
    let mut results = Results::new();
    // SAFETY: JavaScript passes a block that it allocated and filled.
    let mut arguments = Arguments::new(unsafe { slice::from_raw_parts(block, len) });
    let ran = run(&mut arguments, &mut results);
    release(block, len);
    let results = ran.map_or_else(Failure::into_results, |()| results);
    Box::into_raw(results.into_block()).cast()
}

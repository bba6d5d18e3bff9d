//! proxy-wasm's binary interface, version 0.2.1: the functions that a gateway offers, and those that
//! it calls. <https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.1>
//!
//! This is the only `unsafe` code of the crate. A wrong address can only damage this module's own
//! memory: WebAssembly isolates it.

#![allow(unsafe_code, reason = "see above")]

use alloc::{boxed::Box, string::String, vec, vec::Vec};
use core::{cell::RefCell, ptr};

use zeroize::Zeroizing;

use crate::{
    environment::Variables,
    filters::Filters,
    gateway::{Flow, Gateway, LogLevel, Message, Part},
};

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The filters of this module, which has one thread.
static FILTERS: OneThread<RefCell<Filters>> = OneThread(RefCell::new(Filters::new()));

struct OneThread<T>(T);

// SAFETY: a module without shared memory has one thread.
unsafe impl<T> Sync for OneThread<T> {}

/// What a gateway's function returns if all went well.
const OK: u32 = 0;

mod host {
    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        pub(super) fn proxy_log(level: u32, text: *const u8, len: usize) -> u32;
        pub(super) fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
        pub(super) fn proxy_get_header_map_value(
            map: u32,
            name: *const u8,
            name_len: usize,
            value: *mut *mut u8,
            value_len: *mut usize,
        ) -> u32;
        pub(super) fn proxy_replace_header_map_value(
            map: u32,
            name: *const u8,
            name_len: usize,
            value: *const u8,
            value_len: usize,
        ) -> u32;
        pub(super) fn proxy_remove_header_map_value(
            map: u32,
            name: *const u8,
            name_len: usize,
        ) -> u32;
        pub(super) fn proxy_get_buffer_bytes(
            buffer: u32,
            start: usize,
            max_len: usize,
            bytes: *mut *mut u8,
            len: *mut usize,
        ) -> u32;
        pub(super) fn proxy_get_property(
            path: *const u8,
            path_len: usize,
            value: *mut *mut u8,
            value_len: *mut usize,
        ) -> u32;
        pub(super) fn proxy_set_property(
            path: *const u8,
            path_len: usize,
            value: *const u8,
            value_len: usize,
        ) -> u32;
        pub(super) fn proxy_send_local_response(
            status: u32,
            details: *const u8,
            details_len: usize,
            body: *const u8,
            body_len: usize,
            headers: *const u8,
            headers_len: usize,
            grpc_status: i32,
        ) -> u32;
        pub(super) fn proxy_define_metric(
            kind: u32,
            name: *const u8,
            name_len: usize,
            metric: *mut u32,
        ) -> u32;
        pub(super) fn proxy_increment_metric(metric: u32, by: i64) -> u32;
    }

    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        pub(super) fn environ_sizes_get(count: *mut usize, len: *mut usize) -> u32;
        pub(super) fn environ_get(addresses: *mut *mut u8, texts: *mut u8) -> u32;
    }
}

const REQUEST_BODY: u32 = 0;
const RESPONSE_BODY: u32 = 1;
const PLUGIN_CONFIGURATION: u32 = 7;
const COUNTER: u32 = 0;

/// The gateway that runs this module.
struct Host;

impl Gateway for Host {
    fn now(&self) -> u64 {
        let mut nanoseconds = 0;
        // SAFETY: the address is that of a number.
        unsafe { host::proxy_get_current_time_nanoseconds(&raw mut nanoseconds) };
        nanoseconds / 1_000_000_000
    }

    fn header(&self, message: Message, name: &str) -> Option<String> {
        let value = returned(|value, len| {
            // SAFETY: the name is a slice; `returned` takes the value.
            unsafe {
                host::proxy_get_header_map_value(
                    map(message),
                    name.as_ptr(),
                    name.len(),
                    value,
                    len,
                )
            }
        })?;
        // Which bytes it has does not matter: no value that counts has others than ASCII.
        Some(String::from_utf8(value).unwrap_or_else(|_| char::REPLACEMENT_CHARACTER.into()))
    }

    fn set_header(&self, message: Message, name: &str, value: Option<&str>) {
        let (map, at, len) = (map(message), name.as_ptr(), name.len());
        // SAFETY: both texts are slices.
        unsafe {
            match value {
                Some(value) => {
                    host::proxy_replace_header_map_value(map, at, len, value.as_ptr(), value.len())
                }
                None => host::proxy_remove_header_map_value(map, at, len),
            }
        };
    }

    fn body(&self, message: Message, max_len: usize) -> Vec<u8> {
        let buffer = match message {
            Message::Request | Message::RequestTrailers => REQUEST_BODY,
            Message::Response => RESPONSE_BODY,
        };
        buffer_bytes(buffer, max_len)
    }

    fn property(&self, path: &str) -> Option<Vec<u8>> {
        // SAFETY: the path is a slice; `returned` takes the value.
        returned(|value, len| unsafe {
            host::proxy_get_property(path.as_ptr(), path.len(), value, len)
        })
    }

    fn set_property(&self, path: &str, value: &[u8]) {
        // SAFETY: both are slices.
        unsafe { host::proxy_set_property(path.as_ptr(), path.len(), value.as_ptr(), value.len()) };
    }

    fn answer(&self, status: u16, body: &str) {
        /// One header: the number of headers, the lengths of its name and value, both texts, each
        /// with a 0 at its end.
        const JSON: &[u8] = b"\x01\0\0\0\x0c\0\0\0\x10\0\0\0content-type\0application/json\0";
        // SAFETY: all texts are slices.
        unsafe {
            host::proxy_send_local_response(
                status.into(),
                ptr::null(),
                0,
                body.as_ptr(),
                body.len(),
                JSON.as_ptr(),
                JSON.len(),
                -1,
            )
        };
    }

    fn define_counter(&self, name: &str) -> Option<u32> {
        let mut counter = 0;
        // SAFETY: the name is a slice, the address that of a number.
        let status = unsafe {
            host::proxy_define_metric(COUNTER, name.as_ptr(), name.len(), &raw mut counter)
        };
        (status == OK).then_some(counter)
    }

    fn count(&self, counter: u32, by: u64) {
        // SAFETY: it has only numbers.
        unsafe { host::proxy_increment_metric(counter, by.cast_signed()) };
    }

    fn log(&self, level: LogLevel, text: &str) {
        let level = match level {
            LogLevel::Debug => 1,
            LogLevel::Info => 2,
            LogLevel::Warning => 3,
            LogLevel::Error => 4,
        };
        // SAFETY: the text is a slice.
        unsafe { host::proxy_log(level, text.as_ptr(), text.len()) };
    }
}

/// The headers of a message.
fn map(message: Message) -> u32 {
    match message {
        Message::Request => 0,
        Message::RequestTrailers => 1,
        Message::Response => 2,
    }
}

fn buffer_bytes(buffer: u32, max_len: usize) -> Vec<u8> {
    // SAFETY: `returned` takes the bytes.
    let bytes = returned(|bytes, len| unsafe {
        host::proxy_get_buffer_bytes(buffer, 0, max_len, bytes, len)
    });
    bytes.unwrap_or_default()
}

/// What a function of the gateway returns: it allocates it by [`proxy_on_memory_allocate`].
fn returned(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Option<Vec<u8>> {
    let (mut bytes, mut len) = (ptr::null_mut(), 0);
    let is_ok = call(&raw mut bytes, &raw mut len) == OK;
    if !is_ok || bytes.is_null() {
        return is_ok.then(Vec::new);
    }
    // SAFETY: `proxy_on_memory_allocate` returned it for this length, and the gateway wrote it.
    Some(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(bytes, len)) }.into_vec())
}

/// The variables that the gateway gives to this module.
fn variables() -> Variables {
    let (mut count, mut len) = (0, 0);
    // SAFETY: both are addresses of a number.
    if unsafe { host::environ_sizes_get(&raw mut count, &raw mut len) } != OK {
        return Variables::default();
    }
    let mut addresses = vec![ptr::null_mut(); count];
    let mut texts = Zeroizing::new(vec![0; len]);
    // SAFETY: both have the lengths that the gateway said.
    let status = unsafe { host::environ_get(addresses.as_mut_ptr(), texts.as_mut_ptr()) };
    if status == OK { Variables::new(texts) } else { Variables::default() }
}

#[unsafe(no_mangle)]
extern "C" fn proxy_abi_version_0_2_1() {}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_memory_allocate(len: usize) -> *mut u8 {
    // `returned` frees it.
    Box::into_raw(vec![0_u8; len].into_boxed_slice()).cast()
}

/// `parent` is 0 for a configuration.
#[unsafe(no_mangle)]
extern "C" fn proxy_on_context_create(context: u32, parent: u32) {
    if parent != 0 {
        FILTERS.0.borrow_mut().begin(context, parent);
    }
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_delete(context: u32) {
    FILTERS.0.borrow_mut().end(context);
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_vm_start(_: u32, _: usize) -> bool {
    true
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_configure(root: u32, len: usize) -> bool {
    let configuration = Zeroizing::new(buffer_bytes(PLUGIN_CONFIGURATION, len));
    FILTERS.0.borrow_mut().configure(root, &configuration, &variables(), &Host)
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_headers(stream: u32, _: usize, is_last: bool) -> u32 {
    handle(stream, Message::Request, Part::Headers(is_last))
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_body(stream: u32, len: usize, is_last: bool) -> u32 {
    handle(stream, Message::Request, Part::Body(len, is_last))
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_trailers(stream: u32, _: usize) -> u32 {
    handle(stream, Message::Request, Part::Trailers)
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_headers(stream: u32, _: usize, is_last: bool) -> u32 {
    handle(stream, Message::Response, Part::Headers(is_last))
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_body(stream: u32, len: usize, is_last: bool) -> u32 {
    handle(stream, Message::Response, Part::Body(len, is_last))
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_trailers(stream: u32, _: usize) -> u32 {
    handle(stream, Message::Response, Part::Trailers)
}

fn handle(stream: u32, message: Message, part: Part) -> u32 {
    match FILTERS.0.borrow_mut().handle(stream, message, part, &Host) {
        Flow::Continue => 0,
        Flow::Pause => 1,
    }
}

//! The WebAssembly module under `node/src/wasm.cjs`: converts types and errors, and
//! delegates to the crate `kling-jwt-core`.
//!
//! It imports nothing, so that any host can instantiate it. Each export reads its arguments from a
//! block of values in memory and returns its results as another block (`values`).

#![cfg_attr(target_family = "wasm", no_std)]
#![allow(clippy::unnecessary_wraps, reason = "all exports have the same form")]

extern crate alloc;

mod compact;
mod credentials;
mod exports;
mod failure;
mod inspect;
mod manager;
mod requests;
mod sharing;
mod values;
mod verdict;
mod webhook;

//! kling-auth inside Envoy, and in other gateways that run proxy-wasm filters: no program behind
//! them holds Kling's credentials.
//!
//! ```text
//! environment, members, config, refused
//!                      what an operator configures ─▶ Outgoing or Callback, or what to change
//! accounts, account    credentials, each with an engine of its own and the header in use
//! outgoing             a filter of the cluster: signs each attempt, and reads refusals
//! callback             a filter of a listener: verifies callbacks from Kling
//! filters              the configurations and the requests of one worker
//! gateway              what a filter asks of its gateway; abi is proxy-wasm's way to ask it
//! ```
//!
//! The filter has no thread, no timer and no shared data: each worker of Envoy has one of its own.
//!
//! It speaks proxy-wasm's binary interface itself, without the crate proxy-wasm, whose dispatcher
//! needs std: with it, the same filter had 175 KB instead of 130 KB.

#![cfg_attr(target_family = "wasm", no_std)]
// Elsewhere only tests use it. Clippy reads all of it.
#![cfg_attr(not(any(target_family = "wasm", clippy)), allow(dead_code))]

extern crate alloc;

#[cfg(any(target_family = "wasm", clippy))]
mod abi;
mod account;
mod accounts;
mod callback;
mod config;
mod counters;
mod environment;
mod filters;
mod gateway;
mod members;
mod outgoing;
mod refused;
#[cfg(test)]
mod tests;

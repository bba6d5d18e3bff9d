//! The Node-API add-on under `node/src/native.cjs`: converts types and errors, and delegates to
//! the crate `kling-auth`.

#![allow(
    unreachable_pub,
    missing_debug_implementations,
    clippy::needless_pass_by_value,
    clippy::too_many_arguments,
    reason = "napi exports what is `pub`, converts arguments by value and one by one, and has no \
              use for `Debug`"
)]
#![cfg_attr(test, allow(dead_code, reason = "napi registers nothing in a test build"))]

mod arguments;
mod auth;
mod cli;
mod compact;
mod errors;
mod inspect;
mod probe;
mod verdict;
mod webhook;

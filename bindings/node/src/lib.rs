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

use auth::GenerateKlingToken;
use compact::{JwtDecode, JwtEncode, JwtVerifySignature};
use function::Function;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

mod arguments;
mod auth;
mod cli;
mod compact;
mod errors;
mod function;
mod inspect;
mod probe;
mod verdict;
mod webhook;

/// Exports the functions that are made without napi's macros.
#[napi(module_exports)]
fn exports(mut exports: Object<'_>) -> napi::Result<()> {
    exports.set("generateKlingToken", Function(GenerateKlingToken))?;
    exports.set("jwtEncode", Function(JwtEncode))?;
    exports.set("jwtDecode", Function(JwtDecode))?;
    exports.set("jwtVerifySignature", Function(JwtVerifySignature))
}

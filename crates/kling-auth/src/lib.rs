//! Authentication for the Kling AI API: from a credential to an accepted request.
//!
//! [`KlingAuth`] holds credentials and returns the bearer token for a request, renewed before it
//! expires. It is `Send + Sync`, takes no lock and makes no network call: minting a token takes
//! less than a microsecond. If the credentials come from files, it checks once a minute whether
//! these changed.
//!
//! ```
//! use kling_auth::KlingAuth;
//!
//! # fn main() -> Result<(), kling_auth::Error> {
//! let auth = KlingAuth::new("access-key", "secret-key")?;
//! let authorization = auth.authorization(); // for the header of that name
//! assert!(authorization.starts_with("Bearer eyJ"));
//! # Ok(())
//! # }
//! ```
//!
//! Tokens, claims, caching and verification come from the crate `kling-jwt-core`, whose types are
//! re-exported here. This crate adds what needs an operating system: the clock, threads, and the
//! [sources] of credentials. [`check`](mod@check) finds out whether credentials are right and, if
//! not, why.
//!
//! # Features
//!
//! No feature is on by default.
//!
//! | feature | adds |
//! |---|---|
//! | `http` | `authorize` and `header_value`, for any client that sends an `http::Request` |
//! | `tower` | `adapters::KlingLayer`, for clients built from tower services |
//! | `check` | `check`, which asks Kling whether the credentials are right |
//! | `json` | results as JSON |
//! | `testing` | `testing`: a local stand-in for Kling, to test programs |
//! | `tracing` | events for `tracing`: credentials, the clock, repeated requests, tokens |
//!
//! The command-line program `kling-auth` is in the crate `kling-auth-cli`:
//! `cargo install kling-auth-cli`.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[cfg(feature = "http")]
pub mod adapters;
mod auth;
#[doc(hidden)]
pub mod bindings;
mod builder;
pub mod check;
mod clock;
mod error;
#[cfg(feature = "http")]
mod header;
#[cfg(feature = "json")]
pub mod json;
mod location;
mod sharing;
pub mod sources;
mod steps;
#[cfg(feature = "testing")]
pub mod testing;

pub use auth::{KlingAuth, generate_kling_token};
pub use builder::KlingAuthBuilder;
#[cfg(feature = "check")]
pub use check::check;
pub use clock::unix_now;
pub use error::{Error, FileFault, LineFault};
#[doc(inline)]
pub use kling_jwt_core::engine::Listener;
pub use kling_jwt_core::{
    AccessKey, Action, ApiKey, Cause, Claims, Credentials, DEFAULT_BUFFER, Decoded,
    Error as CoreError, Fault, Field, HEADER, HmacKey, Inspection, JsonString, KeyPair, Level,
    MAX_CLOCK_OFFSET, Masked, Origin, Region, Remedy, Response, Signer, Token, TokenProvider,
    Validity, Verdict, bare_token, buffer_seconds, decode, encode, encoded_len, inspect, mint,
    parse_http_date, unix_seconds, verify, verify_signature, webhook,
};

//! Mints, caches and verifies tokens for the Kling AI API, on any machine.
//!
//! Kling's API accepts a JWT as the bearer: signed with HS256, issued by an access key, valid for
//! at most 30 minutes. This crate makes that token from credentials, and explains Kling's responses
//! to it. It needs no std, no allocator, no clock and no I/O, and contains no `unsafe`; `now` is an
//! argument, in Unix seconds. So the same code runs on a server, on an edge runtime and on a
//! microcontroller.
//!
//! # Structure
//!
//! ```text
//! credential/  names, search, checked keys ─────────┐
//!                                                   ▼
//! token/       claims, signing input, signature ─▶ manager/  which token is current, and when the
//!                                                   ▲        next one is minted; engine/ does the
//! responses/   envelope, cause, verdict ────────────┘        same for hosts with an allocator
//!
//! destination/  where the bearer may be sent      jwt/      any HS256 token, and what it contains
//! messages/     events and errors of all hosts    webhook   verifies callbacks from Kling
//! encoding/, hmac/, error, time                   used by all of them
//! ```
//!
//! There are no cyclic dependencies between modules or between folders; `make lint` checks that.
//!
//! Most programs use [`TokenProvider`]. [`Signer`] mints tokens without caching, and computes only
//! once what the tokens of a key pair have in common. [`encode`], [`decode`] and [`verify`] handle
//! any HS256 token over JSON from the caller.
//!
//! ```
//! use kling_jwt_core::{Credentials, TokenProvider};
//!
//! # fn main() -> Result<(), kling_jwt_core::Error> {
//! let credentials = Credentials::key_pair("access-key", "secret-key")?;
//! let mut provider = TokenProvider::new(&credentials);
//!
//! let now = 1_800_000_000; // Unix seconds, from the host's clock
//! let token = provider.token(now);
//! assert_eq!(token.expires_at(), Some(now + 1800));
//! assert!(token.as_str().starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
//! # Ok(())
//! # }
//! ```
//!
//! # What it does not do
//!
//! It sends nothing, reads no environment variables and no files, and supports no algorithm but
//! HS256. The crate `kling-auth` adds a clock, files, threads and adapters for HTTP clients.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[cfg(feature = "alloc")]
extern crate alloc;

mod credential;
mod destination;
mod encoding;
#[cfg(feature = "alloc")]
#[doc(hidden)]
pub mod engine;
mod error;
mod hmac;
mod jwt;
mod manager;
mod messages;
mod responses;
mod time;
mod token;
pub mod webhook;

pub use credential::{
    env_names,
    keys::{AccessKey, ApiKey, Credentials, KeyPair},
    search::{BlankNames, KeySearch, PartialPair, SelectedKeys, is_blank},
    unvalidated::{InvalidCredentials, Unvalidated},
    warning::CredentialWarning,
};
pub use destination::{
    base_url::{BaseUrl, Region},
    origin::Origin,
};
pub use encoding::{
    date::{MAX_UNIX_SECONDS, parse_http_date},
    json_string::JsonString,
    masked::Masked,
};
pub use error::{Error, Fault, Field, UnknownName};
pub use hmac::key::{HmacKey, SIGNATURE_LEN};
pub use jwt::{
    compact::{Decoded, decode, encode, encoded_len, verify, verify_signature},
    inspect::{Inspection, bare_token, inspect},
};
pub use manager::{provider::TokenProvider, schedule::MAX_CLOCK_OFFSET};
pub use messages::{
    event::{EventKind, Level},
    host_error::HostError,
};
pub use responses::{
    cause::{Action, Cause},
    remedy::Remedy,
    response::Response,
    verdict::Verdict,
};
pub use time::{buffer_seconds, unix_seconds};
pub use token::{
    bearer::Token,
    claims::Claims,
    mint::mint,
    signer::Signer,
    signing_input::HEADER,
    validity::{DEFAULT_BUFFER, Validity},
};

/// Runs the Rust code of the README as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

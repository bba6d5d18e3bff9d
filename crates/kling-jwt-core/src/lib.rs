//! The token that the Kling AI API takes: minted, cached and verified on any machine.
//!
//! Kling's front door takes a JWT as Bearer token: HS256, issued by an access key, valid for at
//! most 30 minutes. This crate goes from a credential to that token and nothing further. It has
//! no std, no allocator, no clock, no I/O and no `unsafe`; `now` is an argument, in Unix seconds.
//! The same code therefore runs in a server, in an edge isolate and on a microcontroller.
//!
//! # Two ways through it, a folder each
//!
//! ```text
//! credential/ ──▶ token/ ──────────────────────┐      from a credential to a token
//! names, choice,  claims, signing input,       ▼
//! checked keys    signature, bearer         manager/  which token is current, and when the next
//!                                              ▲       is minted; engine/ is the same for hosts
//! what a server   responses/ ─────────────────────┘       with an allocator
//! says            envelope, cause, verdict            from a response to what to do
//!
//! destination/    where the bearer may go         jwt/        any HS256 token, and what it says
//! messages/       what hosts tell people          webhook     whether a callback is Kling's
//! encoding/ hmac/ error time                      what all of them stand on
//! ```
//!
//! No module needs itself over others, and no folder does: `make lint` sees to it.
//!
//! [`Signer`] computes once what all tokens of a key share; [`TokenProvider`] is what a client holds.
//! The general HS256 compact form, over JSON that the caller provides, is [`encode`], [`decode`] and
//! [`verify`].
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
//! It sends nothing, reads no environment and no file, knows no other algorithm than HS256, and
//! parses no more JSON than a header's `alg`. Clocks, files, threads and hosts are the business
//! of the crate `kling-auth`.

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

/// The README's Rust, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

//! The token that the Kling AI API takes: minted, cached and verified on any machine.
//!
//! Kling's front door takes a JWT as Bearer token: HS256, issued by an access key, valid for at
//! most 30 minutes. This crate goes from a credential to that token and nothing further. It has
//! no std, no allocator, no clock, no I/O and no `unsafe`; `now` is an argument, in Unix seconds.
//! The same code therefore runs in a server, in an edge isolate and on a microcontroller.
//!
//! # The pipeline, a file a stage
//!
//! ```text
//! Credentials ─▶ Claims ─▶ signing input ─▶ signature ─▶ Token ─▶ TokenProvider
//! who signs      who,       header.payload   HMAC-SHA256   for the    keeps one until
//!                from,                                     header     it nears its end
//!                until
//! ```
//!
//! [`Signer`] runs the first five stages with everything constant for a key computed once;
//! [`TokenProvider`] is what a client holds. The general HS256 compact form, over JSON that the
//! caller provides, is [`encode`], [`decode`] and [`verify`].
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
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod base64;
mod base_url;
mod cause;
mod claims;
mod compact;
mod credentials;
mod date;
mod envelope;
mod error;
mod hygiene;
mod inspect;
mod ip;
mod json;
mod json_string;
mod masked;
mod midstate;
pub mod names;
mod note;
mod origin;
mod pieces;
mod problem;
mod raw;
mod response;
mod search;
mod sent;
mod signature;
mod signer;
mod signing_input;
mod text;
mod time;
mod token;
mod token_provider;
mod verdict;
pub mod webhook;
mod writer;

pub use base_url::{BaseUrl, Region};
pub use cause::{Cause, Next};
pub use claims::{Claims, Validity};
pub use compact::{Decoded, decode, encode, encoded_len, verify, verify_signature};
pub use credentials::{AccessKey, ApiKey, Credentials, KeyPair};
pub use date::http_date;
pub use error::{Error, Fault, Field};
pub use inspect::{Inspection, bare_token, inspect};
pub use json_string::JsonString;
pub use masked::Masked;
pub use note::{Level, Note};
pub use origin::Origin;
pub use problem::Problem;
pub use raw::{Oddity, Raw, Unusable};
pub use response::Response;
pub use search::{Blank, Chosen, Half, Search, is_blank};
pub use signature::{HmacKey, SIGNATURE_LEN};
pub use signer::{Signer, mint};
pub use signing_input::HEADER;
pub use time::{MAX_UNIX_SECONDS, buffer_seconds, unix_seconds};
pub use token::Token;
pub use token_provider::{DEFAULT_BUFFER, MAX_CLOCK_OFFSET, TokenProvider};
pub use verdict::Verdict;

/// The README's Rust, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

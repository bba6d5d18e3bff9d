//! The token manager that threads share, for hosts with an allocator: Rust with std, Python, Node,
//! WebAssembly. It is internal, and may change at any time.
//!
//! A host provides three things ([`Host`]): the source of its credentials, and a word and a cell
//! that its threads share. The engine has no clock, no files and no network: `now` is an argument,
//! in Unix seconds, and credentials are passed in.
//!
//! ```text
//! Account       the credentials, ready to mint, and their source; a rotation replaces all of it
//! Schedule      when the current token was minted, and the clock's offset, in one atomic word
//! Lease         a token, computed from both, and the seconds in which it may be used
//! TokenVersion  the account and the schedule of a token, compared by those who cache the token
//! ```
//!
//! A token is a function of the account and of one second, so threads need not share it.

mod account;
mod base_url;
mod environment;
mod event;
mod events;
mod handle_response;
mod host;
pub mod json;
mod lease;
mod packed;
mod requests;
mod shared;
mod single_thread;
#[cfg(test)]
mod tests;

pub use account::Generation;
pub use base_url::{BaseUrlSetting, EffectiveBaseUrl};
pub use environment::{Failure, Found, Get, Value, ValueLocation, VariableNames, checked, partial};
pub use event::{Event, Listener};
pub use host::{Cell, CredentialSource, Host, Word};
pub use lease::{Lease, TokenVersion};
pub use shared::{Engine, Setup};
pub use single_thread::{LocalCell, LocalWord};

pub use crate::encoding::write::{Concat, Plain, decimal};

//! The manager of hosts with an allocator: Rust with std, Python, Node, WebAssembly. Not for users:
//! what is in here may change at any time.
//!
//! All of its logic stands here once. A host brings three things ([`Host`]): where its credentials
//! come from, a word and a pointer that it shares among its threads. It has no clock, no file and no
//! network: `now` is an argument, in Unix seconds, and what is found elsewhere is handed in.
//!
//! ```text
//! Account  the credential, ready to mint, and where it came from: replaced whole by a rotation
//! Schedule the second of the current token, the clock's offset: one word, compared and swapped
//! Lease    a token, made of both, and the seconds in which it may be used
//! TokenVersion    of which account and which schedule: whoever keeps a text compares it
//! ```
//!
//! A token is a function of the account and of the second, so none is published or torn, and an
//! account costs no token; whoever needs its text again keeps it where it is read.

mod account;
mod base_url;
mod event;
mod events;
mod handle_response;
mod host;
mod lease;
mod packed;
mod requests;
mod shared;
#[cfg(test)]
mod tests;

pub use account::Generation;
pub use base_url::{BaseUrlSetting, EffectiveBaseUrl};
pub use event::{Event, Listener};
pub use host::{Cell, CredentialSource, Host, Word};
pub use lease::{Lease, TokenVersion};
pub use shared::{Engine, Setup};

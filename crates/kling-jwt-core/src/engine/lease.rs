//! A token, and how long a host may use it.

use core::ops::Range;

use crate::Token;

/// Which token is current. Two equal versions mean the same token, whether it has expired or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenVersion {
    /// The version of the account.
    pub(super) account: u64,
    /// When it was minted, and the clock's offset, in one word.
    pub(super) schedule: u64,
}

/// The token to send, and the seconds of the host's clock in which the host may use it without
/// another call.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The token.
    pub token: Token,
    /// These seconds; empty if each request needs a new token.
    pub fresh: Range<u64>,
    /// For hosts that cache the token: it stays current within these seconds, and while
    /// [`token_version`](crate::engine::Engine::token_version) returns this value. `None` if the
    /// credentials were replaced meanwhile.
    pub token_version: Option<TokenVersion>,
}

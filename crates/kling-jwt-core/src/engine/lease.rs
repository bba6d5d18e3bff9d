//! A token, and for how long a host may go on with it.

use core::ops::Range;

use crate::Token;

/// Which token is current: two of the same are of the same text. It says nothing of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenVersion {
    /// Which account it is of.
    pub(super) version: u64,
    /// Its second, and the clock's offset.
    pub(super) schedule: u64,
}

/// The token to send, and the seconds of the host's clock in which it may be used without asking
/// again.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The token.
    pub token: Token,
    /// From the first of the seconds to the first after them; empty where each request needs a
    /// token of its own.
    pub fresh: Range<u64>,
    /// For hosts that cache the text: as long as the engine's [version](crate::engine::Engine::token_version)
    /// is this one, and within the seconds, it is what they would be given anew. None where other
    /// credentials came meanwhile.
    pub token_version: Option<TokenVersion>,
}

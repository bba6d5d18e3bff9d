//! A token, and for how long a host may go on with it.

use core::ops::Range;

use crate::Token;

/// The token to send, and the seconds of the host's clock in which it may be used without asking
/// again.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The token.
    pub token: Token,
    /// From the first of the seconds to the first after them; empty where each request needs a
    /// token of its own.
    pub fresh: Range<u64>,
}

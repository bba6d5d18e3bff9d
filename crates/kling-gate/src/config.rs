//! The settings of a gate, from a test or the command line.

use std::net::{Ipv4Addr, SocketAddr};

use crate::accounts::Accounts;
use crate::clock::Clock;

/// The settings of a gate.
#[derive(Debug)]
pub struct Config {
    /// Where to listen; loopback only. Port 0 lets the system choose.
    pub address: SocketAddr,
    /// The accounts that are known.
    pub accounts: Accounts,
    /// The region of this host: accounts of others are unknown. Without a region, the
    /// gate knows every account.
    pub region: Option<String>,
    /// The source of the time.
    pub clock: Clock,
    /// By how many seconds the gate's time is ahead of that clock.
    pub skew: i64,
    /// Whether answers have a `Date`.
    pub date: bool,
    /// How many tasks are kept; older ones are dropped.
    pub kept_tasks: usize,
    /// Whether each request is written to stderr, without token and query.
    pub log: bool,
}

impl Default for Config {
    /// A free port, the demo account, no region, the machine's clock, a `Date`, 100,000 tasks, nothing
    /// on stderr.
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            accounts: Accounts::demo(),
            region: None,
            clock: Clock::system(),
            skew: 0,
            date: true,
            kept_tasks: 100_000,
            log: false,
        }
    }
}

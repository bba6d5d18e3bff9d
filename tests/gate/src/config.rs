//! How a gate is to be: what a test or the command line can choose.

use std::net::{Ipv4Addr, SocketAddr};

use crate::accounts::Accounts;
use crate::clock::Clock;

/// How a gate is to be.
#[derive(Debug)]
pub struct Config {
    /// Where to listen; loopback only. Port 0 lets the system choose.
    pub address: SocketAddr,
    /// Who may pass.
    pub accounts: Accounts,
    /// The region whose host this is: accounts of others are unknown here. Without one, the
    /// gate knows every account.
    pub region: Option<String>,
    /// Where the time comes from.
    pub clock: Clock,
    /// The seconds by which the gate's time runs ahead of that clock.
    pub skew: i64,
    /// Whether answers carry a `Date`.
    pub date: bool,
    /// Whether each request is written to stderr, without token and query.
    pub log: bool,
}

impl Default for Config {
    /// A free port, the demo account, no region, the machine's clock, a `Date`, nothing on
    /// stderr.
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            accounts: Accounts::demo(),
            region: None,
            clock: Clock::system(),
            skew: 0,
            date: true,
            log: false,
        }
    }
}

//! Why there was no response, as reported by an HTTP client.

use std::str::FromStr;

use kling_jwt_core::UnknownName;

/// Why there was no response.
///
/// ```
/// use kling_auth::check::Failure;
///
/// assert_eq!("refused".parse(), Ok(Failure::Refused));
/// assert!(Failure::Dns.remedy().contains("DNS"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The host's name cannot be resolved.
    Dns,
    /// The host's certificate is not trusted, or it does not speak TLS.
    Tls,
    /// There was no complete response in time.
    Timeout,
    /// The proxy cannot be reached or used, or refused to connect.
    Proxy,
    /// The host refused the connection.
    Refused,
    /// The host or its network cannot be reached.
    Unreachable,
    /// The connection ended before the response was complete.
    Cut,
    /// Anything else.
    Other,
}

impl Failure {
    /// Every failure, with the name that hosts in other languages use.
    const ALL: [(&'static str, Self); 8] = [
        ("dns", Self::Dns),
        ("tls", Self::Tls),
        ("timeout", Self::Timeout),
        ("proxy", Self::Proxy),
        ("refused", Self::Refused),
        ("unreachable", Self::Unreachable),
        ("cut", Self::Cut),
        ("other", Self::Other),
    ];

    /// The failure that a host in another language reports. `has_proxy` says whether a proxy was
    /// used. An unknown name is [`Other`](Self::Other).
    pub fn reported(name: &str, has_proxy: bool) -> Self {
        let failure = name.parse().unwrap_or(Self::Other);
        if has_proxy { failure.through_proxy() } else { failure }
    }

    /// The failure if a proxy was used: the client then resolved and connected to the proxy, not
    /// the host.
    #[must_use]
    pub const fn through_proxy(self) -> Self {
        match self {
            Self::Dns | Self::Refused | Self::Unreachable => Self::Proxy,
            other => other,
        }
    }

    /// Whether the reason may be that this region's host cannot be reached from here.
    pub(super) const fn may_depend_on_region(self) -> bool {
        matches!(self, Self::Timeout | Self::Refused | Self::Unreachable)
    }

    /// What it means, and what a person can do about it.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Dns => {
                "the name of the host cannot be resolved: check the base URL for typos, then the \
                 network and its DNS"
            }
            Self::Tls => {
                "there is no trusted TLS connection: check the base URL, this machine's clock and \
                 its root certificates, and look for a proxy that intercepts TLS"
            }
            Self::Timeout => {
                "there was no complete response in time: try again with a longer timeout, then \
                 check the network, and look for a firewall that drops packets"
            }
            Self::Proxy => {
                "the proxy cannot be used: check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, \
                 and the proxy itself"
            }
            Self::Refused => {
                "connection refused: check the host and the port of the base URL for typos, then \
                 look for a firewall"
            }
            Self::Unreachable => "the host cannot be reached: check the network",
            Self::Cut => {
                "the connection ended before the response was complete: try again, then look for a \
                 proxy or a firewall in between"
            }
            Self::Other => "the request failed: check the base URL and the network",
        }
    }
}

/// Parses the name that hosts in other languages use: `dns`, `tls`, `timeout`, `proxy`, `refused`,
/// `unreachable`, `cut` or `other`.
impl FromStr for Failure {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let known = Self::ALL.iter().find(|(known, _)| *known == name);
        known.map(|(_, failure)| *failure).ok_or(UnknownName)
    }
}

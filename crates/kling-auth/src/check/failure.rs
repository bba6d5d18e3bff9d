//! Why there was no response, as far as an HTTP client knows.

use std::str::FromStr;

use kling_jwt_core::UnknownName;

/// Why there was no answer.
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
    /// There was no whole answer in time.
    Timeout,
    /// The proxy cannot be reached or used, or refused to connect.
    Proxy,
    /// Nobody listens there.
    Refused,
    /// There is no way there.
    Unreachable,
    /// The connection ended before the answer did.
    Cut,
    /// Anything else.
    Other,
}

impl Failure {
    /// Every failure, by the name that a host in another language calls it.
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

    /// The failure that a host in another language reports: by its name, and whether a proxy was
    /// asked. What has no name here is [`Other`](Self::Other).
    pub fn reported(name: &str, has_proxy: bool) -> Self {
        let failure = name.parse().unwrap_or(Self::Other);
        if has_proxy { failure.through_proxy() } else { failure }
    }

    /// The same, where a proxy was asked: then it was the proxy that was looked up and connected to.
    #[must_use]
    pub const fn through_proxy(self) -> Self {
        match self {
            Self::Dns | Self::Refused | Self::Unreachable => Self::Proxy,
            other => other,
        }
    }

    /// Whether it may be because the host is of a region that cannot be reached from here.
    pub(super) const fn may_be_of_region(self) -> bool {
        matches!(self, Self::Timeout | Self::Refused | Self::Unreachable)
    }

    /// For people: what it means, and what to do about it.
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

/// From the name by which hosts in other languages report it: `dns`, `tls`, `timeout`, `proxy`,
/// `refused`, `unreachable`, `cut` or `other`.
impl FromStr for Failure {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, failure)| *failure).ok_or(UnknownName)
    }
}

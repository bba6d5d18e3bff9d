//! Where a bearer may be sent: to Kling's API, or to the base URL that the user gave.
//!
//! Kling's results are URLs on other hosts, often fetched by the client that made the request, and
//! whoever reads a bearer there may use it. So a URL is taken apart strictly: what two parsers
//! could read in two ways (user information, a backslash, white space, `127.1`) is nobody's origin.

use core::fmt;

use crate::{
    Error,
    destination::ip::{Ipv4, Ipv6},
    encoding::{
        chars::{digits, split_once},
        write::{Decimal, write_all},
    },
};

/// Kling's own domains. The console and the documentation live there too, and so do results.
const DOMAINS: [&str; 2] = [".klingai.com", ".kling.ai"];

/// Scheme, host and port of a URL (RFC 6454, section 4).
///
/// ```
/// use kling_jwt_core::Origin;
///
/// let origin = Origin::parse("https://api-singapore.klingai.com/v1/videos/text2video?pageNum=1");
/// assert!(origin.is_some_and(|origin| origin.is_kling()));
/// assert_eq!(origin, Origin::parse("HTTPS://API-Singapore.KlingAI.com:443"));
/// assert_eq!(Origin::parse("https://api.klingai.com@example.com/"), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    is_https: bool,
    host: &'a str,
    port: u16,
}

impl<'a> Origin<'a> {
    /// Kling's API outside China, the base URL for those who give none.
    pub const DEFAULT_BASE_URL: &'static str = "https://api-singapore.klingai.com";

    /// The origin of an absolute URL; `None` if it is not `http` or `https`, or not plain.
    pub fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = split_once(url, b':')?;
        let rest = rest.strip_prefix("//")?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        Self::after_scheme(is_https, rest)
    }

    /// The origin of a URL without its scheme and `://`.
    fn after_scheme(is_https: bool, rest: &'a str) -> Option<Self> {
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
        let authority = rest.get(..end.unwrap_or(rest.len()))?;
        let (host, port) = match authority.bytes().rposition(|byte| byte == b':') {
            // A colon within the brackets of an IPv6 address is none of a port's.
            Some(colon) if !authority.ends_with(']') => {
                let port = digits(authority.as_bytes().get(colon + 1..)?)?;
                (authority.get(..colon)?, u16::try_from(port).ok()?)
            }
            _ => (authority, if is_https { 443 } else { 80 }),
        };
        is_host(host.as_bytes()).then_some(Self { is_https, host, port })
    }

    /// The origin of a base URL that a user gives: `https`, or plain `http` on loopback.
    ///
    /// # Errors
    ///
    /// [`Error::BaseUrl`] for any other.
    ///
    /// ```
    /// use kling_jwt_core::{Error, Origin};
    ///
    /// assert!(Origin::parse_base_url("http://127.0.0.1:8080").is_ok());
    /// assert_eq!(Origin::parse_base_url("http://api.klingai.com"), Err(Error::BaseUrl));
    /// ```
    pub fn parse_base_url(url: &'a str) -> Result<Self, Error> {
        let origin = Self::parse(url).filter(|origin| origin.is_https || origin.is_loopback());
        let is_host = || !url.contains("://") && Self::parse_host(url).is_ok();
        origin
            .filter(|_| is_plain(url))
            .ok_or_else(|| if is_host() { Error::BaseUrlHost } else { Error::BaseUrl })
    }

    /// The origin of a base URL that lacks its `https://`.
    pub(crate) fn parse_host(host: &'a str) -> Result<Self, Error> {
        Self::after_scheme(true, host).filter(|_| is_plain(host)).ok_or(Error::BaseUrl)
    }

    /// Whether the bearer may go to this absolute URL: to Kling's API or, where this is the origin of
    /// the base URL, to this origin. A URL that is not absolute and plain never gets it.
    ///
    /// ```
    /// use kling_jwt_core::Origin;
    ///
    /// let base_url = Origin::parse("https://gateway.example").unwrap();
    /// assert!(base_url.allows("https://gateway.example/v1/images"));
    /// assert!(base_url.allows("https://api.klingai.com/v1/images"));
    /// assert!(!base_url.allows("https://cdn.example/video.mp4"));
    /// assert!(!base_url.allows("not a URL"));
    /// ```
    pub fn allows(&self, url: &str) -> bool {
        Origin::parse(url).is_some_and(|origin| origin.is_kling() || origin == *self)
    }

    /// Whether it is Kling's API: `https`, and a host `api` or `api-<region>` of Kling's domains.
    pub fn is_kling(&self) -> bool {
        self.is_https && self.port == 443 && DOMAINS.iter().any(|domain| self.is_api_of(domain))
    }

    fn is_api_of(&self, domain: &str) -> bool {
        let Some((label, rest)) =
            self.host.split_at_checked(self.host.len().wrapping_sub(domain.len()))
        else {
            return false;
        };
        let prefix = label.get(..4).unwrap_or_default();
        rest.eq_ignore_ascii_case(domain)
            && label.bytes().all(|byte| byte != b'.')
            && (label.eq_ignore_ascii_case("api")
                || prefix.eq_ignore_ascii_case("api-") && label.len() > prefix.len())
    }

    fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || Ipv4::read(self.host.as_bytes()).is_some_and(|address| address.is_loopback())
            || ipv6(self.host.as_bytes()).is_some_and(|address| address.is_loopback())
    }
}

impl PartialEq for Origin<'_> {
    fn eq(&self, other: &Self) -> bool {
        let Self { is_https, host, port } = other;
        self.is_https == *is_https && self.port == *port && self.host.eq_ignore_ascii_case(host)
    }
}

impl Eq for Origin<'_> {}

/// As it is written, without a port that its scheme has anyway.
impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, port) = if self.is_https { ("https", 443) } else { ("http", 80) };
        write_all(f, &[scheme, "://", self.host])?;
        if self.port == port {
            return Ok(());
        }
        write_all(f, &[":", Decimal::of(self.port.into()).as_str()])
    }
}

/// Whether a base URL has neither a query nor a fragment, which would end up in the middle of every
/// URL built from it.
fn is_plain(url: &str) -> bool {
    url.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#'))
}

/// A name or an IPv4 address, or an IPv6 address in brackets, and nothing besides.
fn is_host(host: &[u8]) -> bool {
    let is_of_label = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &[u8]| !label.is_empty() && label.iter().all(is_of_label);
    let is_name = || host.split(|byte| *byte == b'.').all(is_label) && !ends_in_number(host);
    Ipv4::read(host).is_some() || is_name() || ipv6(host).is_some()
}

/// Whether a browser would read it as an IPv4 address (WHATWG URL, "ends in a number").
fn ends_in_number(host: &[u8]) -> bool {
    let last = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let hex = last.strip_prefix(b"0x").or_else(|| last.strip_prefix(b"0X"));
    last.iter().all(u8::is_ascii_digit)
        || hex.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn ipv6(host: &[u8]) -> Option<Ipv6> {
    Ipv6::read(host.strip_prefix(b"[")?.strip_suffix(b"]")?)
}

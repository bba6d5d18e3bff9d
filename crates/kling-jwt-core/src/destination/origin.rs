//! Where the bearer may be sent: to Kling's API, and to the base URL.
//!
//! Kling's results are URLs on other hosts. Often the same client fetches them, and anyone who
//! reads a bearer there may use it. So URLs are parsed strictly: one that two parsers could read
//! differently (user information, a backslash, white space, `127.1`) has no origin.

use core::fmt;

use crate::{
    Error,
    destination::ip::{Ipv4, Ipv6},
    encoding::{
        chars::{digits, split_once},
        write::{Decimal, write_all},
    },
};

/// Kling's domains. They also have hosts for the console, the documentation and results.
const DOMAINS: [&str; 2] = [".klingai.com", ".kling.ai"];

/// The scheme, host and port of a URL (RFC 6454, section 4).
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
    /// The base URL if none is given: Kling's API outside China.
    pub const DEFAULT_BASE_URL: &'static str = "https://api-singapore.klingai.com";

    /// Parses the origin of an absolute URL.
    ///
    /// `None` if the scheme is neither `http` nor `https`, or if parsers may read the URL
    /// differently.
    pub fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = split_once(url, b':')?;
        let rest = rest.strip_prefix("//")?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        Self::after_scheme(is_https, rest)
    }

    /// Parses what follows the scheme and `://`.
    fn after_scheme(is_https: bool, rest: &'a str) -> Option<Self> {
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
        let authority = rest.get(..end.unwrap_or(rest.len()))?;
        let (host, port) = match authority.bytes().rposition(|byte| byte == b':') {
            // In the brackets of an IPv6 address, a colon does not begin a port.
            Some(colon) if !authority.ends_with(']') => {
                let port = digits(authority.as_bytes().get(colon + 1..)?)?;
                (authority.get(..colon)?, u16::try_from(port).ok()?)
            }
            _ => (authority, if is_https { 443 } else { 80 }),
        };
        is_host(host.as_bytes()).then_some(Self { is_https, host, port })
    }

    /// Parses the origin of a base URL: `https`, or `http` on loopback.
    ///
    /// # Errors
    ///
    /// [`Error::BaseUrlHost`] for a host without a scheme, [`Error::BaseUrl`] for any other.
    ///
    /// ```
    /// use kling_jwt_core::{Error, Origin};
    ///
    /// assert!(Origin::parse_base_url("http://127.0.0.1:8080").is_ok());
    /// assert_eq!(Origin::parse_base_url("http://api.klingai.com"), Err(Error::BaseUrl));
    /// ```
    pub fn parse_base_url(url: &'a str) -> Result<Self, Error> {
        let origin = Self::parse(url).filter(|origin| origin.is_https || origin.is_loopback());
        let is_host = || !has_scheme(url) && Self::parse_host(url).is_ok();
        origin
            .filter(|_| is_plain(url))
            .ok_or_else(|| if is_host() { Error::BaseUrlHost } else { Error::BaseUrl })
    }

    /// Parses the origin of a base URL without `https://`.
    pub(crate) fn parse_host(host: &'a str) -> Result<Self, Error> {
        Self::after_scheme(true, host).filter(|_| is_plain(host)).ok_or(Error::BaseUrl)
    }

    /// Whether the bearer may be sent to a URL, if `self` is the origin of the base URL.
    ///
    /// It may be sent to Kling's API and to this origin. A URL that [`parse`](Self::parse) refuses
    /// never gets it.
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

    /// Whether it is Kling's API: `https`, port 443, and a host `api` or `api-<region>` in one of
    /// Kling's domains.
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

/// The origin as it was written, without the default port of its scheme.
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

/// Whether a base URL is visible ASCII and has neither a query nor a fragment, after which no path
/// can be appended.
fn is_plain(url: &str) -> bool {
    url.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#'))
}

/// Whether a text is a URL with a scheme, and not a host alone.
pub(crate) fn has_scheme(text: &str) -> bool {
    split_once(text, b':').is_some_and(|(_, rest)| rest.starts_with("//"))
}

/// Whether a text is a name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(host: &[u8]) -> bool {
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &[u8]| !label.is_empty() && label.iter().all(is_allowed);
    let is_name = || host.split(|byte| *byte == b'.').all(is_label) && !ends_in_number(host);
    Ipv4::read(host).is_some() || is_name() || ipv6(host).is_some()
}

/// Whether a browser would read a host as an IPv4 address (WHATWG URL, "ends in a number").
fn ends_in_number(host: &[u8]) -> bool {
    let last = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let hex = last.strip_prefix(b"0x").or_else(|| last.strip_prefix(b"0X"));
    last.iter().all(u8::is_ascii_digit)
        || hex.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn ipv6(host: &[u8]) -> Option<Ipv6> {
    Ipv6::read(host.strip_prefix(b"[")?.strip_suffix(b"]")?)
}

//! Chooses the proxy for a URL from the environment, by the same rules for all HTTP clients.

use std::fmt;

use kling_jwt_core::Origin;

use super::Failure;

/// An HTTP proxy. For an `https` URL, the client uses it with `CONNECT`.
///
/// ```
/// use kling_auth::check::Proxy;
///
/// let environment = |name: &str| (name == "HTTPS_PROXY").then(|| "http://proxy:3128".to_owned());
/// let proxy = Proxy::of("https://api.klingai.com/tasks", &environment).unwrap().unwrap();
/// assert_eq!((proxy.host.as_str(), proxy.port), ("proxy", 3128));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Whether the connection to the proxy itself uses TLS.
    pub is_https: bool,
    /// The proxy's host name or address; an IPv6 address is in brackets.
    pub host: String,
    /// The proxy's port.
    pub port: u16,
    /// The user name for the proxy, if there is one.
    pub username: Option<String>,
    /// The password for the proxy, if there is one.
    pub password: Option<String>,
}

impl Proxy {
    /// The proxy for an absolute URL; `None` to connect directly.
    ///
    /// The variable is `HTTPS_PROXY` or `HTTP_PROXY` by the URL's scheme, otherwise `ALL_PROXY`;
    /// all names may be in lower or upper case. `NO_PROXY` lists hosts to connect to directly: an
    /// entry also matches subdomains, an entry with a port matches only that port, and `*` matches
    /// all.
    ///
    /// For a URL on loopback, only a proxy on loopback is used. Any other proxy would connect to
    /// its own loopback, and would receive the bearer unencrypted.
    ///
    /// # Errors
    ///
    /// [`Failure::Proxy`] if the variable's value is not the URL of an HTTP proxy.
    pub fn of(
        url: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Failure> {
        let variable = |name: &str| {
            let value = environment(name).or_else(|| environment(&name.to_uppercase()));
            value.filter(|value| !value.trim().is_empty())
        };
        let is_https = url.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("https:"));
        let name = if is_https { "https_proxy" } else { "http_proxy" };
        let Some(proxy) = variable(name).or_else(|| variable("all_proxy")) else { return Ok(None) };
        let (host, port) = host_and_port(authority(url), is_https);
        let exceptions = variable("no_proxy").unwrap_or_default();
        if exceptions.split([',', ' ']).any(|entry| matches_exception(entry, host, port)) {
            return Ok(None);
        }
        let proxy = Self::parse(proxy.trim()).ok_or(Failure::Proxy)?;
        Ok(Some(proxy).filter(|proxy| !is_loopback(host) || is_loopback(&proxy.host)))
    }

    fn parse(url: &str) -> Option<Self> {
        let authority = authority(url);
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let scheme = url.split_once("://").map_or("http", |(scheme, _)| scheme);
        // Rejects other schemes and invalid hosts.
        Origin::parse(&format!("{scheme}://{address}"))?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        let (host, port) = host_and_port(address, is_https);
        let (username, password) = match user.map(|user| user.split_once(':').ok_or(user)) {
            None => (None, None),
            Some(Ok((username, password))) => {
                (Some(percent_decoded(username)?), Some(percent_decoded(password)?))
            }
            Some(Err(username)) => (Some(percent_decoded(username)?), None),
        };
        Some(Self { is_https, host: host.to_owned(), port, username, password })
    }
}

/// Without the user name and password, which are secret.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("is_https", &self.is_https)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// The part of a URL between the scheme, which may be missing, and the path.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn host_and_port(address: &str, is_https: bool) -> (&str, u16) {
    let default = if is_https { 443 } else { 80 };
    match address.rsplit_once(':') {
        // A colon inside the brackets of an IPv6 address does not begin a port.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(default)),
        _ => (address, default),
    }
}

/// Whether an entry of `NO_PROXY` matches this host and port.
fn matches_exception(entry: &str, host: &str, port: u16) -> bool {
    let entry = entry.trim();
    let (entry, entry_port) = match entry.rsplit_once(':') {
        // Several colons without brackets are an IPv6 address without a port.
        Some((entry, port)) if !entry.contains(':') || entry.ends_with(']') => (entry, port),
        _ => (entry, ""),
    };
    if !entry_port.is_empty() && entry_port.parse() != Ok(port) {
        return false;
    }
    let bare = |host: &str| host.trim_matches(['[', ']']).to_ascii_lowercase();
    let (host, name) = (bare(host), bare(entry.trim_start_matches("*.").trim_start_matches('.')));
    let is_subdomain = || host.strip_suffix(&name).is_some_and(|rest| rest.ends_with('.'));
    name == "*" || !name.is_empty() && (host == name || is_subdomain())
}

/// Whether a host is loopback: the only hosts for which a base URL may be `http`.
fn is_loopback(host: &str) -> bool {
    Origin::parse_base_url(&format!("http://{host}")).is_ok()
}

/// Decodes percent-encoding (RFC 3986, section 2.1). A `%` that begins no valid escape is kept.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let decoded = (byte == b'%').then(|| hex_byte(after)).flatten();
        bytes.push(decoded.unwrap_or(byte));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok()
}

/// The byte that the first two hexadecimal digits stand for.
fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |index: usize| char::from(*digits.get(index)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str, variables: &[(&str, &str)]) -> Result<Option<Proxy>, Failure> {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Proxy::of(url, &|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    fn parsed(url: &str) -> Proxy {
        proxy("https://x", &[("HTTPS_PROXY", url)]).unwrap().unwrap()
    }

    #[test]
    fn proxy_depends_on_the_scheme() {
        let both = [("HTTPS_PROXY", "http://a:1"), ("all_proxy", "http://b:2")];
        assert_eq!(proxy("https://x", &both).unwrap().unwrap().host, "a");
        assert_eq!(proxy("http://x", &both).unwrap().unwrap().host, "b");
        assert_eq!(proxy("HTTPS://x", &both).unwrap().unwrap().host, "a");
        assert_eq!(proxy("http://x", &both[..1]), Ok(None));
        assert_eq!(proxy("https://x", &[("HTTPS_PROXY", " ")]), Ok(None));
    }

    #[test]
    fn forms_of_a_proxy_url() {
        let address = |url: &str| {
            let Proxy { is_https, host, port, .. } = parsed(url);
            (is_https, host, port)
        };
        assert_eq!(address("a"), (false, "a".to_owned(), 80));
        assert_eq!(address(" a:3128/ "), (false, "a".to_owned(), 3128));
        assert_eq!(address("HTTPS://a"), (true, "a".to_owned(), 443));
        assert_eq!(address("http://u:p@[::1]:8080/x"), (false, "[::1]".to_owned(), 8080));

        let user = |url: &str| (parsed(url).username, parsed(url).password);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(user("http://a"), (None, None));
        assert_eq!(user("http://u@a"), (some("u"), None));
        assert_eq!(user("u:p@a:1"), (some("u"), some("p")));
        assert_eq!(user("http://u%40b:p%3a%C3%A4%2@:@a"), (some("u@b"), some("p:ä%2@:")));
        assert!(!format!("{:?}", parsed("http://canary:canary@a")).contains("canary"));
    }

    #[test]
    fn an_invalid_proxy_url_is_a_proxy_failure() {
        for invalid in
            ["http://", "gopher://a", "socks5://a:1080", "http://u:p/w@a", "http://a:x", "a b"]
        {
            let result = proxy("https://x", &[("HTTPS_PROXY", invalid)]);
            assert_eq!(result, Err(Failure::Proxy), "{invalid}");
        }
        assert_eq!(proxy("https://x", &[("ALL_PROXY", "http://%ff@a")]), Err(Failure::Proxy));
    }

    #[test]
    fn hosts_that_no_proxy_excepts() {
        let list = "klingai.com, .b *.c,d:8443,[::1]:1,fe80::1 ,,";
        let is_direct = |url: &str, list: &str| {
            proxy(url, &[("ALL_PROXY", "http://a"), ("NO_PROXY", list)]).unwrap().is_none()
        };
        for direct in [
            "https://klingai.com",
            "https://API.klingai.com/tasks",
            "https://b",
            "https://x.b",
            "https://x.c:8443",
            "https://d:8443",
            "https://[fe80::1]",
        ] {
            assert!(is_direct(direct, list), "{direct}");
        }
        for proxied in ["https://e", "https://notklingai.com", "https://d", "https://klingai.com.e"]
        {
            assert!(!is_direct(proxied, list), "{proxied}");
        }
        assert!(is_direct("https://e", "*") && !is_direct("https://e", " , "));
    }

    /// Loopback on another machine is not this machine's loopback.
    #[test]
    fn loopback_urls_use_only_a_loopback_proxy() {
        for loopback in
            ["http://127.0.0.1:1", "http://localhost", "https://localhost", "http://[::1]"]
        {
            assert_eq!(proxy(loopback, &[("ALL_PROXY", "http://a:1")]), Ok(None), "{loopback}");
            for own in ["http://127.0.0.1:1", "localhost:1", "http://u:p@[::1]:1"] {
                assert!(
                    proxy(loopback, &[("ALL_PROXY", own)]).unwrap().is_some(),
                    "{loopback} {own}"
                );
            }
        }
    }
}

//! The proxy that the environment names for a URL, chosen alike whatever client then sends.

use std::fmt;

use kling_jwt_core::Origin;

use super::Failure;

/// A proxy of HTTP, to be asked with `CONNECT` for a URL of `https`.
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
    /// Whether it is itself spoken to by TLS.
    pub is_https: bool,
    /// Its name or address; an IPv6 address in brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whom it is to know, if anybody.
    pub username: Option<String>,
    /// By which password.
    pub password: Option<String>,
}

impl Proxy {
    /// The proxy for an absolute URL, if there is to be one.
    ///
    /// That is `HTTPS_PROXY` or `HTTP_PROXY` by the URL's scheme, else `ALL_PROXY`, in small or in
    /// capital letters. `NO_PROXY` lists hosts without one: each stands for its subdomains too, a
    /// port behind it for that port alone, `*` for all.
    ///
    /// This machine itself is reached through a proxy of its own alone: any other would look for
    /// the host on itself, and a gateway's bearer would travel there in the clear.
    ///
    /// # Errors
    ///
    /// [`Failure::Proxy`] where the variable's value is no URL, or one of another kind of proxy.
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
        if exceptions.split([',', ' ']).any(|exception| excepts(exception, host, port)) {
            return Ok(None);
        }
        let proxy = Self::parse(proxy.trim()).ok_or(Failure::Proxy)?;
        Ok(Some(proxy).filter(|proxy| !is_loopback(host) || is_loopback(&proxy.host)))
    }

    fn parse(url: &str) -> Option<Self> {
        let authority = authority(url);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        let scheme = url.split_once("://").map_or("http", |(scheme, _)| scheme);
        // Refuses schemes and hosts that are none.
        Origin::parse(&format!("{scheme}://{place}"))?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        let (host, port) = host_and_port(place, is_https);
        let (username, password) = match user.map(|user| user.split_once(':').ok_or(user)) {
            None => (None, None),
            Some(Ok((username, password))) => (Some(decoded(username)?), Some(decoded(password)?)),
            Some(Err(username)) => (Some(decoded(username)?), None),
        };
        Some(Self { is_https, host: host.to_owned(), port, username, password })
    }
}

/// Without whom it is to know: that is a secret.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("is_https", &self.is_https)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// What stands between a scheme, which may be missing, and a path.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn host_and_port(place: &str, is_https: bool) -> (&str, u16) {
    let default = if is_https { 443 } else { 80 };
    match place.rsplit_once(':') {
        // A colon within the brackets of an IPv6 address is none of a port's.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(default)),
        _ => (place, default),
    }
}

/// Whether an entry of `NO_PROXY` is about this host.
fn excepts(exception: &str, host: &str, port: u16) -> bool {
    let entry = exception.trim();
    let (entry, only) = match entry.rsplit_once(':') {
        // More colons are those of an IPv6 address without its brackets.
        Some((entry, only)) if !entry.contains(':') || entry.ends_with(']') => (entry, only),
        _ => (entry, ""),
    };
    if !only.is_empty() && only.parse() != Ok(port) {
        return false;
    }
    let bare = |host: &str| host.trim_matches(['[', ']']).to_ascii_lowercase();
    let (host, name) = (bare(host), bare(entry.trim_start_matches("*.").trim_start_matches('.')));
    let is_below = || host.strip_suffix(&name).is_some_and(|rest| rest.ends_with('.'));
    name == "*" || !name.is_empty() && (host == name || is_below())
}

/// Plain `http` is a base URL's on loopback alone.
fn is_loopback(host: &str) -> bool {
    Origin::parse_base_url(&format!("http://{host}")).is_ok()
}

/// Percent-encoding taken off (RFC 3986, section 2.1). What is no escape stands for itself.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%').then(|| escaped(after)).flatten();
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok()
}

fn escaped(digits: &[u8]) -> Option<u8> {
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
    fn by_scheme_and_else_for_all() {
        let both = [("HTTPS_PROXY", "http://a:1"), ("all_proxy", "http://b:2")];
        assert_eq!(proxy("https://x", &both).unwrap().unwrap().host, "a");
        assert_eq!(proxy("http://x", &both).unwrap().unwrap().host, "b");
        assert_eq!(proxy("HTTPS://x", &both).unwrap().unwrap().host, "a");
        assert_eq!(proxy("http://x", &both[..1]), Ok(None));
        assert_eq!(proxy("https://x", &[("HTTPS_PROXY", " ")]), Ok(None));
    }

    #[test]
    fn its_url_has_many_forms() {
        let place = |url: &str| {
            let Proxy { is_https, host, port, .. } = parsed(url);
            (is_https, host, port)
        };
        assert_eq!(place("a"), (false, "a".to_owned(), 80));
        assert_eq!(place(" a:3128/ "), (false, "a".to_owned(), 3128));
        assert_eq!(place("HTTPS://a"), (true, "a".to_owned(), 443));
        assert_eq!(place("http://u:p@[::1]:8080/x"), (false, "[::1]".to_owned(), 8080));

        let user = |url: &str| (parsed(url).username, parsed(url).password);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(user("http://a"), (None, None));
        assert_eq!(user("http://u@a"), (some("u"), None));
        assert_eq!(user("u:p@a:1"), (some("u"), some("p")));
        assert_eq!(user("http://u%40b:p%3a%C3%A4%2@:@a"), (some("u@b"), some("p:ä%2@:")));
        assert!(!format!("{:?}", parsed("http://canary:canary@a")).contains("canary"));
    }

    #[test]
    fn a_broken_one_is_a_fault_of_the_proxy() {
        for broken in
            ["http://", "gopher://a", "socks5://a:1080", "http://u:p/w@a", "http://a:x", "a b"]
        {
            let found = proxy("https://x", &[("HTTPS_PROXY", broken)]);
            assert_eq!(found, Err(Failure::Proxy), "{broken}");
        }
        assert_eq!(proxy("https://x", &[("ALL_PROXY", "http://%ff@a")]), Err(Failure::Proxy));
    }

    #[test]
    fn exceptions() {
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

    /// A proxy elsewhere has a loopback of its own.
    #[test]
    fn this_machine() {
        for here in ["http://127.0.0.1:1", "http://localhost", "https://localhost", "http://[::1]"]
        {
            assert_eq!(proxy(here, &[("ALL_PROXY", "http://a:1")]), Ok(None), "{here}");
            for own in ["http://127.0.0.1:1", "localhost:1", "http://u:p@[::1]:1"] {
                assert!(proxy(here, &[("ALL_PROXY", own)]).unwrap().is_some(), "{here} {own}");
            }
        }
    }
}

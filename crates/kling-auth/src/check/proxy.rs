//! The proxy that the environment names for a URL.
//!
//! ureq's own search takes one for all schemes, and passes over a broken URL in silence.

use ureq::Proxy;

use crate::probe::Failure;

/// The proxy for a URL, if there is to be one.
pub(super) fn of(
    url: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, Failure> {
    let variable = |name: &str| {
        let value = environment(name).or_else(|| environment(&name.to_uppercase()));
        value.filter(|value| !value.trim().is_empty())
    };
    let name = if url.starts_with("https:") { "https_proxy" } else { "http_proxy" };
    let Some(proxy) = variable(name).or_else(|| variable("all_proxy")) else { return Ok(None) };
    let proxy = Proxy::new(proxy.trim()).map_err(|_| Failure::Proxy)?;
    let exceptions = variable("no_proxy").unwrap_or_default();
    with_exceptions(&proxy, &exceptions).map(Some).map_err(|_| Failure::Proxy)
}

/// The same proxy, but for these hosts. ureq wants subdomains asked for by a dot, and everybody
/// else takes `example.com` for both.
fn with_exceptions(proxy: &Proxy, exceptions: &str) -> Result<Proxy, ureq::Error> {
    let mut builder = Proxy::builder(proxy.protocol()).host(proxy.host()).port(proxy.port());
    if let Some(username) = proxy.username() {
        builder = builder.username(username);
    }
    if let Some(password) = proxy.password() {
        builder = builder.password(password);
    }
    for exception in exceptions.split([',', ' ']).filter(|exception| !exception.is_empty()) {
        let host = exception.trim_start_matches('.');
        builder = builder.no_proxy(host).no_proxy(&format!(".{host}"));
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str, variables: &[(&str, &str)]) -> Result<Option<Proxy>, Failure> {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        of(url, &|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn by_scheme_and_else_for_all() {
        let both = [("HTTPS_PROXY", "http://a:1"), ("all_proxy", "http://b:2")];
        assert_eq!(proxy("https://x", &both).unwrap().unwrap().host(), "a");
        assert_eq!(proxy("http://x", &both).unwrap().unwrap().host(), "b");
        assert_eq!(proxy("http://x", &both[..1]), Ok(None));
        assert_eq!(proxy("https://x", &[("HTTPS_PROXY", " ")]), Ok(None));
    }

    #[test]
    fn a_broken_one_is_a_fault_of_the_proxy() {
        assert_eq!(proxy("https://x", &[("HTTPS_PROXY", "http://")]), Err(Failure::Proxy));
        assert_eq!(proxy("https://x", &[("HTTPS_PROXY", "gopher://a")]), Err(Failure::Proxy));
    }

    #[test]
    fn exceptions_hold_for_subdomains() {
        let variables = [("HTTPS_PROXY", "http://u:p@a:1"), ("NO_PROXY", "klingai.com, .b")];
        let proxy = proxy("https://x", &variables).unwrap().unwrap();
        assert_eq!((proxy.username(), proxy.password()), (Some("u"), Some("p")));
        for (url, is_direct) in
            [("https://klingai.com", true), ("https://api.klingai.com", true), ("https://c", false)]
        {
            assert_eq!(proxy.is_no_proxy(&url.parse().unwrap()), is_direct, "{url}");
        }
    }
}

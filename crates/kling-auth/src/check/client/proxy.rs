//! The proxy for a URL, as a ureq type.
//!
//! ureq's own search is not used: it chooses one proxy for all schemes, silently ignores an invalid
//! URL, and panics on other kinds of proxies.

use ureq::ProxyProtocol;

use crate::{
    check::{Failure, Proxy},
    sources::env_var,
};

/// The proxy for a URL, if the environment names one.
pub(super) fn of(url: &str) -> Result<Option<ureq::Proxy>, Failure> {
    let proxy = Proxy::of(url, &env_var)?;
    proxy.map(build).transpose().map_err(|_| Failure::Proxy)
}

fn build(proxy: Proxy) -> Result<ureq::Proxy, ureq::Error> {
    let protocol = if proxy.is_https { ProxyProtocol::Https } else { ProxyProtocol::Http };
    let mut builder = ureq::Proxy::builder(protocol).host(&proxy.host).port(proxy.port);
    if let Some(username) = proxy.username {
        builder = builder.username(&username);
    }
    if let Some(password) = proxy.password {
        builder = builder.password(&password);
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ureq_gets_all_fields() {
        let proxy = |is_https, host: &str, username: Option<&str>| Proxy {
            is_https,
            host: host.to_owned(),
            port: 3128,
            username: username.map(str::to_owned),
            password: username.map(|_| "p:@%".to_owned()),
        };
        let plain = build(proxy(false, "a", None)).unwrap();
        assert_eq!(
            (plain.protocol(), plain.host(), plain.port()),
            (ProxyProtocol::Http, "a", 3128)
        );
        assert_eq!((plain.username(), plain.password()), (None, None));
        let with_user = build(proxy(true, "[::1]", Some("u"))).unwrap();
        assert_eq!((with_user.protocol(), with_user.host()), (ProxyProtocol::Https, "[::1]"));
        assert_eq!((with_user.username(), with_user.password()), (Some("u"), Some("p:@%")));
    }
}

//! The proxy that the environment names for a URL, as ureq takes it.
//!
//! ureq's own search takes one for all schemes, passes over a broken URL in silence, and panics
//! at a proxy of another kind.

use ureq::ProxyProtocol;

use crate::{
    check::{Failure, Proxy},
    sources::env_var,
};

/// The proxy for a URL, if there is to be one.
pub(super) fn of(url: &str) -> Result<Option<ureq::Proxy>, Failure> {
    let proxy = Proxy::of(url, &env_var)?;
    proxy.map(built).transpose().map_err(|_| Failure::Proxy)
}

fn built(proxy: Proxy) -> Result<ureq::Proxy, ureq::Error> {
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
    fn as_ureq_has_it() {
        let proxy = |is_https, host: &str, username: Option<&str>| Proxy {
            is_https,
            host: host.to_owned(),
            port: 3128,
            username: username.map(str::to_owned),
            password: username.map(|_| "p:@%".to_owned()),
        };
        let plain = built(proxy(false, "a", None)).unwrap();
        assert_eq!(
            (plain.protocol(), plain.host(), plain.port()),
            (ProxyProtocol::Http, "a", 3128)
        );
        assert_eq!((plain.username(), plain.password()), (None, None));
        let known = built(proxy(true, "[::1]", Some("u"))).unwrap();
        assert_eq!((known.protocol(), known.host()), (ProxyProtocol::Https, "[::1]"));
        assert_eq!((known.username(), known.password()), (Some("u"), Some("p:@%")));
    }
}

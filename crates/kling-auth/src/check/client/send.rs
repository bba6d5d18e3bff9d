//! Sends one request, with limits on time and size.

use std::{io::Read, time::Duration};

use ureq::{
    Agent,
    http::{
        HeaderMap,
        header::{DATE, HeaderName, LOCATION},
    },
    tls::{RootCerts, TlsConfig},
};

use super::{classify::classify, proxy};
use crate::check::{CheckRequest, CheckResponse, Failure};

/// Sends a request of the [`Probe`](crate::check::Probe).
///
/// `timeout` applies to the whole exchange, from DNS to the end of the body. At most
/// [`CheckResponse::MAX_BODY`] bytes of the body are read.
///
/// # Errors
///
/// Why there was no response.
///
/// ```
/// use std::time::Duration;
/// use kling_auth::{Credentials, KlingAuth, check::{Failure, Options, Probe, send}, unix_now};
///
/// let auth = KlingAuth::builder()
///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
///     .base_url("http://127.0.0.1:9") // connection refused
///     .build()?;
/// let request = Probe::new(&auth, Options::default()).next_request(unix_now());
/// assert_eq!(send(&request, Duration::from_secs(10)), Err(Failure::Refused));
/// # Ok::<_, kling_auth::Error>(())
/// ```
pub fn send(request: &CheckRequest, timeout: Duration) -> Result<CheckResponse, Failure> {
    let proxy = proxy::of(&request.url)?;
    let has_proxy = proxy.is_some();
    let failure = |error: ureq::Error| classify(error, has_proxy);

    let agent = agent(proxy, timeout);
    let headers = request.headers.iter();
    let builder = headers
        .fold(agent.get(&request.url), |builder, (name, value)| builder.header(*name, value));
    let mut response = builder.call().map_err(failure)?;
    let header = |name| text(response.headers(), name);
    let (date, location) = (header(DATE), header(LOCATION));
    let mut body = Vec::new();
    let reader = response.body_mut().as_reader();
    let read = reader.take(CheckResponse::MAX_BODY as u64).read_to_end(&mut body);
    read.map_err(|error| failure(error.into()))?;
    Ok(CheckResponse::new(response.status().as_u16(), body).with_date(date).with_location(location))
}

fn agent(proxy: Option<ureq::Proxy>, timeout: Duration) -> Agent {
    let certificates = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(proxy)
        .timeout_global(Some(timeout))
        .tls_config(certificates)
        .build()
        .into()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

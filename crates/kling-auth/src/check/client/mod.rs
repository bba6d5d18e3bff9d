//! Runs the [probe](crate::check::Probe) with a built-in HTTP client.
//!
//! TLS is rustls with this machine's root certificates. Proxies come from the environment
//! (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`). Redirects are not followed.

mod classify;
mod proxy;
mod send;

use std::{thread, time::Duration};

use crate::{
    KlingAuth,
    check::{CheckResult, Options, Probe},
};

pub use send::send;

/// Asks Kling whether the credentials are right and, if not, why.
///
/// It sends one or two requests, one second apart. `timeout` applies to each.
///
/// ```no_run
/// use std::time::Duration;
///
/// # fn main() -> Result<(), kling_auth::Error> {
/// let auth = kling_auth::KlingAuth::discover()?;
/// let result = kling_auth::check(&auth, Duration::from_secs(10));
/// if !result.is_valid {
///     eprintln!("{result}");
/// }
/// # Ok(())
/// # }
/// ```
pub fn check(auth: &KlingAuth, timeout: Duration) -> CheckResult {
    check_with(auth, Options::default(), timeout)
}

/// [`check`] with [`Options`], such as another host to try. Sends at most three requests.
///
/// ```
/// use std::time::Duration;
/// use kling_auth::{KlingAuth, check::{Options, check_with}};
///
/// let auth = KlingAuth::builder()
///     .credentials(kling_auth::Credentials::key_pair("access-key", "secret-key")?)
///     .base_url("http://127.0.0.1:9") // connection refused
///     .build()?;
/// let result = check_with(&auth, Options::default(), Duration::from_secs(10));
/// assert_eq!(result.cause, "connection");
/// # Ok::<_, kling_auth::Error>(())
/// ```
pub fn check_with(auth: &KlingAuth, options: Options, timeout: Duration) -> CheckResult {
    // Reloads credentials that changed in files.
    auth.token();
    let mut probe = Probe::new(auth, options);
    loop {
        let request = probe.next_request(auth.clock.now());
        thread::sleep(Duration::from_secs(request.wait));
        match send(&request, timeout) {
            Err(failure) => return probe.handle_failure(failure),
            Ok(response) => {
                if let Some(result) = probe.handle_response(&response, auth.clock.now()) {
                    return result;
                }
            }
        }
    }
}

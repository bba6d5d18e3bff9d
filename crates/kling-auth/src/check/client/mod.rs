//! The [probe](crate::check::Probe) with an HTTP client of its own, for programs that have none at hand.
//!
//! TLS is by rustls, against the root certificates of this machine; proxies are those of the
//! environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`). No redirect is followed.

mod classify;
mod proxy;
mod send;

use std::{thread, time::Duration};

use crate::{
    KlingAuth,
    check::{CheckResult, Options, Probe},
    unix_now,
};

pub use send::send;

/// Asks Kling whether the credential is right and, if not, why. Waits for at most `timeout` a
/// request, of which there are one or two, a second apart.
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

/// [`check`], with [`Options`] on whom to ask.
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
    // Files that changed are taken up with a token.
    auth.token();
    let mut probe = Probe::new(auth, options);
    loop {
        let request = probe.next_request(unix_now());
        thread::sleep(Duration::from_secs(request.wait));
        match send(&request, timeout) {
            Err(failure) => return probe.handle_failure(failure),
            Ok(answer) => {
                if let Some(result) = probe.handle_response(&answer, unix_now()) {
                    return result;
                }
            }
        }
    }
}

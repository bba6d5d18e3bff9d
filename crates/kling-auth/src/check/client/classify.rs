//! From the client's error to the cause that a person can look for.

use std::io::{self, ErrorKind};

use crate::check::Failure;

/// What std's message of a failed lookup begins with on Unix, which has no kind of its own.
const LOOKUP: &str = "failed to lookup address information";
/// The same on Windows: `WSAHOST_NOT_FOUND` to `WSANO_DATA`.
const WINDOWS_LOOKUP: std::ops::RangeInclusive<i32> = 11001..=11004;

pub(super) fn classify(error: ureq::Error, has_proxy: bool) -> Failure {
    let failure = direct(error);
    if has_proxy { failure.through_proxy() } else { failure }
}

fn direct(error: ureq::Error) -> Failure {
    use ureq::Error as E;
    match error {
        E::HostNotFound => Failure::Dns,
        E::Timeout(_) => Failure::Timeout,
        E::Tls(_) | E::Pem(_) | E::Rustls(_) => Failure::Tls,
        E::InvalidProxyUrl | E::ConnectProxyFailed(_) => Failure::Proxy,
        E::ConnectionFailed => Failure::Unreachable,
        E::Io(error) => of_io(&error),
        _ => Failure::Other,
    }
}

fn of_io(error: &io::Error) -> Failure {
    match error.kind() {
        _ if is_lookup(error) => Failure::Dns,
        ErrorKind::ConnectionRefused => Failure::Refused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::Timeout,
        ErrorKind::NetworkDown
        | ErrorKind::NetworkUnreachable
        | ErrorKind::HostUnreachable
        | ErrorKind::AddrNotAvailable => Failure::Unreachable,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => Failure::Cut,
        // rustls wraps its own errors so, and nothing else here does.
        ErrorKind::InvalidData => Failure::Tls,
        _ => Failure::Other,
    }
}

fn is_lookup(error: &io::Error) -> bool {
    error.to_string().starts_with(LOOKUP)
        || cfg!(windows) && error.raw_os_error().is_some_and(|code| WINDOWS_LOOKUP.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text is std's: a test tells if it changes.
    #[test]
    fn a_name_that_is_nobodys() {
        use std::net::ToSocketAddrs;
        let error = ("nobody.invalid", 443).to_socket_addrs().unwrap_err();
        assert_eq!(of_io(&error), Failure::Dns, "{error:?}");
    }
}

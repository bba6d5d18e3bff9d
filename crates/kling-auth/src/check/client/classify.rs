//! Classifies an error of the HTTP client.

use std::io::{self, ErrorKind};

use crate::check::Failure;

/// How std's message of a failed DNS lookup begins on Unix. There is no `ErrorKind` for it.
const LOOKUP_MESSAGE: &str = "failed to lookup address information";
/// The codes of a failed DNS lookup on Windows: `WSAHOST_NOT_FOUND` to `WSANO_DATA`.
const WINDOWS_LOOKUP_CODES: std::ops::RangeInclusive<i32> = 11001..=11004;

pub(super) fn classify(error: ureq::Error, has_proxy: bool) -> Failure {
    let failure = classify_direct(error);
    if has_proxy { failure.through_proxy() } else { failure }
}

fn classify_direct(error: ureq::Error) -> Failure {
    use ureq::Error as E;
    match error {
        E::HostNotFound => Failure::Dns,
        E::Timeout(_) => Failure::Timeout,
        E::Tls(_) | E::Pem(_) | E::Rustls(_) => Failure::Tls,
        E::InvalidProxyUrl | E::ConnectProxyFailed(_) => Failure::Proxy,
        E::ConnectionFailed => Failure::Unreachable,
        E::Io(error) => classify_io(&error),
        _ => Failure::Other,
    }
}

fn classify_io(error: &io::Error) -> Failure {
    match error.kind() {
        _ if is_lookup_failure(error) => Failure::Dns,
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
        // Only rustls reports its errors with this kind.
        ErrorKind::InvalidData => Failure::Tls,
        _ => Failure::Other,
    }
}

fn is_lookup_failure(error: &io::Error) -> bool {
    error.to_string().starts_with(LOOKUP_MESSAGE)
        || cfg!(windows)
            && error.raw_os_error().is_some_and(|code| WINDOWS_LOOKUP_CODES.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message is std's: this fails if it changes.
    #[test]
    fn unknown_host_name_is_a_dns_failure() {
        use std::net::ToSocketAddrs;
        let error = ("nobody.invalid", 443).to_socket_addrs().unwrap_err();
        assert_eq!(classify_io(&error), Failure::Dns, "{error:?}");
    }
}

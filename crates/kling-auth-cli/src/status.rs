//! The exit statuses, and the status of each cause and error.

use kling_auth::{
    Cause, CoreError, Error,
    check::{CheckCause, CheckResult},
};

/// The exit status. The numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ok = 0,
    Internal = 1,
    Usage = 2,
    Credential = 3,
    Network = 4,
    Refused = 5,
    Invalid = 6,
}

/// What each means; the help shows it.
pub(crate) const MEANINGS: [(Status, &str); 7] = [
    (Status::Ok, "success; for check, inspect and webhook: what was checked is valid"),
    (Status::Internal, "internal error, or output that could not be written"),
    (Status::Usage, "invalid command line, or it would show a token on a terminal"),
    (Status::Credential, "the credentials are missing or malformed, or Kling rejects them"),
    (Status::Network, "no response from Kling: DNS, TLS, timeout, proxy, connection, redirect"),
    (
        Status::Refused,
        "Kling refuses for another reason: permission, account, IP address, server error",
    ),
    (Status::Invalid, "a token or a callback is not valid"),
];

impl Status {
    pub(crate) fn of_check(result: &CheckResult) -> Self {
        match result.cause {
            _ if result.is_valid => Self::Ok,
            CheckCause::Answered(Cause::NotKling)
            | CheckCause::Redirect
            | CheckCause::Dns
            | CheckCause::Tls
            | CheckCause::Timeout
            | CheckCause::Proxy
            | CheckCause::Connection => Self::Network,
            CheckCause::ClockSkew | CheckCause::WrongRegion => Self::Credential,
            CheckCause::Answered(cause) if cause.is_credential_fault() => Self::Credential,
            _ => Self::Refused,
        }
    }

    pub(crate) fn of_error(error: &Error) -> Self {
        match error {
            Error::Core(error) | Error::InvalidAt { error, .. } => Self::of_core_error(*error),
            _ => Self::Credential,
        }
    }

    pub(crate) fn of_core_error(error: CoreError) -> Self {
        match error {
            CoreError::Lifetime
            | CoreError::Buffer
            | CoreError::Time
            | CoreError::BaseUrl
            | CoreError::BaseUrlHost
            | CoreError::Type { .. } => Self::Usage,
            CoreError::Credential { .. } | CoreError::WebhookSecret => Self::Credential,
            _ => Self::Invalid,
        }
    }
}

//! The exit statuses, and which of them a cause is.

use kling_auth::{
    Cause, CoreError, Error,
    check::{CheckCause, CheckResult},
};

/// How the program ends. The numbers are part of its interface.
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

/// What each means, for the help.
pub(crate) const MEANINGS: [(Status, &str); 7] = [
    (Status::Ok, "success; the credential is valid, or the token is"),
    (Status::Internal, "a fault of the program's own, or output that could not be written"),
    (Status::Usage, "the command line is invalid, or would show a token on a terminal"),
    (Status::Credential, "a credential is missing, broken, or refused by Kling as wrong"),
    (Status::Network, "no response from Kling: DNS, TLS, timeout, proxy, connection, redirect"),
    (Status::Refused, "Kling refused for another reason: permission, account, address, fault"),
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
            Error::Core(error) | Error::InvalidAt(_, error) => Self::of_core_error(*error),
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
            | CoreError::Type(..) => Self::Usage,
            CoreError::Credential(..) | CoreError::WebhookSecret => Self::Credential,
            _ => Self::Invalid,
        }
    }
}

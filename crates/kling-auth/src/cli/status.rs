//! The exit statuses, and which of them a cause is.

use crate::{CoreError, Error, check::CheckResult};

/// How the program ends. The numbers are part of its interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok = 0,
    Internal = 1,
    Usage = 2,
    Credential = 3,
    Network = 4,
    Refused = 5,
    Invalid = 6,
}

/// What each means, for the help.
pub(super) const MEANINGS: [(Status, &str); 7] = [
    (Status::Ok, "success; the credential is valid, or the token is"),
    (Status::Internal, "a fault of the program's own, or output that could not be written"),
    (Status::Usage, "the command line is invalid, or would show a token on a terminal"),
    (Status::Credential, "a credential is missing, broken, or refused by Kling as wrong"),
    (Status::Network, "no response from Kling: DNS, TLS, timeout, proxy, connection, redirect"),
    (Status::Refused, "Kling refused for another reason: permission, account, address, fault"),
    (Status::Invalid, "a token or a callback is not valid"),
];

impl Status {
    pub(super) fn of_check(result: &CheckResult) -> Self {
        match result.cause {
            _ if result.is_valid => Self::Ok,
            "dns" | "tls" | "timeout" | "proxy" | "connection" | "redirect" | "not_kling" => {
                Self::Network
            }
            "wrong_secret_key"
            | "authentication_failed"
            | "authorization_missing"
            | "authorization_invalid"
            | "unknown_access_key"
            | "unknown_api_key"
            | "key_disabled"
            | "token_malformed"
            | "relay_key_refused"
            | "wrong_region"
            | "wrong_scheme"
            | "token_not_yet_valid"
            | "token_expired" => Self::Credential,
            _ => Self::Refused,
        }
    }

    pub(super) fn of_error(error: &Error) -> Self {
        match error {
            Error::Core(error) | Error::At(_, error) => Self::of_core_error(*error),
            _ => Self::Credential,
        }
    }

    pub(super) fn of_core_error(error: CoreError) -> Self {
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

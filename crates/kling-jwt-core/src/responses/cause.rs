//! The causes of refusals: which code and message mean which cause ([`Cause::of_code`]), and the
//! action and the remedy of each ([`TABLE`]).
//!
//! The sources are Kling's list of codes, public reports of other responses, and the responses of
//! relays in front of Kling.

use core::{fmt, str::FromStr};

use crate::{Region, UnknownName, encoding::chars::split_once, responses::bearer_kind::BearerKind};

/// Why a request was refused, or [`Accepted`](Self::Accepted).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// It was not refused.
    Accepted,
    /// The secret key does not belong to the access key: the signature is wrong.
    WrongSecretKey,
    /// The credentials were refused, without a reason.
    AuthenticationFailed,
    /// There was no `Authorization` header, or an empty one.
    AuthorizationMissing,
    /// This host does not know the access key: it is wrong, swapped with the secret key, or from
    /// another region.
    UnknownAccessKey,
    /// This host does not know the API key: it is wrong, or from another region.
    UnknownApiKey,
    /// The key is disabled.
    KeyDisabled,
    /// The path does not accept key pairs.
    WrongScheme,
    /// The bearer does not have the three parts of a token.
    TokenMalformed,
    /// Kling does not accept this `Authorization` header.
    AuthorizationInvalid,
    /// The token is not valid yet by the server's clock.
    TokenNotYetValid,
    /// The token has expired by the server's clock.
    TokenExpired,
    /// The account has no permission for this.
    NoPermission,
    /// There is a problem with the account.
    AccountAbnormal,
    /// The account is in arrears.
    AccountInArrears,
    /// The resource pack is used up or expired.
    ResourcePackUsedUp,
    /// There were too many requests.
    RateLimited,
    /// There are too many tasks at once, or too many requests per second.
    TooManyConcurrent,
    /// The IP address is not on the whitelist.
    IpNotAllowed,
    /// A parameter is missing or wrong; the credentials are valid.
    InvalidParameters,
    /// There is no such method or path; the credentials are valid.
    MethodNotFound,
    /// There is no such task, resource or model; the credentials are valid.
    ResourceNotFound,
    /// The platform's policy forbids the request; the credentials are valid.
    PolicyViolation,
    /// Kling found the content unsafe; the credentials are valid.
    ContentUnsafe,
    /// The server failed.
    ServerFault,
    /// The server is unavailable.
    ServerUnavailable,
    /// The server took too long.
    ServerTimeout,
    /// A relay in front of Kling refused its key.
    RelayKeyRefused,
    /// A relay in front of Kling does not allow this, or its quota is used up.
    RelayForbidden,
    /// A relay in front of Kling has no such path or task.
    RelayNotFound,
    /// A relay in front of Kling received too many requests.
    RelayRateLimited,
    /// A relay failed, or Kling behind it.
    RelayFailed,
    /// A relay refused for another reason: see its message.
    RelayRefused,
    /// Kling sent a code that its documentation does not list.
    UnknownCode,
    /// The refusal has no known form, or was cut off: Kling did not send it.
    NotKling,
}

/// What to do after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Use the response: the request was accepted.
    Accept,
    /// Send the request once more with the current token; at most once.
    Retry,
    /// Wait, then send the request again: it was refused before anything was done.
    Backoff,
    /// Do not send it again: it would be refused again, or might be done twice. Show the remedy.
    Fail,
}

impl Action {
    const ALL: [Self; 4] = [Self::Accept, Self::Retry, Self::Backoff, Self::Fail];

    /// The stable name, the same in all languages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Retry => "retry",
            Self::Backoff => "backoff",
            Self::Fail => "fail",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Parses the stable name.
///
/// ```
/// use kling_jwt_core::Action;
///
/// assert_eq!("backoff".parse(), Ok(Action::Backoff));
/// assert!("later".parse::<Action>().is_err());
/// ```
impl FromStr for Action {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|action| action.as_str() == name).ok_or(UnknownName)
    }
}

/// A row of the table.
#[derive(Clone, Copy)]
struct Row {
    cause: Cause,
    /// The stable name of the cause.
    name: &'static str,
    action: Action,
    /// For people: what the cause means, and what to do about it. `@` is replaced by a text that
    /// [several remedies share](Cause::shared).
    remedy: &'static str,
}

const SERVER_FAILED: &str = "Kling's server failed, is unavailable or took too long; the credentials are not the cause: before you repeat a request that creates a task, look for the task, because it may be billed twice";

/// All causes, in the order of the enum.
///
/// If the server failed, no request is sent again automatically, not even a `GET`: it may have been
/// executed and billed.
const TABLE: [Row; 35] = [
    Row {
        cause: Cause::Accepted,
        name: "accepted",
        action: Action::Accept,
        remedy: "the request was accepted",
    },
    Row {
        cause: Cause::WrongSecretKey,
        name: "wrong_secret_key",
        action: Action::Fail,
        remedy: "the secret key does not belong to the access key: copy both again from @",
    },
    Row {
        cause: Cause::AuthenticationFailed,
        name: "authentication_failed",
        action: Action::Fail,
        remedy: "Kling refused the credentials: copy them again from @, and make sure that this machine's clock is right",
    },
    Row {
        cause: Cause::AuthorizationMissing,
        name: "authorization_missing",
        action: Action::Fail,
        remedy: "no bearer arrived: send `Authorization: Bearer <token>`, and look for a proxy or a redirect that removes it",
    },
    Row {
        cause: Cause::UnknownAccessKey,
        name: "unknown_access_key",
        action: Action::Fail,
        remedy: "this host does not know the access key: make sure that access key and secret key are not swapped, copy both again, and use the host of the region in which they were created@",
    },
    Row {
        cause: Cause::UnknownApiKey,
        name: "unknown_api_key",
        action: Action::Fail,
        remedy: "this host does not know the API key: copy all of it again (it begins with api-key-), and use the host of the region in which it was created@",
    },
    Row {
        cause: Cause::KeyDisabled,
        name: "key_disabled",
        action: Action::Fail,
        remedy: "the key is disabled: enable it at @, or create another one there",
    },
    Row {
        cause: Cause::WrongScheme,
        name: "wrong_scheme",
        action: Action::Fail,
        remedy: "this path does not accept a key pair: use an API key from @ (it begins with api-key-), or the older path below /v1",
    },
    Row {
        cause: Cause::TokenMalformed,
        name: "token_malformed",
        action: Action::Fail,
        remedy: "the bearer is not a token of three parts: send the whole token or an API key, never an access key or a secret key",
    },
    Row {
        cause: Cause::AuthorizationInvalid,
        name: "authorization_invalid",
        action: Action::Fail,
        remedy: "Kling does not accept the Authorization header, and its message says why: send `Bearer`, one space and a token or an API key, without quotes",
    },
    Row {
        cause: Cause::TokenNotYetValid,
        name: "token_not_yet_valid",
        action: Action::Retry,
        remedy: "the token is not valid yet by Kling's clock: this machine's clock is ahead, so set it by NTP",
    },
    Row {
        cause: Cause::TokenExpired,
        name: "token_expired",
        action: Action::Retry,
        remedy: "the token has expired by Kling's clock: get the token for each request instead of storing it; if it was new, set this machine's clock by NTP",
    },
    Row {
        cause: Cause::NoPermission,
        name: "no_permission",
        action: Action::Fail,
        remedy: "the account has no permission: enable API access and the model in Kling's console",
    },
    Row {
        cause: Cause::AccountAbnormal,
        name: "account_abnormal",
        action: Action::Fail,
        remedy: "there is a problem with the account, not the credentials: see Kling's console",
    },
    Row {
        cause: Cause::AccountInArrears,
        name: "account_in_arrears",
        action: Action::Fail,
        remedy: "the account is in arrears@pay in Kling's console",
    },
    Row {
        cause: Cause::ResourcePackUsedUp,
        name: "resource_pack_used_up",
        action: Action::Fail,
        remedy: "the resource pack is used up or expired@buy one in Kling's console",
    },
    Row {
        cause: Cause::RateLimited,
        name: "rate_limited",
        action: Action::Backoff,
        remedy: "too many requests@wait, then send fewer",
    },
    Row {
        cause: Cause::TooManyConcurrent,
        name: "too_many_concurrent",
        action: Action::Backoff,
        remedy: "too many tasks at once, or requests per second@wait until a task has ended, then send fewer",
    },
    Row {
        cause: Cause::IpNotAllowed,
        name: "ip_not_allowed",
        action: Action::Fail,
        remedy: "this machine's public IP address is not on the whitelist: ask Kling's customer service to add it",
    },
    Row {
        cause: Cause::InvalidParameters,
        name: "invalid_parameters",
        action: Action::Fail,
        remedy: "a parameter of the request is wrong@the message says which",
    },
    Row {
        cause: Cause::MethodNotFound,
        name: "method_not_found",
        action: Action::Fail,
        remedy: "there is no such method and path@compare both with Kling's documentation",
    },
    Row {
        cause: Cause::ResourceNotFound,
        name: "resource_not_found",
        action: Action::Fail,
        remedy: "there is no such task, resource or model@check its id or name, and use the account that created it",
    },
    Row {
        cause: Cause::PolicyViolation,
        name: "policy_violation",
        action: Action::Fail,
        remedy: "the platform's policy forbids this request@change the request",
    },
    Row {
        cause: Cause::ContentUnsafe,
        name: "content_unsafe",
        action: Action::Fail,
        remedy: "Kling found the content unsafe@change the prompt or the image",
    },
    Row {
        cause: Cause::ServerFault,
        name: "server_fault",
        action: Action::Fail,
        remedy: SERVER_FAILED,
    },
    Row {
        cause: Cause::ServerUnavailable,
        name: "server_unavailable",
        action: Action::Fail,
        remedy: SERVER_FAILED,
    },
    Row {
        cause: Cause::ServerTimeout,
        name: "server_timeout",
        action: Action::Fail,
        remedy: SERVER_FAILED,
    },
    Row {
        cause: Cause::RelayKeyRefused,
        name: "relay_key_refused",
        action: Action::Fail,
        remedy: "@it refused the key; use the key that the relay gave you, and check the base URL",
    },
    Row {
        cause: Cause::RelayForbidden,
        name: "relay_forbidden",
        action: Action::Fail,
        remedy: "@it does not allow this, or its quota is used up; see the relay's console",
    },
    Row {
        cause: Cause::RelayNotFound,
        name: "relay_not_found",
        action: Action::Fail,
        remedy: "@it has no such path or task; compare the base URL and the path with the relay's documentation",
    },
    Row {
        cause: Cause::RelayRateLimited,
        name: "relay_rate_limited",
        action: Action::Backoff,
        remedy: "@too many requests; wait, then send fewer",
    },
    Row {
        cause: Cause::RelayFailed,
        name: "relay_failed",
        action: Action::Fail,
        remedy: "@it failed, or Kling behind it; before you repeat a request that creates a task, look for the task: it may be billed twice",
    },
    Row {
        cause: Cause::RelayRefused,
        name: "relay_refused",
        action: Action::Fail,
        remedy: "@its message says why",
    },
    Row {
        cause: Cause::UnknownCode,
        name: "unknown_code",
        action: Action::Fail,
        remedy: "Kling sent a code that its documentation does not list: see the message",
    },
    Row {
        cause: Cause::NotKling,
        name: "not_kling",
        action: Action::Fail,
        remedy: "the response has no known form, or was cut off: check the base URL, and look for a proxy or a gateway that answers instead of Kling",
    },
];

/// A column of the table.
macro_rules! column {
    ($field:ident) => {{
        let mut column = [TABLE[0].$field; TABLE.len()];
        let mut index = 0;
        while index < TABLE.len() {
            column[index] = TABLE[index].$field;
            index += 1;
        }
        column
    }};
}

/// A code that has several reasons, and the words in the message by which one is recognized.
struct Reason {
    code: u16,
    /// Words of the message, in lower case.
    words: &'static str,
    cause: Cause,
}

/// The first match counts. A code without any of these words has the cause in [`Cause::of_code`].
static REASONS: [Reason; 9] = {
    const fn reason(code: u16, words: &'static str, cause: Cause) -> Reason {
        Reason { code, words, cause }
    }
    const DISABLED: &str = "key is disabled";
    const MALFORMED: &str = "token was expected to have 3 parts";
    [
        // HTTP 401
        reason(1000, "signature is invalid", Cause::WrongSecretKey),
        reason(1002, "access key not exist", Cause::UnknownAccessKey),
        reason(1002, "api key not found", Cause::UnknownApiKey),
        reason(1002, DISABLED, Cause::KeyDisabled),
        reason(1000, DISABLED, Cause::KeyDisabled),
        reason(1002, "does not support ak/sk", Cause::WrongScheme),
        reason(1002, MALFORMED, Cause::TokenMalformed),
        reason(1000, MALFORMED, Cause::TokenMalformed),
        // HTTP 400, for tasks
        reason(1201, "task not found", Cause::ResourceNotFound),
    ]
};

// One array for each column, so that a program that uses no remedies does not link them.
static CAUSES: [Cause; TABLE.len()] = column!(cause);
static NAMES: [&str; TABLE.len()] = column!(name);
static ACTIONS: [Action; TABLE.len()] = column!(action);
static REMEDIES: [&str; TABLE.len()] = column!(remedy);

const _: () = {
    let mut index = 0;
    while index < TABLE.len() {
        assert!(TABLE[index].cause as usize == index, "the table is in the order of the enum");
        index += 1;
    }
};

impl Cause {
    /// The cause for Kling's code and message. The message decides if a code has several causes.
    pub(crate) fn of_code(code: u32, message: &str) -> Option<Self> {
        let matches =
            |reason: &&Reason| code == u32::from(reason.code) && mentions(message, reason.words);
        if let Some(reason) = REASONS.iter().find(matches) {
            return Some(reason.cause);
        }
        Some(match code {
            0 | 200 => Self::Accepted,
            // HTTP 401
            1000 => Self::AuthenticationFailed,
            1001 => Self::AuthorizationMissing,
            1002 => Self::AuthorizationInvalid,
            1003 => Self::TokenNotYetValid,
            1004 => Self::TokenExpired,
            // HTTP 403
            1103 => Self::NoPermission,
            // HTTP 429
            1100 => Self::AccountAbnormal,
            1101 => Self::AccountInArrears,
            1102 => Self::ResourcePackUsedUp,
            1302 => Self::RateLimited,
            1303 => Self::TooManyConcurrent,
            1304 => Self::IpNotAllowed,
            // HTTP 404
            1203 => Self::ResourceNotFound,
            // HTTP 400
            1200 | 1201 => Self::InvalidParameters,
            // HTTP 404
            1202 => Self::MethodNotFound,
            // HTTP 400
            1300 => Self::PolicyViolation,
            1301 => Self::ContentUnsafe,
            // HTTP 500, 503 and 504
            5000 => Self::ServerFault,
            5001 => Self::ServerUnavailable,
            5002 => Self::ServerTimeout,
            _ => return None,
        })
    }

    /// The cause for a refusal in a relay's form, by its HTTP status.
    pub(crate) fn of_relay(status: u16) -> Self {
        match status {
            401 => Self::RelayKeyRefused,
            403 => Self::RelayForbidden,
            404 => Self::RelayNotFound,
            429 => Self::RelayRateLimited,
            500..=599 => Self::RelayFailed,
            _ => Self::RelayRefused,
        }
    }

    /// Corrects the cause by the kind of bearer that was sent. Kling may answer to an unknown API
    /// key as if it were a token, and to a token as if it were an unknown API key.
    pub(crate) fn of_kind(self, kind: BearerKind) -> Self {
        match (self, kind) {
            (
                Self::WrongScheme | Self::UnknownAccessKey | Self::TokenMalformed,
                BearerKind::ApiKey,
            ) => Self::UnknownApiKey,
            (Self::UnknownApiKey, BearerKind::Token) => Self::UnknownAccessKey,
            (cause, _) => cause,
        }
    }

    /// Whether the credentials or the token were refused, rather than the account, the request or
    /// the server.
    ///
    /// ```
    /// use kling_jwt_core::Cause;
    ///
    /// assert!(Cause::WrongSecretKey.is_credential_fault());
    /// assert!(!Cause::ResourcePackUsedUp.is_credential_fault());
    /// ```
    pub const fn is_credential_fault(self) -> bool {
        // No wildcard, so that a new cause must be added here.
        match self {
            Self::WrongSecretKey
            | Self::AuthenticationFailed
            | Self::AuthorizationMissing
            | Self::UnknownAccessKey
            | Self::UnknownApiKey
            | Self::KeyDisabled
            | Self::WrongScheme
            | Self::TokenMalformed
            | Self::AuthorizationInvalid
            | Self::TokenNotYetValid
            | Self::TokenExpired
            | Self::RelayKeyRefused => true,
            Self::Accepted
            | Self::NoPermission
            | Self::AccountAbnormal
            | Self::AccountInArrears
            | Self::ResourcePackUsedUp
            | Self::RateLimited
            | Self::TooManyConcurrent
            | Self::IpNotAllowed
            | Self::InvalidParameters
            | Self::MethodNotFound
            | Self::ResourceNotFound
            | Self::PolicyViolation
            | Self::ContentUnsafe
            | Self::ServerFault
            | Self::ServerUnavailable
            | Self::ServerTimeout
            | Self::RelayForbidden
            | Self::RelayNotFound
            | Self::RelayRateLimited
            | Self::RelayFailed
            | Self::RelayRefused
            | Self::UnknownCode
            | Self::NotKling => false,
        }
    }

    /// The stable name, the same in all languages.
    pub fn as_str(self) -> &'static str {
        NAMES[self as usize]
    }

    /// What to do if only the cause is known.
    pub(crate) fn action(self) -> Action {
        ACTIONS[self as usize]
    }

    /// The remedy for keys of a region, in up to three parts.
    pub(crate) fn remedy_parts(self, region: Region) -> [&'static str; 3] {
        let text = REMEDIES[self as usize];
        split_once(text, b'@')
            .map_or([text, "", ""], |(before, after)| [before, self.shared(region), after])
    }

    /// The text for `@` in its remedy.
    fn shared(self, region: Region) -> &'static str {
        match self {
            _ if self.is_for_console() => region.console(),
            Self::UnknownAccessKey | Self::UnknownApiKey => {
                " (https://api-singapore.klingai.com or https://api-beijing.klingai.com)"
            }
            Self::RelayKeyRefused
            | Self::RelayForbidden
            | Self::RelayNotFound
            | Self::RelayRateLimited
            | Self::RelayFailed
            | Self::RelayRefused => "a relay or gateway answered, not Kling: ",
            _ => "; the credentials are valid: ",
        }
    }

    /// Whether its remedy names the console of a region.
    pub(crate) fn is_for_console(self) -> bool {
        matches!(
            self,
            Self::WrongSecretKey
                | Self::KeyDisabled
                | Self::WrongScheme
                | Self::AuthenticationFailed
        )
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Parses the stable name.
///
/// ```
/// use kling_jwt_core::Cause;
///
/// assert_eq!("token_expired".parse(), Ok(Cause::TokenExpired));
/// assert!("Token expired".parse::<Cause>().is_err());
/// ```
impl FromStr for Cause {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        CAUSES.into_iter().find(|cause| cause.as_str() == name).ok_or(UnknownName)
    }
}

/// Whether a message contains these words, in any case.
fn mentions(message: &str, words: &str) -> bool {
    let is_at = |start: usize| {
        let part = message.as_bytes().get(start..start + words.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(words.as_bytes()))
    };
    (0..message.len()).any(is_at)
}

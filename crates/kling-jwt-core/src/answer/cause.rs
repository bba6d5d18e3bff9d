//! Why Kling refuses: what its codes and messages mean, what to tell the user, and what to do
//! next. The one table of all that is [`TABLE`].
//!
//! Its rows are Kling's own list of codes, what others saw of the live service, and what relays
//! in front of Kling answer in a form of their own.

use core::fmt;

use crate::{Region, answer::bearer_kind::BearerKind};

/// Why a request was refused, or that it was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// It was not refused.
    Accepted,
    /// The signature does not fit the access key: the secret key is wrong.
    WrongSecretKey,
    /// The credential was refused without a reason.
    AuthenticationFailed,
    /// There was no `Authorization` header, or an empty one.
    AuthorizationMissing,
    /// The access key is not known to this host: it is wrong, swapped with the secret key, or of
    /// another region.
    UnknownAccessKey,
    /// The API key is not known to this host: it is wrong, or of another region.
    UnknownApiKey,
    /// The key is known, and disabled.
    KeyDisabled,
    /// The path does not take key pairs.
    WrongScheme,
    /// What was sent as a token does not have the three parts of one.
    TokenMalformed,
    /// What stands in the `Authorization` header is not what Kling takes.
    AuthorizationInvalid,
    /// The token's time has not begun by the server's clock.
    TokenNotYetValid,
    /// The token's time is over by the server's clock.
    TokenExpired,
    /// The account may not use this.
    NoPermission,
    /// Something is wrong with the account.
    AccountAbnormal,
    /// The account is in arrears.
    AccountInArrears,
    /// The resource pack is used up or expired.
    ResourcePackUsedUp,
    /// Too many requests in a time.
    RateLimited,
    /// Too many tasks at a time, or requests a second.
    TooManyConcurrent,
    /// The address is not on the whitelist.
    IpNotAllowed,
    /// A parameter is missing or wrong; the credential is valid.
    InvalidParameters,
    /// There is no such method or path; the credential is valid.
    MethodNotFound,
    /// There is no such task, resource or model; the credential is valid.
    ResourceNotFound,
    /// The platform's policy forbids it; the credential is valid.
    PolicyViolation,
    /// The content was found unsafe; the credential is valid.
    ContentUnsafe,
    /// A fault of the server's.
    ServerFault,
    /// The server is not available for now.
    ServerUnavailable,
    /// The server took too long.
    ServerTimeout,
    /// A relay in front of Kling refused its key.
    RelayKeyRefused,
    /// A relay does not allow this, or its quota is used up.
    RelayForbidden,
    /// A relay has no such path or task.
    RelayNotFound,
    /// A relay got too many requests.
    RelayRateLimited,
    /// A relay failed, or Kling behind it.
    RelayFailed,
    /// A relay refused for another reason, which its message tells.
    RelayRefused,
    /// An answer of Kling's with a code that is not in its list.
    UnknownCode,
    /// A refusal in no form that is known, or cut off: it is not Kling's.
    NotKling,
}

/// What to do after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Next {
    /// Go on: it was not refused.
    Accept,
    /// Send the same request once more, with the token that is current now; at most once.
    Resign,
    /// Send the same request again later: it was turned away before anything was done.
    Backoff,
    /// Tell the user: the same request would be refused again, or might be done twice.
    Fail,
}

impl Next {
    /// What has this stable name.
    ///
    /// ```
    /// use kling_jwt_core::Next;
    ///
    /// assert_eq!(Next::named("backoff"), Some(Next::Backoff));
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Accept, Self::Resign, Self::Backoff, Self::Fail];
        all.into_iter().find(|next| next.as_str() == name)
    }

    /// The stable name, the same in all languages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Resign => "resign",
            Self::Backoff => "backoff",
            Self::Fail => "fail",
        }
    }
}

/// A line of the table.
pub(crate) struct Row {
    when: When,
    pub(crate) cause: Cause,
    /// The stable name of the cause.
    name: &'static str,
    pub(crate) next: Next,
    /// For people: what it means, and what to do about it.
    remedy: &'static str,
}

/// By what an answer is known to belong to a row.
enum When {
    /// One of Kling's codes, each with words of the message, in lower case, where one code has
    /// several reasons.
    Kling(&'static [(u32, &'static str)]),
    /// The first and the last HTTP status of a refusal in a relay's form.
    Relay(u16, u16),
    /// It belongs to no other row.
    Other,
}

// What several causes have in common; the cause says which it is.
macro_rules! by_a_relay {
    ($what:literal) => {
        concat!("a relay or gateway answered, in a form that is not Kling's: ", $what)
    };
}
const THREE_PARTS: &str = "token was expected to have 3 parts";
const SERVER_FAILED: &str = "Kling's server failed, is not available for now or took too long, the credential is not at fault: look for the task before a request that makes one is sent again, since it may be billed twice";

/// A remedy that leads to a region's console: each is there for both.
macro_rules! at_console {
    ($($name:ident: $before:literal, $after:literal;)*) => {$(
        macro_rules! $name {
            ($console:literal) => { concat!($before, $console, $after) };
        }
    )*};
}

at_console! {
    wrong_secret_key: "the secret key does not belong to the access key: copy both again from ", "";
    key_disabled: "the key is disabled: enable it at ", ", or make another one there";
    wrong_scheme: "this path does not take a key pair: pass an API key from ", " (it begins with api-key-), or use the older path below /v1";
    authentication_failed: "the credential was refused: copy it again from ", ", and make sure that this machine's clock is right";
}

/// What is to be told in Beijing's words.
const IN_BEIJING: [(Cause, &str); 4] = [
    (Cause::WrongSecretKey, wrong_secret_key!("https://klingai.com/dev/api-key")),
    (Cause::KeyDisabled, key_disabled!("https://klingai.com/dev/api-key")),
    (Cause::WrongScheme, wrong_scheme!("https://klingai.com/dev/api-key")),
    (Cause::AuthenticationFailed, authentication_failed!("https://klingai.com/dev/api-key")),
];

/// Of several rows with a code the first one counts whose words stand in the message.
///
/// After a fault of the server's nothing is sent again by itself, whatever the method: what was
/// asked for may have been done, and billed.
const TABLE: &[Row] = &[
    // HTTP 200
    Row {
        when: When::Kling(&[(0, ""), (200, "")]),
        cause: Cause::Accepted,
        name: "accepted",
        next: Next::Accept,
        remedy: "the request was accepted",
    },
    // HTTP 401
    Row {
        when: When::Kling(&[(1000, "signature is invalid")]),
        cause: Cause::WrongSecretKey,
        name: "wrong_secret_key",
        next: Next::Fail,
        remedy: wrong_secret_key!("https://kling.ai/dev/api-key"),
    },
    Row {
        when: When::Kling(&[(1002, "access key not exist")]),
        cause: Cause::UnknownAccessKey,
        name: "unknown_access_key",
        next: Next::Fail,
        remedy: "this host does not know the access key: make sure that access key and secret key are not swapped, copy both again, and use the host of the region in which they were made (https://api-singapore.klingai.com or https://api-beijing.klingai.com)",
    },
    Row {
        when: When::Kling(&[(1002, "api key not found")]),
        cause: Cause::UnknownApiKey,
        name: "unknown_api_key",
        next: Next::Fail,
        remedy: "this host does not know the API key: copy it again as a whole (it begins with api-key-), and use the host of the region in which it was made (https://api-singapore.klingai.com or https://api-beijing.klingai.com)",
    },
    Row {
        when: When::Kling(&[(1002, "key is disabled"), (1000, "key is disabled")]),
        cause: Cause::KeyDisabled,
        name: "key_disabled",
        next: Next::Fail,
        remedy: key_disabled!("https://kling.ai/dev/api-key"),
    },
    Row {
        when: When::Kling(&[(1002, "does not support ak/sk")]),
        cause: Cause::WrongScheme,
        name: "wrong_scheme",
        next: Next::Fail,
        remedy: wrong_scheme!("https://kling.ai/dev/api-key"),
    },
    Row {
        when: When::Kling(&[(1002, THREE_PARTS), (1000, THREE_PARTS)]),
        cause: Cause::TokenMalformed,
        name: "token_malformed",
        next: Next::Fail,
        remedy: "what was sent is not a token of three parts: send the whole token, or an API key, and never an access key or secret key itself",
    },
    Row {
        when: When::Kling(&[(1000, "")]),
        cause: Cause::AuthenticationFailed,
        name: "authentication_failed",
        next: Next::Fail,
        remedy: authentication_failed!("https://kling.ai/dev/api-key"),
    },
    Row {
        when: When::Kling(&[(1001, "")]),
        cause: Cause::AuthorizationMissing,
        name: "authorization_missing",
        next: Next::Fail,
        remedy: "no bearer arrived: send `Authorization: Bearer <token>`, and look for a proxy or a redirect that takes it off",
    },
    Row {
        when: When::Kling(&[(1002, "")]),
        cause: Cause::AuthorizationInvalid,
        name: "authorization_invalid",
        next: Next::Fail,
        remedy: "Kling does not take what stands in the Authorization header: its message says why; it takes `Bearer`, one space and a token or an API key, without quotes",
    },
    Row {
        when: When::Kling(&[(1003, "")]),
        cause: Cause::TokenNotYetValid,
        name: "token_not_yet_valid",
        next: Next::Resign,
        remedy: "the token's time has not begun on the server: this machine's clock is ahead; set it by NTP",
    },
    Row {
        when: When::Kling(&[(1004, "")]),
        cause: Cause::TokenExpired,
        name: "token_expired",
        next: Next::Resign,
        remedy: "the token's time is over on the server: ask for a token with each request instead of keeping one, or, if it was new, set this machine's clock by NTP",
    },
    // HTTP 403
    Row {
        when: When::Kling(&[(1103, "")]),
        cause: Cause::NoPermission,
        name: "no_permission",
        next: Next::Fail,
        remedy: "the account may not use this: enable API access, and the model, in Kling's console",
    },
    // HTTP 429
    Row {
        when: When::Kling(&[(1100, "")]),
        cause: Cause::AccountAbnormal,
        name: "account_abnormal",
        next: Next::Fail,
        remedy: "something is wrong with the account, not with the credential: look into Kling's console",
    },
    Row {
        when: When::Kling(&[(1101, "")]),
        cause: Cause::AccountInArrears,
        name: "account_in_arrears",
        next: Next::Fail,
        remedy: "the account is in arrears, the credential is valid: pay in Kling's console",
    },
    Row {
        when: When::Kling(&[(1102, "")]),
        cause: Cause::ResourcePackUsedUp,
        name: "resource_pack_used_up",
        next: Next::Fail,
        remedy: "the resource pack is used up or expired, the credential is valid: buy one in Kling's console",
    },
    Row {
        when: When::Kling(&[(1302, "")]),
        cause: Cause::RateLimited,
        name: "rate_limited",
        next: Next::Backoff,
        remedy: "too many requests in a time, the credential is valid: wait, then send fewer",
    },
    Row {
        when: When::Kling(&[(1303, "")]),
        cause: Cause::TooManyConcurrent,
        name: "too_many_concurrent",
        next: Next::Backoff,
        remedy: "too many tasks at a time, or requests a second, the credential is valid: wait until a task has ended, and send fewer",
    },
    Row {
        when: When::Kling(&[(1304, "")]),
        cause: Cause::IpNotAllowed,
        name: "ip_not_allowed",
        next: Next::Fail,
        remedy: "this machine's public address is not on the whitelist: ask Kling's customer service to add it",
    },
    // HTTP 404; and 400 for tasks, whose code has other reasons as well
    Row {
        when: When::Kling(&[(1203, ""), (1201, "task not found")]),
        cause: Cause::ResourceNotFound,
        name: "resource_not_found",
        next: Next::Fail,
        remedy: "there is no such task, resource or model, the credential is valid: compare its id or name, and ask with the account that made it",
    },
    // HTTP 400
    Row {
        when: When::Kling(&[(1200, ""), (1201, "")]),
        cause: Cause::InvalidParameters,
        name: "invalid_parameters",
        next: Next::Fail,
        remedy: "a parameter of the request is wrong, the credential is valid: the message tells which",
    },
    // HTTP 404
    Row {
        when: When::Kling(&[(1202, "")]),
        cause: Cause::MethodNotFound,
        name: "method_not_found",
        next: Next::Fail,
        remedy: "there is no such method and path, the credential is valid: compare both with Kling's documentation",
    },
    // HTTP 400
    Row {
        when: When::Kling(&[(1300, "")]),
        cause: Cause::PolicyViolation,
        name: "policy_violation",
        next: Next::Fail,
        remedy: "the platform's policy forbids this request, the credential is valid: change the request",
    },
    Row {
        when: When::Kling(&[(1301, "")]),
        cause: Cause::ContentUnsafe,
        name: "content_unsafe",
        next: Next::Fail,
        remedy: "the content was found unsafe, the credential is valid: change the prompt or the image",
    },
    // HTTP 500, 503 and 504
    Row {
        when: When::Kling(&[(5000, "")]),
        cause: Cause::ServerFault,
        name: "server_fault",
        next: Next::Fail,
        remedy: SERVER_FAILED,
    },
    Row {
        when: When::Kling(&[(5001, "")]),
        cause: Cause::ServerUnavailable,
        name: "server_unavailable",
        next: Next::Fail,
        remedy: SERVER_FAILED,
    },
    Row {
        when: When::Kling(&[(5002, "")]),
        cause: Cause::ServerTimeout,
        name: "server_timeout",
        next: Next::Fail,
        remedy: SERVER_FAILED,
    },
    // A relay's form
    Row {
        when: When::Relay(401, 401),
        cause: Cause::RelayKeyRefused,
        name: "relay_key_refused",
        next: Next::Fail,
        remedy: by_a_relay!(
            "it refused the key; pass the key that the relay gave you, and look at the base URL"
        ),
    },
    Row {
        when: When::Relay(403, 403),
        cause: Cause::RelayForbidden,
        name: "relay_forbidden",
        next: Next::Fail,
        remedy: by_a_relay!(
            "it does not allow this, or its quota is used up; look into the relay's console"
        ),
    },
    Row {
        when: When::Relay(404, 404),
        cause: Cause::RelayNotFound,
        name: "relay_not_found",
        next: Next::Fail,
        remedy: by_a_relay!(
            "it has no such path or task; compare the base URL and the path with the relay's documentation"
        ),
    },
    Row {
        when: When::Relay(429, 429),
        cause: Cause::RelayRateLimited,
        name: "relay_rate_limited",
        next: Next::Backoff,
        remedy: by_a_relay!("too many requests; wait, then send fewer"),
    },
    Row {
        when: When::Relay(500, 599),
        cause: Cause::RelayFailed,
        name: "relay_failed",
        next: Next::Fail,
        remedy: by_a_relay!(
            "it failed, or Kling behind it; look for the task before a request that makes one is sent again, since it may be billed twice"
        ),
    },
    Row {
        when: When::Relay(0, u16::MAX),
        cause: Cause::RelayRefused,
        name: "relay_refused",
        next: Next::Fail,
        remedy: by_a_relay!("its message says why"),
    },
    // Any other
    Row {
        when: When::Other,
        cause: Cause::UnknownCode,
        name: "unknown_code",
        next: Next::Fail,
        remedy: "Kling gave a code that is not in its list: the message has to tell",
    },
    Row {
        when: When::Other,
        cause: Cause::NotKling,
        name: "not_kling",
        next: Next::Fail,
        remedy: "the answer is in no form that is known, or was cut off: look at the base URL, and for a proxy or a gateway that answers in Kling's place",
    },
];

impl Row {
    /// The line for a code and a message of Kling's.
    pub(crate) fn of(code: u32, message: &str) -> Option<&'static Self> {
        TABLE.iter().find(|row| match row.when {
            When::Kling(codes) => {
                codes.iter().any(|(known, words)| *known == code && mentions(message, words))
            }
            _ => false,
        })
    }

    /// The line for a refusal in a relay's form.
    pub(crate) fn of_relay(status: u16) -> Option<&'static Self> {
        TABLE.iter().find(|row| match row.when {
            When::Relay(first, last) => (first..=last).contains(&status),
            _ => false,
        })
    }
}

impl Cause {
    /// What the same words of Kling's mean for the kind of credential that was sent: it takes an
    /// API key that it does not know for a key pair's, and the other way round.
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

    /// Whether it is the credential, or the token that is made of it, that was refused: not the
    /// account, the request or the server.
    ///
    /// ```
    /// use kling_jwt_core::Cause;
    ///
    /// assert!(Cause::WrongSecretKey.is_of_credential());
    /// assert!(!Cause::ResourcePackUsedUp.is_of_credential());
    /// ```
    pub const fn is_of_credential(self) -> bool {
        // Each by name: who adds a cause decides.
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

    /// The cause of this stable name.
    ///
    /// ```
    /// use kling_jwt_core::Cause;
    ///
    /// assert_eq!(Cause::named("token_expired"), Some(Cause::TokenExpired));
    /// assert_eq!(Cause::named("Token expired"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.cause)
    }

    /// The stable name, the same in all languages.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// For people: what it means, and what to do about it.
    pub fn remedy(self) -> &'static str {
        self.row().remedy
    }

    /// The remedy for keys of a region, whose console it names.
    ///
    /// ```
    /// use kling_jwt_core::{Cause, Region};
    ///
    /// let remedy = Cause::WrongSecretKey.remedy_in(Region::Beijing);
    /// assert!(remedy.contains("https://klingai.com/dev/api-key"));
    /// ```
    pub fn remedy_in(self, region: Region) -> &'static str {
        let known =
            IN_BEIJING.iter().find(|(cause, _)| region == Region::Beijing && *cause == self);
        known.map_or_else(|| self.remedy(), |(_, remedy)| remedy)
    }

    fn row(self) -> &'static Row {
        let row = TABLE.iter().find(|row| row.cause == self);
        debug_assert!(row.is_some(), "every cause has a row");
        row.unwrap_or(&TABLE[0])
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a message has these words, in whatever case.
fn mentions(message: &str, words: &str) -> bool {
    words.is_empty()
        || message
            .as_bytes()
            .windows(words.len())
            .any(|part| part.eq_ignore_ascii_case(words.as_bytes()))
}

//! Why Kling refuses: what its codes and messages mean, what to tell the user, and what to do
//! next. The one table of all that is [`TABLE`].
//!
//! Its rows are Kling's own list of codes and what others saw of the live service.

use core::fmt;

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
    /// The access key is not known to this host.
    UnknownAccessKey,
    /// The key is not known to this host: it is wrong, or of another region.
    UnknownApiKey,
    /// The path does not take key pairs.
    WrongScheme,
    /// The `Authorization` header is not of the form that Kling takes.
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
    /// Too many tasks at a time.
    TooManyConcurrent,
    /// The address is not on the account's whitelist.
    IpNotAllowed,
    /// A parameter is missing or wrong; the credential is valid.
    InvalidParameters,
    /// There is no such method or path; the credential is valid.
    MethodNotFound,
    /// There is no such resource or model; the credential is valid.
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
    /// An answer of Kling's with a code that is not in its list.
    UnknownCode,
    /// A refusal without Kling's envelope, whole: it is somebody else's, or was cut.
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
    /// Kling's codes with this meaning; none where the status has to do.
    codes: &'static [u32],
    /// What the message says, where one code has several reasons; in lower case.
    says: &'static str,
    pub(crate) cause: Cause,
    /// The stable name of the cause.
    name: &'static str,
    pub(crate) next: Next,
    /// For people: what it means, and what to do about it.
    remedy: &'static str,
}

// What several causes have in common; the cause says which it is.
const UNKNOWN_KEY: &str = "this host does not know the key: copy it again, and use the host of the region in which it was made (https://api-singapore.klingai.com or https://api-beijing.klingai.com)";
const SERVER_FAILED: &str = "Kling's server failed, is not available for now or took too long, the credential is not at fault: look for the task before a request that makes one is sent again, since it may be billed twice";

/// Of several rows with a code the first one counts whose words stand in the message.
///
/// After a fault of the server's nothing is sent again by itself, whatever the method: what was
/// asked for may have been done, and billed.
const TABLE: &[Row] = &[
    // HTTP 200
    Row {
        codes: &[0],
        says: "",
        cause: Cause::Accepted,
        name: "accepted",
        next: Next::Accept,
        remedy: "the request was accepted",
    },
    // HTTP 401
    Row {
        codes: &[1000],
        says: "signature is invalid",
        cause: Cause::WrongSecretKey,
        name: "wrong_secret_key",
        next: Next::Fail,
        remedy: "the secret key does not belong to the access key: copy both again from https://kling.ai/dev/api-key",
    },
    Row {
        codes: &[1000],
        says: "",
        cause: Cause::AuthenticationFailed,
        name: "authentication_failed",
        next: Next::Fail,
        remedy: "the credential was refused: copy access key and secret key again from https://kling.ai/dev/api-key, and make sure that this machine's clock is right",
    },
    Row {
        codes: &[1001],
        says: "",
        cause: Cause::AuthorizationMissing,
        name: "authorization_missing",
        next: Next::Fail,
        remedy: "no bearer arrived: send `Authorization: Bearer <token>`, and look for a proxy or a redirect that takes it off",
    },
    Row {
        codes: &[1002],
        says: "access key not exist",
        cause: Cause::UnknownAccessKey,
        name: "unknown_access_key",
        next: Next::Fail,
        remedy: UNKNOWN_KEY,
    },
    Row {
        codes: &[1002],
        says: "api key not found",
        cause: Cause::UnknownApiKey,
        name: "unknown_api_key",
        next: Next::Fail,
        remedy: UNKNOWN_KEY,
    },
    Row {
        codes: &[1002],
        says: "does not support ak/sk",
        cause: Cause::WrongScheme,
        name: "wrong_scheme",
        next: Next::Fail,
        remedy: "this path does not take a key pair: make an API key at https://kling.ai/dev/api-key and pass that, or use the older path below /v1",
    },
    Row {
        codes: &[1002],
        says: "",
        cause: Cause::AuthorizationInvalid,
        name: "authorization_invalid",
        next: Next::Fail,
        remedy: "the Authorization header is not `Bearer`, one space and a token: pass the token as it is, without quotes or a second `Bearer`",
    },
    Row {
        codes: &[1003],
        says: "",
        cause: Cause::TokenNotYetValid,
        name: "token_not_yet_valid",
        next: Next::Resign,
        remedy: "the token's time has not begun on the server: this machine's clock is ahead; set it by NTP",
    },
    Row {
        codes: &[1004],
        says: "",
        cause: Cause::TokenExpired,
        name: "token_expired",
        next: Next::Resign,
        remedy: "the token's time is over on the server: ask for a token with each request instead of keeping one, or, if it was new, set this machine's clock by NTP",
    },
    // HTTP 403
    Row {
        codes: &[1103],
        says: "",
        cause: Cause::NoPermission,
        name: "no_permission",
        next: Next::Fail,
        remedy: "the account may not use this: enable API access, and the model, in Kling's console",
    },
    // HTTP 429
    Row {
        codes: &[1100],
        says: "",
        cause: Cause::AccountAbnormal,
        name: "account_abnormal",
        next: Next::Fail,
        remedy: "something is wrong with the account, not with the credential: look into Kling's console",
    },
    Row {
        codes: &[1101],
        says: "",
        cause: Cause::AccountInArrears,
        name: "account_in_arrears",
        next: Next::Fail,
        remedy: "the account is in arrears, the credential is valid: pay in Kling's console",
    },
    Row {
        codes: &[1102],
        says: "",
        cause: Cause::ResourcePackUsedUp,
        name: "resource_pack_used_up",
        next: Next::Fail,
        remedy: "the resource pack is used up or expired, the credential is valid: buy one in Kling's console",
    },
    Row {
        codes: &[1302],
        says: "",
        cause: Cause::RateLimited,
        name: "rate_limited",
        next: Next::Backoff,
        remedy: "too many requests in a time, the credential is valid: wait, then send fewer",
    },
    Row {
        codes: &[1303],
        says: "",
        cause: Cause::TooManyConcurrent,
        name: "too_many_concurrent",
        next: Next::Backoff,
        remedy: "too many tasks at a time, the credential is valid: wait until one has ended",
    },
    Row {
        codes: &[1304],
        says: "",
        cause: Cause::IpNotAllowed,
        name: "ip_not_allowed",
        next: Next::Fail,
        remedy: "this machine's public address is not on the account's whitelist: add it in Kling's console",
    },
    // HTTP 400
    Row {
        codes: &[1200, 1201],
        says: "",
        cause: Cause::InvalidParameters,
        name: "invalid_parameters",
        next: Next::Fail,
        remedy: "a parameter of the request is wrong, the credential is valid: the message tells which",
    },
    // HTTP 404
    Row {
        codes: &[1202],
        says: "",
        cause: Cause::MethodNotFound,
        name: "method_not_found",
        next: Next::Fail,
        remedy: "there is no such method and path, the credential is valid: compare both with Kling's documentation",
    },
    Row {
        codes: &[1203],
        says: "",
        cause: Cause::ResourceNotFound,
        name: "resource_not_found",
        next: Next::Fail,
        remedy: "there is no such resource or model, the credential is valid: compare its name with Kling's documentation",
    },
    // HTTP 400
    Row {
        codes: &[1300],
        says: "",
        cause: Cause::PolicyViolation,
        name: "policy_violation",
        next: Next::Fail,
        remedy: "the platform's policy forbids this request, the credential is valid: change the request",
    },
    Row {
        codes: &[1301],
        says: "",
        cause: Cause::ContentUnsafe,
        name: "content_unsafe",
        next: Next::Fail,
        remedy: "the content was found unsafe, the credential is valid: change the prompt or the image",
    },
    // HTTP 500, 503 and 504
    Row {
        codes: &[5000],
        says: "",
        cause: Cause::ServerFault,
        name: "server_fault",
        next: Next::Fail,
        remedy: SERVER_FAILED,
    },
    Row {
        codes: &[5001],
        says: "",
        cause: Cause::ServerUnavailable,
        name: "server_unavailable",
        next: Next::Fail,
        remedy: SERVER_FAILED,
    },
    Row {
        codes: &[5002],
        says: "",
        cause: Cause::ServerTimeout,
        name: "server_timeout",
        next: Next::Fail,
        remedy: SERVER_FAILED,
    },
    // Any other
    Row {
        codes: &[],
        says: "",
        cause: Cause::UnknownCode,
        name: "unknown_code",
        next: Next::Fail,
        remedy: "Kling gave a code that is not in its list: the message has to tell",
    },
    Row {
        codes: &[],
        says: "",
        cause: Cause::NotKling,
        name: "not_kling",
        next: Next::Fail,
        remedy: "the answer is not in Kling's form, or was cut: look at the base URL, and for a proxy or a gateway that answers in Kling's place",
    },
];

impl Row {
    /// The line for a code and a message.
    pub(crate) fn of(code: u32, message: &str) -> Option<&'static Self> {
        TABLE.iter().find(|row| row.codes.contains(&code) && mentions(message, row.says))
    }
}

impl Cause {
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

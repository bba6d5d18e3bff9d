//! All errors, each with a stable code and a message that says what to do.
//!
//! Errors are small and `Copy`. They contain a field and a position, but never a value, so that no
//! message can show a secret. The exception is one invalid character, which is in no key.

use core::fmt::{self, Write};

use crate::encoding::{
    chars::is_white_space,
    write::{Decimal, write_all},
};

/// Why an input was refused.
///
/// [`code`](Error::code) is the same in Rust, Python and Node, and does not change between
/// versions. The message, from `Display`, says what to do, and may change.
///
/// ```
/// use kling_jwt_core::{Credentials, Error, Fault, Field};
///
/// let error = Credentials::key_pair("", "secret").unwrap_err();
/// assert_eq!(error, Error::Credential { field: Field::AccessKey, fault: Fault::Empty });
/// assert_eq!(error.code(), "ERR_ACCESS_KEY_EMPTY");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A key cannot be used.
    Credential {
        /// Which key.
        field: Field,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A lifetime outside 1 to 1800 seconds.
    Lifetime,
    /// A buffer that is not a number of seconds, 0 or more.
    Buffer,
    /// A time that is not in Unix seconds, from 1970 to the year 9999.
    Time,
    /// A base URL that is neither `https` nor `http` on loopback, or that has a user name, a query
    /// or a fragment.
    BaseUrl,
    /// A base URL that is only a host.
    BaseUrlHost,
    /// An unknown region, or a region together with a base URL.
    Region,
    /// A value of the wrong type.
    Type {
        /// The argument's name.
        argument: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A buffer that is too small for the encoded or decoded token.
    Destination,
    /// A token that does not have three segments, separated by dots.
    TokenSegments,
    /// A segment that is not canonical base64url without padding (RFC 7515, section 2).
    TokenEncoding,
    /// A header that is not a JSON object with a string `alg`.
    TokenHeader,
    /// A payload that is not a JSON object.
    TokenClaims,
    /// A token whose `alg` is not `HS256`.
    Algorithm,
    /// A signature that does not match the header, the payload and the key.
    Signature,
    /// A webhook secret that is not base64, or no secret at all.
    WebhookSecret,
    /// A callback without any of the headers of a signature.
    WebhookUnsigned,
    /// A callback in which this header is missing or invalid.
    WebhookHeader {
        /// The header.
        name: &'static str,
    },
    /// A callback whose time is more than 300 seconds from now.
    WebhookTime {
        /// How old it is, in seconds; negative if its time is in the future.
        age: i64,
    },
    /// A callback whose signatures match none of the secrets.
    WebhookSignature,
    /// The same, and one of the secrets is shorter than 24 bytes.
    WebhookShortSecret,
}

/// The key that cannot be used, in an [`Error::Credential`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// The access key: public, the `iss` of each token.
    AccessKey,
    /// The secret key: the HMAC key.
    SecretKey,
    /// The static API key.
    ApiKey,
}

/// What is wrong with a [`Field`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is empty.
    Empty,
    /// It is too long to be one of Kling's keys.
    TooLong,
    /// It contains a character that no key has: white space, a control character, a quote, or one
    /// outside ASCII.
    Character {
        /// Its index in bytes, from 0.
        index: usize,
        /// The character.
        character: char,
    },
    /// It is a placeholder from a guide or a template.
    Placeholder,
    /// It contains a variable that was not expanded: `$NAME` or `${NAME}`.
    Variable,
    /// It is masked, as a console shows it: `••••`.
    Masked,
    /// It is a JWT, which is made from the keys, and expires within 30 minutes.
    Jwt,
    /// It is another kind of credentials: an API key, or both keys of a pair in one text.
    Kind,
}

impl Error {
    /// The stable code: `ERR_` and upper case, the same in all languages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Credential { field, fault } => match (field, fault) {
                (Field::AccessKey, Fault::Empty) => "ERR_ACCESS_KEY_EMPTY",
                (Field::AccessKey, Fault::TooLong) => "ERR_ACCESS_KEY_TOO_LONG",
                (Field::AccessKey, Fault::Character { .. }) => "ERR_ACCESS_KEY_CHARACTER",
                (Field::AccessKey, Fault::Placeholder) => "ERR_ACCESS_KEY_PLACEHOLDER",
                (Field::AccessKey, Fault::Variable) => "ERR_ACCESS_KEY_VARIABLE",
                (Field::AccessKey, Fault::Masked) => "ERR_ACCESS_KEY_MASKED",
                (Field::AccessKey, Fault::Jwt) => "ERR_ACCESS_KEY_JWT",
                (Field::AccessKey, Fault::Kind) => "ERR_ACCESS_KEY_KIND",
                (Field::SecretKey, Fault::Empty) => "ERR_SECRET_KEY_EMPTY",
                (Field::SecretKey, Fault::TooLong) => "ERR_SECRET_KEY_TOO_LONG",
                (Field::SecretKey, Fault::Character { .. }) => "ERR_SECRET_KEY_CHARACTER",
                (Field::SecretKey, Fault::Placeholder) => "ERR_SECRET_KEY_PLACEHOLDER",
                (Field::SecretKey, Fault::Variable) => "ERR_SECRET_KEY_VARIABLE",
                (Field::SecretKey, Fault::Masked) => "ERR_SECRET_KEY_MASKED",
                (Field::SecretKey, Fault::Jwt) => "ERR_SECRET_KEY_JWT",
                (Field::SecretKey, Fault::Kind) => "ERR_SECRET_KEY_KIND",
                (Field::ApiKey, Fault::Empty) => "ERR_API_KEY_EMPTY",
                (Field::ApiKey, Fault::TooLong) => "ERR_API_KEY_TOO_LONG",
                (Field::ApiKey, Fault::Character { .. }) => "ERR_API_KEY_CHARACTER",
                (Field::ApiKey, Fault::Placeholder) => "ERR_API_KEY_PLACEHOLDER",
                (Field::ApiKey, Fault::Variable) => "ERR_API_KEY_VARIABLE",
                (Field::ApiKey, Fault::Masked) => "ERR_API_KEY_MASKED",
                (Field::ApiKey, Fault::Jwt) => "ERR_API_KEY_JWT",
                (Field::ApiKey, Fault::Kind) => "ERR_API_KEY_KIND",
            },
            Self::Lifetime => "ERR_LIFETIME",
            Self::Buffer => "ERR_BUFFER",
            Self::Time => "ERR_TIME",
            Self::BaseUrl | Self::BaseUrlHost => "ERR_BASE_URL",
            Self::Region => "ERR_REGION",
            Self::Type { .. } => "ERR_TYPE",
            Self::Destination => "ERR_DESTINATION",
            Self::TokenSegments => "ERR_TOKEN_SEGMENTS",
            Self::TokenEncoding => "ERR_TOKEN_ENCODING",
            Self::TokenHeader => "ERR_TOKEN_HEADER",
            Self::TokenClaims => "ERR_TOKEN_CLAIMS",
            Self::Algorithm => "ERR_ALGORITHM",
            Self::Signature => "ERR_SIGNATURE",
            Self::WebhookSecret => "ERR_WEBHOOK_SECRET",
            Self::WebhookUnsigned => "ERR_WEBHOOK_UNSIGNED",
            Self::WebhookHeader { .. } => "ERR_WEBHOOK_HEADER",
            Self::WebhookTime { .. } => "ERR_WEBHOOK_TIME",
            Self::WebhookSignature | Self::WebhookShortSecret => "ERR_WEBHOOK_SIGNATURE",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credential { field, fault } => return write_credential(f, *field, *fault),
            Self::WebhookHeader { name } => {
                let needed = " header: Kling sends one with each signature; make sure that no \
                              proxy removes it";
                return write_all(f, &["the callback has no valid ", name, needed]);
            }
            Self::WebhookTime { age } => return write_time(f, *age),
            Self::Type { argument, expected } => {
                return write_all(f, &[argument, " must be ", expected]);
            }
            Self::Lifetime => {
                "lifetime must be a whole number of seconds from 1 to 1800: Kling refuses a token \
                 that is valid for more than 30 minutes"
            }
            Self::Buffer => "the buffer must be a number of seconds, 0 or more",
            Self::Time => {
                "the time must be in Unix seconds, from 1970 to the year 9999; divide milliseconds \
                 by 1000"
            }
            Self::BaseUrl => {
                "the base URL must be https://HOST, or http:// on loopback, without user name, \
                 query or fragment"
            }
            Self::BaseUrlHost => "the base URL is only a host: put https:// before it",
            Self::Region => {
                "the region must be `singapore` or `beijing`: pass a region or a base URL, not both"
            }
            Self::Destination => {
                "the destination is too small: size it with encoded_len, or give \
                 decode and verify as many bytes as the token has"
            }
            Self::TokenSegments => {
                "the token is not header.payload.signature: pass the whole token, without `Bearer`"
            }
            Self::TokenEncoding => {
                "a segment of the token is not canonical base64url without padding: the token was \
                 cut off or changed"
            }
            Self::TokenHeader => "the token's header is not a JSON object with a string `alg`",
            Self::TokenClaims => "the token's payload is not a JSON object of claims",
            Self::Algorithm => {
                "the token's alg is not HS256, the only one that Kling accepts; use PyJWT or \
                 jsonwebtoken for other issuers' tokens"
            }
            Self::WebhookSecret => {
                "the webhook secret must be whsec_ and base64: copy it again from Kling's console"
            }
            Self::WebhookUnsigned => {
                "the callback is not signed: Kling signs callbacks only if there is a webhook \
                 secret. Create one in Kling's console; until then, callbacks cannot be verified"
            }
            Self::WebhookSignature => {
                "no secret matches the signature of this callback: verify the raw bytes of the \
                 body, before they are parsed, with the secret of this webhook"
            }
            Self::WebhookShortSecret => {
                "no secret matches the signature of this callback, and one is too short: a webhook \
                 secret has at least 24 bytes, which is whsec_ and 32 characters. Copy it again \
                 from Kling's console"
            }
            Self::Signature => {
                "the signature does not match: the token was changed or signed with another key"
            }
        })
    }
}

fn write_credential(f: &mut fmt::Formatter<'_>, field: Field, fault: Fault) -> fmt::Result {
    let name = match field {
        Field::AccessKey => "access key",
        Field::SecretKey => "secret key",
        Field::ApiKey => "API key",
    };
    if let Fault::Character { index, character: char } = fault {
        let number = Decimal::of((index as u64).saturating_add(1));
        write_all(f, &["character ", number.as_str(), " of the ", name, " is "])?;
        write_scalar(f, char)?;
        return write_all(f, &[" (", kind_of(char), "): copy the ", name, AGAIN]);
    }
    let what = match fault {
        Fault::Empty => {
            " is empty (in CI, a missing secret is empty): leave it out to search for credentials, \
             or "
        }
        Fault::TooLong => " is too long to be a key of Kling: ",
        Fault::Character { .. } => "",
        Fault::Placeholder => " is a placeholder from a guide: ",
        Fault::Variable => {
            " contains a variable (`$NAME` or `${NAME}`), which is not expanded in `.env` or an \
             argument: write the value itself; "
        }
        Fault::Masked => " is masked, as a console shows it: ",
        Fault::Jwt => {
            " is a JWT, which is made from the keys and expires within 30 minutes: use the keys \
             themselves; "
        }
        Fault::Kind => {
            " is another kind of credentials (an API key, or both keys in one text): pass it as \
             the API key, or "
        }
    };
    write_all(f, &["the ", name, what, "copy the ", name, AGAIN])
}

const AGAIN: &str = " again from https://kling.ai/dev/api-key";

/// Writes the number of a character, such as `U+200B`, because many refused ones are invisible.
fn write_scalar(f: &mut fmt::Formatter<'_>, char: char) -> fmt::Result {
    f.write_str("U+")?;
    let number = u32::from(char);
    let digits = if number > 0xffff { 6 } else { 4 };
    (0..digits).rev().try_for_each(|place| {
        let digit = char::from_digit(number >> (4 * place) & 0xf, 16).unwrap_or_default();
        f.write_char(digit.to_ascii_uppercase())
    })
}

fn kind_of(char: char) -> &'static str {
    match char {
        '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => "invisible",
        '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' => "a quote",
        '\\' => "a backslash",
        char if is_white_space(char) => "white space",
        char if char.is_control() => "a control character",
        _ => "not ASCII",
    }
}

/// From this difference in seconds on, one of the two times must be in milliseconds.
const MILLISECONDS: u64 = 100_000_000_000;

fn write_time(f: &mut fmt::Formatter<'_>, age: i64) -> fmt::Result {
    if age.unsigned_abs() >= MILLISECONDS {
        return f.write_str(
            "the callback's time or `now` seems to be in milliseconds: both are in Unix seconds, \
             so divide it by 1000",
        );
    }
    let seconds = Decimal::of(age.unsigned_abs());
    let (before, after) = if age < 0 {
        (
            "the callback's time is ",
            " seconds ahead, and at most 300 are allowed: this machine's clock is slow, or the \
             sender's is fast",
        )
    } else {
        (
            "the callback is ",
            " seconds old, and at most 300 are allowed: it was sent again later, or this machine's \
             clock is fast",
        )
    };
    write_all(f, &[before, seconds.as_str(), after])
}

impl core::error::Error for Error {}

/// A text that is not one of the stable names of a type.
///
/// ```
/// use kling_jwt_core::{Cause, UnknownName};
///
/// assert_eq!("no such cause".parse::<Cause>(), Err(UnknownName));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownName;

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown name: use one of the stable names, such as those of `as_str`")
    }
}

impl core::error::Error for UnknownName {}

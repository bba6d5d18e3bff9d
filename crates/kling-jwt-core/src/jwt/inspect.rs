//! Explains a token to a person: its parts, its times, whether a key signed it, and whether Kling
//! would accept it now.

use core::fmt::{self, Display, Write};

use crate::{
    AccessKey, Cause, Error, JsonString, Masked, Validity, decode,
    encoding::{
        chars::{digits, is_white_space, plain, split_once, trimmed},
        date::Utc,
        json,
        write::{Decimal, write_all},
    },
    verify_signature,
};

/// Decodes any token, to show what it says. It may have white space around it, and `Bearer` before
/// it, in any case.
///
/// With `secret_key`, the signature is checked too. `now` is in Unix seconds. `buffer` needs at
/// most as many bytes as the token has.
///
/// # Errors
///
/// [`Error::TokenSegments`], [`Error::TokenEncoding`], [`Error::TokenHeader`] or
/// [`Error::TokenClaims`] for a text that is not a token; [`Error::Destination`] for a short
/// buffer; [`Error::Credential`] for an empty key.
///
/// ```
/// use kling_jwt_core::{Cause, Credentials, TokenProvider, inspect};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key")?;
/// let token = TokenProvider::new(&credentials).token(1_800_000_000).clone();
/// let mut buffer = [0; 512];
/// let inspection = inspect(token.as_str(), Some(b"secret-key"), 1_800_000_000, &mut buffer)?;
/// assert_eq!(inspection.issuer().unwrap(), "access-key");
/// assert_eq!(inspection.is_signature_valid, Some(true));
/// assert_eq!(inspection.prediction().0, Cause::Accepted);
/// assert!(inspection.to_string().contains("2027-01-15 08:30:00 UTC, in 30 min 0 s"));
/// # Ok::<_, kling_jwt_core::Error>(())
/// ```
pub fn inspect<'d>(
    token: &str,
    secret_key: Option<&[u8]>,
    now: u64,
    buffer: &'d mut [u8],
) -> Result<Inspection<'d>, Error> {
    let token = bare_token(token);
    let decoded = decode(token, buffer)?;
    let is_signature_valid = match secret_key.map(|key| verify_signature(token, key)) {
        None => None,
        Some(Ok(())) => Some(true),
        Some(Err(Error::Signature)) => Some(false),
        Some(Err(error)) => return Err(error),
    };
    let header = json::object(decoded.header).ok_or(Error::TokenHeader)?;
    let claims = json::object(decoded.payload).ok_or(Error::TokenClaims)?;
    Ok(Inspection { header, claims, is_signature_valid, now })
}

/// Removes `Authorization:`, `Bearer` and white space from around a token.
///
/// The name and the scheme may be in any case (RFC 9110, sections 5.1 and 11.1).
///
/// ```
/// use kling_jwt_core::bare_token;
///
/// assert_eq!(bare_token(" bearer  eyJ.e30.x\n"), "eyJ.e30.x");
/// assert_eq!(bare_token("Authorization: Bearer eyJ.e30.x"), "eyJ.e30.x");
/// assert_eq!(bare_token("BearereyJ.e30.x"), "BearereyJ.e30.x");
/// assert_eq!(bare_token("Basic- eyJ.e30.x"), "Basic- eyJ.e30.x");
/// ```
pub fn bare_token(text: &str) -> &str {
    let text = trimmed(text, is_white_space);
    let text = match split_once(text, b':') {
        Some((name, rest)) if name.eq_ignore_ascii_case("Authorization") => {
            trimmed(rest, is_white_space)
        }
        _ => text,
    };
    let Some((scheme, rest)) = text.split_at_checked("Bearer".len()) else { return text };
    let token = trimmed(rest, is_white_space);
    let is_apart = token.len() < rest.len();
    if is_apart && scheme.eq_ignore_ascii_case("Bearer") { token } else { text }
}

/// A decoded token. Its `Display` explains it in several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection<'d> {
    /// The header: a JSON object.
    pub header: &'d str,
    /// The claims: a JSON object.
    pub claims: &'d str,
    /// Whether the secret key made the signature; `None` if no key was given.
    pub is_signature_valid: Option<bool>,
    /// When it was inspected, in Unix seconds.
    pub now: u64,
}

impl<'d> Inspection<'d> {
    /// `alg`: the algorithm of the signature.
    pub fn algorithm(&self) -> Option<JsonString<'d>> {
        JsonString::of(json::member(self.header, "alg")?)
    }

    /// `iss`: the access key.
    pub fn issuer(&self) -> Option<JsonString<'d>> {
        JsonString::of(json::member(self.claims, "iss")?)
    }

    /// `exp`: when it expires, in Unix seconds; `None` if that is not a whole number.
    pub fn expires_at(&self) -> Option<u64> {
        json::number(self.claims, "exp")
    }

    /// `nbf`: when it becomes valid, in Unix seconds; `None` if that is not a whole number.
    pub fn not_before(&self) -> Option<u64> {
        json::number(self.claims, "nbf")
    }

    /// Predicts what Kling would answer to this token now, and says why.
    ///
    /// Only Kling knows which access keys exist.
    pub fn prediction(&self) -> (Cause, &'static str) {
        let (now, not_before) = (self.now, self.not_before());
        if self.algorithm().is_none_or(|algorithm| algorithm != "HS256") {
            return (Cause::AuthorizationInvalid, "alg must be HS256");
        }
        let Some(issuer) = self.issuer() else {
            return (Cause::AuthorizationInvalid, "iss must be the access key");
        };
        let Some(expires_at) = self.expires_at() else {
            return (Cause::AuthorizationInvalid, "exp must be a time in whole Unix seconds");
        };
        if not_before.is_none() && json::values(self.claims, "nbf").next().is_some() {
            return (Cause::AuthorizationInvalid, "nbf must be a time in whole Unix seconds");
        }
        let mut buffer = [0; AccessKey::MAX_LEN];
        if issuer.write_into(&mut buffer).is_none_or(|key| AccessKey::validate(key).is_err()) {
            return (
                Cause::UnknownAccessKey,
                "iss is not an access key: it is empty, too long, or has invalid characters",
            );
        }
        if self.is_signature_valid == Some(false) {
            return (Cause::WrongSecretKey, "another key signed it");
        }
        if not_before.is_some_and(|not_before| now < not_before) {
            return (Cause::TokenNotYetValid, "nbf is in the future");
        }
        if expires_at <= now {
            return (Cause::TokenExpired, "exp has passed");
        }
        // If `now` is up to 5 seconds behind the clock that minted the token, which nbf allows,
        // more than 1800 seconds seem to remain.
        if expires_at - now > Validity::MAX_LIFETIME + Validity::LEEWAY {
            return (Cause::AuthorizationInvalid, "exp is more than 1800 seconds ahead");
        }
        (Cause::Accepted, "only a request shows whether Kling knows the access key")
    }
}

impl fmt::Display for Inspection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("header\n")?;
        for (name, value) in json::members(self.header) {
            self.write_member(f, name, value, about_header)?;
        }
        f.write_str("claims\n")?;
        for (name, value) in json::members(self.claims) {
            self.write_member(f, name, value, about_claim)?;
        }
        f.write_str(match self.is_signature_valid {
            None => "signature: not checked, because its secret key was not given\n",
            Some(true) => "signature: made with this secret key\n",
            Some(false) => "signature: NOT made with this secret key\n",
        })?;
        let (cause, why) = self.prediction();
        match cause {
            Cause::Accepted => write_all(f, &["Kling: would accept it now; ", why]),
            _ => write_all(f, &["Kling: would refuse it now (", cause.as_str(), "): ", why]),
        }
    }
}

impl Inspection<'_> {
    fn write_member(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        value: &str,
        about: fn(&str, &str) -> &'static str,
    ) -> fmt::Result {
        f.write_str("  ")?;
        write_plain(f, name)?;
        f.write_str("  ")?;
        let name = known(name);
        match name {
            "iss" => write_masked(f, value)?,
            _ => write_plain(f, value)?,
        }
        f.write_str("  ")?;
        if let ("exp" | "nbf" | "iat", Some(time)) = (name, digits(value.as_bytes())) {
            Utc(time).fmt(f)?;
            f.write_str(", ")?;
            Distance { time, now: self.now }.fmt(f)?;
            f.write_str(": ")?;
        }
        write_all(f, &[about(name, value), "\n"])
    }
}

/// Writes a text without control characters: anyone may have written the token.
fn write_plain(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    text.chars().try_for_each(|char| f.write_char(plain(char)))
}

/// Writes a masked access key, because it may be a secret key by mistake. `value` is its JSON.
fn write_masked(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    let Some(key) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return write_plain(f, value);
    };
    let (start, end) = Masked(key).ends();
    ["\"", start, "…", end, "\""].iter().try_for_each(|part| write_plain(f, part))
}

/// A member's name without escapes, if it is explained here; empty for any other.
fn known(written: &str) -> &'static str {
    let is_written = |name: &&&str| JsonString::unquoted(written) == ***name;
    ["alg", "typ", "iss", "exp", "nbf", "iat"].iter().find(is_written).copied().unwrap_or_default()
}

fn about_header(name: &str, value: &str) -> &'static str {
    let is = |text: &str| JsonString::of(value).is_some_and(|value| value == *text);
    match name {
        "alg" if is("HS256") => "signed with HMAC-SHA256, which Kling requires",
        "alg" => "the algorithm; Kling accepts only HS256",
        "typ" if is("JWT") => "a JSON Web Token",
        _ => "not in Kling's documentation",
    }
}

fn about_claim(name: &str, _: &str) -> &'static str {
    match name {
        "iss" => "the access key",
        "exp" => "when it expires; at most 1800 seconds after it was made",
        "nbf" => "when it becomes valid; 5 seconds before it was made, in case the clock is ahead",
        "iat" => "when it was made; Kling's samples have none",
        _ => "not in Kling's documentation",
    }
}

/// How far a time is from now, for people, in the two largest units.
struct Distance {
    time: u64,
    now: u64,
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let distance = self.time.abs_diff(self.now);
        if self.time > self.now {
            f.write_str("in ")?;
        }
        let (unit, name, smaller, smaller_name) = match distance {
            0..3600 => (60, " min ", 1, " s"),
            3600..86_400 => (3600, " h ", 60, " min"),
            _ => (86_400, " d ", 3600, " h"),
        };
        if distance >= unit {
            write_all(f, &[Decimal::of(distance / unit).as_str(), name])?;
        }
        write_all(f, &[Decimal::of(distance % unit / smaller).as_str(), smaller_name])?;
        if self.time > self.now { Ok(()) } else { f.write_str(" ago") }
    }
}

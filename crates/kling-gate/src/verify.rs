//! From the `Authorization` header to a verdict, with the crates `jsonwebtoken` and
//! `hmac-sha256`.
//!
//! The checks have a fixed order, so that a request with two faults always gets the same
//! code: header present → scheme → shape → known key → signature → not before → expiry →
//! maximum lifetime. Where it is not known how lenient Kling is, the gate is strict (no leeway,
//! only `Bearer` in this spelling, whole seconds).

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use hmac_sha256::HMAC;
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use jsonwebtoken::Algorithm;
use jsonwebtoken::dangerous::insecure_decode;
use serde::{Deserialize, Deserializer};

use crate::accounts::Accounts;
use crate::envelope::Outcome;
use crate::new_paths::NewPath;
use crate::scheme::Scheme;

/// The longest lifetime that Kling accepts, in seconds.
const CEILING: u64 = 1800;
/// A client's clock may be this much ahead before its 1800 seconds count as longer.
/// (A client that is ahead and sends `nbf = now - 5`, as the guide's does, gets 1003 first.)
const CEILING_TOLERANCE: u64 = 30;

/// The text after `Bearer`, classified by its shape. Not `Debug`, because it is a secret.
#[derive(Clone, Copy)]
pub(crate) struct Bearer<'a> {
    pub(crate) scheme: Scheme,
    text: &'a str,
}

/// `exp` and `nbf` as unsigned integers: a number with a fraction or an exponent is refused.
#[derive(Deserialize)]
struct Claims {
    #[serde(rename = "iss")]
    access_key: String,
    #[serde(rename = "exp")]
    expires_at: u64,
    #[serde(rename = "nbf", default, deserialize_with = "present")]
    not_before: Option<u64>,
}

impl<'a> Bearer<'a> {
    /// Reads the `Authorization` header: present, with the scheme, and one of two shapes. Anything
    /// else is treated as a token.
    pub(crate) fn read(headers: &'a HeaderMap, path: &str) -> Result<Self, Outcome> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let value =
            values.next().filter(|value| !value.is_empty()).ok_or(Outcome::AUTHORIZATION_EMPTY)?;
        let text = value
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix("Bearer "))
            // A second space would become the first character of the text.
            .filter(|text| !text.contains(char::is_whitespace))
            .filter(|_| values.next().is_none())
            .ok_or(Outcome::AUTHORIZATION_INVALID)?;
        let scheme = Scheme::of(text).ok_or_else(|| match NewPath::of(path) {
            Some(_) => Outcome::KEY_PAIR_UNSUPPORTED,
            None => Outcome::TOKEN_PARTS,
        })?;
        Ok(Self { scheme, text })
    }

    /// The secret itself.
    pub(crate) fn text(self) -> &'a str {
        self.text
    }

    /// Whether a host of this region accepts the bearer at `now`, in Unix seconds.
    pub(crate) fn verify(
        self,
        accounts: &Accounts,
        region: Option<&str>,
        now: u64,
    ) -> Result<(), Outcome> {
        match self.scheme {
            Scheme::ApiKey if accounts.knows_api_key(self.text, region) => Ok(()),
            Scheme::ApiKey => Err(Outcome::API_KEY_UNKNOWN),
            Scheme::Jwt => signed_claims(self.text, accounts, region)?.verify(now),
        }
    }
}

impl Claims {
    fn verify(&self, now: u64) -> Result<(), Outcome> {
        if self.not_before.is_some_and(|not_before| not_before > now) {
            Err(Outcome::NOT_YET_VALID)
        } else if self.expires_at <= now {
            Err(Outcome::EXPIRED)
        } else if self.expires_at - now > CEILING + CEILING_TOLERANCE {
            Err(Outcome::LIFETIME_TOO_LONG)
        } else {
            Ok(())
        }
    }
}

/// The claims of a token that was signed with HS256 by a known key pair.
fn signed_claims(
    token: &str,
    accounts: &Accounts,
    region: Option<&str>,
) -> Result<Claims, Outcome> {
    let unverified =
        insecure_decode::<Claims>(token).map_err(|_| Outcome::AUTHORIZATION_INVALID)?;
    if unverified.header.alg != Algorithm::HS256 {
        return Err(Outcome::AUTHORIZATION_INVALID);
    }
    let access_key = &unverified.claims.access_key;
    let secret_key = accounts.secret_key(access_key, region).ok_or(Outcome::ACCESS_KEY_UNKNOWN)?;
    if is_signed(token, secret_key) {
        Ok(unverified.claims)
    } else {
        Err(Outcome::SIGNATURE_INVALID)
    }
}

/// Compared as text, so in one spelling only: Base64 without padding and with no bit too many. The
/// time that it takes may show the signature: the gate's keys are public.
fn is_signed(token: &str, secret_key: &str) -> bool {
    let Some((message, signature)) = token.rsplit_once('.') else { return false };
    let expected = HMAC::mac(message, secret_key);
    BASE64_URL_SAFE_NO_PAD.encode(expected) == signature
}

/// A claim that is optional, but not `null`.
fn present<'de, D: Deserializer<'de>>(claim: D) -> Result<Option<u64>, D::Error> {
    u64::deserialize(claim).map(Some)
}

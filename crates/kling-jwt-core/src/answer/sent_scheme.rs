//! What a request carried when it left, where that explains why Kling saw no bearer.
//!
//! Clients put other credentials in the bearer's place and tell nobody: requests takes them from
//! `~/.netrc`, others from the URL or from an option of their own. What stands behind the scheme is
//! a secret, and a first word that is no known scheme may be one: neither is ever shown.

use crate::{Cause, encoding::chars::split_once};

macro_rules! instead {
    ($scheme:literal) => {
        concat!(
            "the client sent ",
            $scheme,
            " in place of the bearer: it took other credentials from ~/.netrc, from the URL or from \
             an option of its own; take those away, or give the client the auth itself (in Python \
             `auth=auth`; for requests, `session.trust_env = False` helps too)"
        )
    };
}

const NOTHING: &str = "the client sent no Authorization header: put the bearer on each request, \
    also on one that follows a redirect, or give the client the auth itself (in Python `auth=auth`)";

/// The schemes that clients know by themselves; another first word may be a part of a secret.
const SCHEMES: &[(&str, &str)] = &[
    ("basic", instead!("`Basic`")),
    ("digest", instead!("`Digest`")),
    ("negotiate", instead!("`Negotiate`")),
    ("ntlm", instead!("`NTLM`")),
    ("token", instead!("`Token`")),
    ("aws4-hmac-sha256", instead!("`AWS4-HMAC-SHA256`")),
];

/// The bearer of an `Authorization` header, if it has one.
pub(crate) fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, bearer) = split_once(authorization, b' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(bearer)
}

/// What to do about a refusal with this cause, after a request with this `Authorization`, which is
/// empty if there was none; `None` where that does not explain it.
pub(crate) fn remedy(cause: Cause, authorization: &str) -> Option<&'static str> {
    if !is_of_no_bearer(cause) {
        return None;
    }
    let scheme = authorization.split_ascii_whitespace().next().unwrap_or_default();
    if scheme.is_empty() {
        return Some(NOTHING);
    }
    let is = |known: &str| scheme.eq_ignore_ascii_case(known);
    match SCHEMES.iter().find(|(known, _)| is(known)) {
        Some((_, remedy)) => Some(remedy),
        // A token without `Bearer` is no scheme: Kling's own reason tells.
        None if is("bearer") || cause != Cause::AuthorizationMissing => None,
        None => Some(instead!("another scheme")),
    }
}

/// Every remedy that is made here.
pub(crate) fn remedies() -> impl Iterator<Item = &'static str> {
    let other = [NOTHING, instead!("another scheme")];
    other.into_iter().chain(SCHEMES.iter().map(|(_, remedy)| *remedy))
}

/// Whether this is how Kling refuses a request in which it sees no bearer.
fn is_of_no_bearer(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::AuthorizationMissing | Cause::AuthorizationInvalid | Cause::AuthenticationFailed
    )
}

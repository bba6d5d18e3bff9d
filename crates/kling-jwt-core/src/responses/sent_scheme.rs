//! What a request carried when it left, where that explains why Kling saw no bearer.
//!
//! Clients put other credentials in the bearer's place and tell nobody: requests takes them from
//! `~/.netrc`, others from the URL or from an option of their own. What stands behind the scheme is
//! a secret, and a first word that is no known scheme may be one: neither is ever shown.

use crate::{Cause, Remedy, encoding::chars::split_once};

/// The schemes that clients know by themselves, as they are shown; another first word may be a part
/// of a secret.
const SCHEMES: [&str; 6] =
    ["`Basic`", "`Digest`", "`Negotiate`", "`NTLM`", "`Token`", "`AWS4-HMAC-SHA256`"];

const ANOTHER: &str = "another scheme";

/// The bearer of an `Authorization` header, if it has one.
pub(crate) fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, bearer) = split_once(authorization, b' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(bearer)
}

/// What to do about a refusal with this cause, after a request with this `Authorization`, which is
/// empty if there was none; `None` where that does not explain it.
pub(crate) fn remedy(cause: Cause, authorization: &str) -> Option<Remedy> {
    if !is_of_no_bearer(cause) {
        return None;
    }
    let scheme = authorization.split_ascii_whitespace().next().unwrap_or_default();
    if scheme.is_empty() {
        return Some(Remedy::NOTHING_SENT);
    }
    let is_it = |known: &&str| scheme.eq_ignore_ascii_case(known.trim_matches('`'));
    match SCHEMES.into_iter().find(is_it) {
        Some(known) => Some(Remedy::sent(known)),
        // A token without `Bearer` is no scheme: Kling's own reason tells.
        None if scheme.eq_ignore_ascii_case("bearer") || cause != Cause::AuthorizationMissing => {
            None
        }
        None => Some(Remedy::sent(ANOTHER)),
    }
}

/// Every remedy that is made here.
pub(crate) fn remedies() -> impl Iterator<Item = Remedy> {
    let schemes = SCHEMES.into_iter().chain([ANOTHER]).map(Remedy::sent);
    schemes.chain([Remedy::NOTHING_SENT])
}

/// Whether this is how Kling refuses a request in which it sees no bearer.
fn is_of_no_bearer(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::AuthorizationMissing | Cause::AuthorizationInvalid | Cause::AuthenticationFailed
    )
}

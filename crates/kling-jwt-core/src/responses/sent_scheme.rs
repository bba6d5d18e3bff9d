//! The `Authorization` header that a client sent, if it explains why Kling saw no bearer.
//!
//! Some clients replace the bearer silently: requests by credentials from `~/.netrc`, others by
//! those from the URL or from their own options. The text after the scheme is secret, and so may be
//! a first word that is not a known scheme: neither is ever shown.

use crate::{Cause, Remedy, encoding::chars::split_once};

/// The schemes that clients support themselves, as they are shown. Any other first word may be part
/// of a secret.
const SCHEMES: [&str; 6] =
    ["`Basic`", "`Digest`", "`Negotiate`", "`NTLM`", "`Token`", "`AWS4-HMAC-SHA256`"];

const ANOTHER: &str = "another scheme";

/// The bearer of an `Authorization` header, if it has one.
pub(crate) fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, bearer) = split_once(authorization, b' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(bearer)
}

/// The remedy for a refusal of a request with this `Authorization` header, which is empty if there
/// was none; `None` if the header does not explain the refusal.
pub(crate) fn remedy(cause: Cause, authorization: &str) -> Option<Remedy> {
    if !is_for_missing_bearer(cause) {
        return None;
    }
    let scheme = authorization.split_ascii_whitespace().next().unwrap_or_default();
    if scheme.is_empty() {
        return Some(Remedy::NOTHING_SENT);
    }
    let matches = |known: &&str| scheme.eq_ignore_ascii_case(known.trim_matches('`'));
    match SCHEMES.into_iter().find(matches) {
        Some(known) => Some(Remedy::sent(known)),
        // The first word may be a token without `Bearer`: Kling's own cause explains that.
        None if scheme.eq_ignore_ascii_case("bearer") || cause != Cause::AuthorizationMissing => {
            None
        }
        None => Some(Remedy::sent(ANOTHER)),
    }
}

/// All remedies that [`remedy`] can return.
pub(crate) fn remedies() -> impl Iterator<Item = Remedy> {
    let schemes = SCHEMES.into_iter().chain([ANOTHER]).map(Remedy::sent);
    schemes.chain([Remedy::NOTHING_SENT])
}

/// Whether Kling may give this cause if it sees no bearer in a request.
fn is_for_missing_bearer(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::AuthorizationMissing | Cause::AuthorizationInvalid | Cause::AuthenticationFailed
    )
}

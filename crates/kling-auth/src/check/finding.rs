//! What the response of one host, or a failure, means for the credentials.

use kling_jwt_core::{Cause, Origin, Verdict};

use super::{CheckCause, CheckResponse, Failure};

/// The outcome of one request.
#[derive(Clone, Copy)]
pub(super) enum Finding<'a> {
    /// Kling, or another server in its place, responded.
    Answered(&'a Verdict, &'a CheckResponse),
    /// The host redirects to another URL.
    Redirected(&'a CheckResponse),
    /// There was no response.
    Failed(Failure),
}

impl<'a> Finding<'a> {
    pub(super) fn of(response: &'a CheckResponse, verdict: &'a Verdict) -> Self {
        match response.status {
            300..=399 => Self::Redirected(response),
            // Kling does not send this status: a proxy requires a password.
            407 => Self::Failed(Failure::Proxy),
            _ => Self::Answered(verdict, response),
        }
    }

    /// Whether Kling accepted the credentials: a status of 200 or 400, as in Kling's guide, or a
    /// refusal for a reason that Kling checks later.
    pub(super) fn is_valid(&self) -> bool {
        let Self::Answered(verdict, response) = self else { return false };
        match verdict.cause {
            // A captive portal's page has status 200 too, but is not JSON. A status below 200 is
            // not a final response.
            Cause::Accepted => response.status >= 200 && response.looks_like_json(),
            Cause::AccountInArrears
            | Cause::ResourcePackUsedUp
            | Cause::RateLimited
            | Cause::TooManyConcurrent
            | Cause::InvalidParameters
            | Cause::MethodNotFound
            | Cause::ResourceNotFound
            | Cause::PolicyViolation
            | Cause::ContentUnsafe => true,
            Cause::UnknownCode | Cause::NotKling => {
                response.status == 400 && response.looks_like_json()
            }
            _ => false,
        }
    }

    /// Whether this host does not know the key. Another host may know it.
    pub(super) fn is_unknown_key(&self) -> bool {
        let unknown = [Cause::UnknownAccessKey, Cause::UnknownApiKey];
        self.verdict().is_some_and(|verdict| unknown.contains(&verdict.cause))
    }

    /// Whether this host knows the key, even if it refused it: Kling looks up the key first.
    pub(super) fn knows_key(&self) -> bool {
        const AFTER_KEY_LOOKUP: [Cause; 8] = [
            Cause::WrongSecretKey,
            Cause::KeyDisabled,
            Cause::AuthenticationFailed,
            Cause::TokenNotYetValid,
            Cause::TokenExpired,
            Cause::NoPermission,
            Cause::AccountAbnormal,
            Cause::IpNotAllowed,
        ];
        let verdict = self.verdict();
        verdict.is_some_and(|verdict| AFTER_KEY_LOOKUP.contains(&verdict.cause)) || self.is_valid()
    }

    pub(super) fn verdict(&self) -> Option<&'a Verdict> {
        match self {
            Self::Answered(verdict, _) => Some(verdict),
            _ => None,
        }
    }

    pub(super) fn cause(&self) -> CheckCause {
        match self {
            Self::Answered(..) => CheckCause::Answered(self.response_cause()),
            Self::Redirected(_) => CheckCause::Redirect,
            Self::Failed(failure) => (*failure).into(),
        }
    }

    /// What it means, and what a person can do about it.
    pub(super) fn remedy(&self) -> String {
        match self {
            Self::Answered(verdict, _) => match self.response_cause() {
                // The remedy of this cause is about a request, not about the credentials.
                Cause::Accepted => String::new(),
                cause @ Cause::RelayNotFound => format!(
                    "{}; whether it accepts the key is unknown: check another of its paths with \
                     `path` (`--path`)",
                    cause.remedy(),
                ),
                cause if cause == verdict.cause => match verdict.unused_api_key() {
                    None => verdict.remedy().to_string(),
                    Some(name) => format!("{}; {name} is set, but not used", verdict.remedy()),
                },
                cause => cause.remedy().to_string(),
            },
            Self::Redirected(response) => format!(
                "the host redirects to {}, where the bearer is not sent: check the base URL, and \
                 look for a portal or a gateway that answers instead of Kling",
                destination(response.location.as_deref()),
            ),
            Self::Failed(failure) => failure.remedy().to_owned(),
        }
    }

    /// The verdict's cause; `NotKling` for an acceptance that did not come from Kling.
    fn response_cause(&self) -> Cause {
        match self {
            Self::Answered(verdict, _) if verdict.cause != Cause::Accepted || self.is_valid() => {
                verdict.cause
            }
            _ => Cause::NotKling,
        }
    }
}

/// Where a redirect leads, without the parts of the URL that may be secret.
fn destination(location: Option<&str>) -> String {
    let Some(location) = location else { return "an unknown URL".to_owned() };
    match Origin::parse(location) {
        Some(origin) => origin.to_string(),
        None if location.starts_with('/') => "another path of the same host".to_owned(),
        None => "an invalid URL".to_owned(),
    }
}

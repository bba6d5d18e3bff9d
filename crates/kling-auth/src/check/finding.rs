//! What one host's answer, or its silence, means for the credential.

use kling_jwt_core::{Cause, Origin, Verdict};

use super::{CheckCause, CheckResponse, Failure};

/// What came of one exchange.
#[derive(Clone, Copy)]
pub(super) enum Finding<'a> {
    /// Kling, or somebody in its place, answered.
    Answered(&'a Verdict, &'a CheckResponse),
    /// The host sends elsewhere; the bearer does not go along.
    Redirected(&'a CheckResponse),
    /// There was no answer.
    Failed(Failure),
}

impl<'a> Finding<'a> {
    pub(super) fn of(answer: &'a CheckResponse, verdict: &'a Verdict) -> Self {
        match answer.status {
            300..=399 => Self::Redirected(answer),
            // Kling has no such status: a proxy asks for a password of its own.
            407 => Self::Failed(Failure::Proxy),
            _ => Self::Answered(verdict, answer),
        }
    }

    /// Whether the credential was taken: the guide's `200 or 400`, and what Kling asks only of
    /// those it let in.
    pub(super) fn is_valid(&self) -> bool {
        let Self::Answered(verdict, answer) = self else { return false };
        match verdict.cause {
            // A portal's page comes with 200 as well; what is below it is no answer.
            Cause::Accepted => answer.status >= 200 && answer.looks_like_json(),
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
                answer.status == 400 && answer.looks_like_json()
            }
            _ => false,
        }
    }

    /// Whether this host does not know the key, which another one may.
    pub(super) fn is_unknown_key(&self) -> bool {
        let unknown = [Cause::UnknownAccessKey, Cause::UnknownApiKey];
        self.verdict().is_some_and(|verdict| unknown.contains(&verdict.cause))
    }

    /// Whether this host knows the key, whatever else it found: Kling looks for the key first.
    pub(super) fn knows_key(&self) -> bool {
        const LATER: [Cause; 8] = [
            Cause::WrongSecretKey,
            Cause::KeyDisabled,
            Cause::AuthenticationFailed,
            Cause::TokenNotYetValid,
            Cause::TokenExpired,
            Cause::NoPermission,
            Cause::AccountAbnormal,
            Cause::IpNotAllowed,
        ];
        let is_later = self.verdict().is_some_and(|verdict| LATER.contains(&verdict.cause));
        is_later || self.is_valid()
    }

    pub(super) fn verdict(&self) -> Option<&'a Verdict> {
        match self {
            Self::Answered(verdict, _) => Some(verdict),
            _ => None,
        }
    }

    pub(super) fn cause(&self) -> CheckCause {
        match self {
            Self::Answered(..) => CheckCause::Answered(self.answered()),
            Self::Redirected(_) => CheckCause::Redirect,
            Self::Failed(failure) => (*failure).into(),
        }
    }

    /// For people: what it means, and what to do about it.
    pub(super) fn remedy(&self) -> String {
        match self {
            Self::Answered(verdict, _) => match self.answered() {
                // What the table says is about a request.
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
            Self::Redirected(answer) => format!(
                "the host redirects to {}, where the bearer is not sent: check the base URL, and \
                 look for a portal or a gateway that answers instead of Kling",
                destination(answer.location.as_deref()),
            ),
            Self::Failed(failure) => failure.remedy().to_owned(),
        }
    }

    /// The verdict's cause, but for an acceptance that is not Kling's.
    fn answered(&self) -> Cause {
        match self {
            Self::Answered(verdict, _) if verdict.cause != Cause::Accepted || self.is_valid() => {
                verdict.cause
            }
            _ => Cause::NotKling,
        }
    }
}

/// Where a redirect leads, without what may be secret in it.
fn destination(location: Option<&str>) -> String {
    let Some(location) = location else { return "an unknown URL".to_owned() };
    match Origin::parse(location) {
        Some(origin) => origin.to_string(),
        None if location.starts_with('/') => "another path of the same host".to_owned(),
        None => "an invalid URL".to_owned(),
    }
}

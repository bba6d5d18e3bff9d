//! How a token was refused because of its time, and whether a wrong clock explains it.

use crate::{Cause, Verdict, manager::sent_claims::SentClaims};

/// How a token was refused because of its time.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Refused {
    /// It was not valid yet.
    NotYetValid,
    /// It had expired.
    Expired,
    /// The server gave no reason. It may be the time.
    Unexplained,
}

impl Refused {
    /// The way a token was refused, by the verdict on a 401; `None` if its time was not the reason.
    pub(crate) fn of(verdict: &Verdict) -> Option<Self> {
        match verdict.cause {
            Cause::TokenNotYetValid => Some(Self::NotYetValid),
            Cause::TokenExpired => Some(Self::Expired),
            Cause::AuthenticationFailed => Some(Self::Unexplained),
            _ => None,
        }
    }

    /// Whether a server whose clock shows `time` would refuse the token in this way.
    pub(crate) fn is_explained_by(self, token: &SentClaims<'_>, time: u64) -> bool {
        match self {
            Self::NotYetValid => token.is_not_yet_valid_at(time),
            Self::Expired => token.is_expired_at(time),
            Self::Unexplained => token.is_not_yet_valid_at(time) || token.is_expired_at(time),
        }
    }

    /// Whether the server's `Date` confirms that the time assumed for its clock is wrong.
    ///
    /// If the refusal says whether the token was too early or too late, it is enough that `date`
    /// differs in that direction. It need not explain the refusal exactly: it is in whole seconds,
    /// may be a proxy's, and is older by the time of transport.
    pub(crate) fn is_confirmed_by(self, token: &SentClaims<'_>, date: u64, assumed: u64) -> bool {
        match self {
            Self::NotYetValid => date < assumed,
            Self::Expired => date > assumed,
            Self::Unexplained => self.is_explained_by(token, date),
        }
    }
}

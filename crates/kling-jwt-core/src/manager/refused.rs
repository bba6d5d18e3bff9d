//! How a token was refused for its time, and what shows that a clock is to blame.

use crate::{Cause, Verdict, manager::sent_claims::SentClaims};

/// How a token was refused for its time.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Refused {
    /// It is not valid yet.
    NotBegun,
    /// It is no longer valid.
    Ended,
    /// For no reason given: its time may be one.
    Unexplained,
}

impl Refused {
    /// By the verdict on a 401.
    pub(crate) fn by(verdict: &Verdict) -> Option<Self> {
        match verdict.cause {
            Cause::TokenNotYetValid => Some(Self::NotBegun),
            Cause::TokenExpired => Some(Self::Ended),
            Cause::AuthenticationFailed => Some(Self::Unexplained),
            _ => None,
        }
    }

    /// Whether this token would be refused so at a time.
    pub(crate) fn is_explained_by(self, token: &SentClaims<'_>, time: u64) -> bool {
        match self {
            Self::NotBegun => token.begins_after(time),
            Self::Ended => token.has_ended_by(time),
            Self::Unexplained => token.begins_after(time) || token.has_ended_by(time),
        }
    }

    /// Whether the server's time shows that the time believed is wrong in this way.
    ///
    /// For a refusal that names the reason its direction is enough: the `Date` is cut to whole
    /// seconds, may be a proxy's, and has been on its way.
    pub(crate) fn is_confirmed_by(self, token: &SentClaims<'_>, date: u64, believed: u64) -> bool {
        match self {
            Self::NotBegun => date < believed,
            Self::Ended => date > believed,
            Self::Unexplained => self.is_explained_by(token, date),
        }
    }
}

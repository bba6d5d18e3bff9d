//! What a command comes to, and what there is to tell beside it.

use super::{Exit, Step};
use crate::KlingAuth;

/// What a command comes to.
pub(super) enum Outcome<T> {
    /// Do this, and hand the reply to the rest of the command.
    Ask(Step, T),
    Exit(Exit),
}

impl<T> Outcome<T> {
    /// The same, with the rest of the command as the session holds it.
    pub(super) fn map<U>(self, hold: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Ask(step, rest) => Outcome::Ask(step, hold(rest)),
            Self::Exit(exit) => Outcome::Exit(exit),
        }
    }
}

/// What there is to tell of the credential.
#[derive(Debug, Default)]
pub(super) struct Notes(pub(super) Vec<crate::sources::Event>);

impl Notes {
    pub(super) fn take(&mut self, auth: &KlingAuth) {
        self.0.extend(auth.take_warnings());
    }
}

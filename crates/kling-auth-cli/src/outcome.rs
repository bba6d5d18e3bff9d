//! What a command comes to, and what there is to tell beside it.

use kling_auth::KlingAuth;

use crate::{Exit, Step};

/// What a command comes to.
pub(crate) enum Outcome<T> {
    /// Do this, and hand the reply to the rest of the command.
    Ask(Step, T),
    Exit(Exit),
}

impl<T> Outcome<T> {
    /// The same, with the rest of the command as the session holds it.
    pub(crate) fn map<U>(self, hold: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Ask(step, rest) => Outcome::Ask(step, hold(rest)),
            Self::Exit(exit) => Outcome::Exit(exit),
        }
    }
}

/// What there is to tell of the credential.
#[derive(Debug, Default)]
pub(crate) struct Notes(pub(crate) Vec<kling_auth::sources::Event>);

impl Notes {
    pub(crate) fn take(&mut self, auth: &KlingAuth) {
        self.0.extend(auth.take_warnings());
    }
}

//! The next step of a command, and the warnings that come with it.

use kling_auth::KlingAuth;

use crate::{Exit, Step};

/// The next step of a command.
pub(crate) enum Outcome<T> {
    /// Do this, and pass the reply to the rest of the command.
    Ask(Step, T),
    Exit(Exit),
}

impl<T> Outcome<T> {
    /// The same, with the rest of the command as the session stores it.
    pub(crate) fn map<U>(self, hold: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Ask(step, rest) => Outcome::Ask(step, hold(rest)),
            Self::Exit(exit) => Outcome::Exit(exit),
        }
    }
}

/// The warnings about the credentials.
#[derive(Debug, Default)]
pub(crate) struct Warnings(pub(crate) Vec<kling_auth::sources::Event>);

impl Warnings {
    pub(crate) fn collect(&mut self, auth: &KlingAuth) {
        self.0.extend(auth.take_warnings());
    }
}

//! Where credentials were found, and the way back there.

use std::{borrow::Cow, fmt, path::PathBuf};

use super::{Found, Profile, dotenv, file::Watch, found::interpret, names};
use crate::Error;

/// Where credentials were found. Its text is for people: `environment (KLING_ACCESS_KEY, …)`.
#[derive(Clone, Debug)]
pub struct Source {
    pub(super) text: Cow<'static, str>,
    pub(super) origin: Origin,
    pub(super) watch: Watch,
}

#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// The caller's hand: there is nowhere to look again.
    Caller,
    Environment,
    Dotenv(PathBuf),
    Profile(Profile),
}

impl Source {
    /// Credentials that the caller made or fetched.
    pub(crate) fn caller(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), origin: Origin::Caller, watch: Watch::default() }
    }

    /// Whether the credentials came from files, which may change.
    pub fn has_files(&self) -> bool {
        !self.watch.is_empty()
    }

    /// Whether a file that was read has been written, replaced or removed since. Asks the file
    /// system, for no more than the files that were read.
    pub fn changed(&self) -> bool {
        self.watch.changed()
    }

    /// Whether there is a place to look again, rather than the caller's hand.
    pub fn is_a_place(&self) -> bool {
        !matches!(self.origin, Origin::Caller)
    }

    /// Looks again where the credentials were found, and only there.
    ///
    /// # Errors
    ///
    /// As [`find`](super::find), and [`Error::NoSource`] where they came from the caller.
    pub fn read_again(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Found, Error> {
        let layer = match &self.origin {
            Origin::Caller => return Err(Error::NoSource),
            Origin::Environment => names::in_environment(environment)?,
            Origin::Dotenv(path) => dotenv::read(path)?,
            Origin::Profile(profile) => profile.read()?,
        };
        let gone = || Error::Missing(vec![self.text.to_string()]);
        interpret(layer.ok_or_else(gone)?)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

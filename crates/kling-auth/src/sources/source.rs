//! Where credentials were found, and the way back there.

use std::{fmt, path::PathBuf, sync::Arc};

use super::{Found, Profile, dotenv, file::Watch, found::interpret, names};
use crate::Error;

/// Where credentials were found. Its text is for people: `environment (KLING_ACCESS_KEY, …)`.
/// Clones share it, so that each of many accounts costs a pointer.
#[derive(Clone, Debug)]
pub struct Source(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// There is nowhere to look again.
    Caller(&'static str),
    Place(Arc<Looked>),
}

#[derive(Debug)]
struct Looked {
    text: String,
    origin: Origin,
    watch: Watch,
}

#[derive(Debug)]
pub(super) enum Origin {
    Environment,
    Dotenv(PathBuf),
    Profile(Profile),
}

impl Source {
    /// Credentials that the caller made or fetched.
    pub(crate) fn caller(text: &'static str) -> Self {
        Self(Kind::Caller(text))
    }

    /// A place, and what its files looked like.
    pub(super) fn place(text: String, origin: Origin, watch: Watch) -> Self {
        Self(Kind::Place(Arc::new(Looked { text, origin, watch })))
    }

    fn looked(&self) -> Option<&Looked> {
        match &self.0 {
            Kind::Caller(_) => None,
            Kind::Place(looked) => Some(looked),
        }
    }

    /// Whether the credentials came from files, which may change.
    pub fn has_files(&self) -> bool {
        self.looked().is_some_and(|place| !place.watch.is_empty())
    }

    /// Whether a file that was read has been written, replaced or removed since. Asks the file
    /// system, for no more than the files that were read.
    pub fn changed(&self) -> bool {
        self.looked().is_some_and(|place| place.watch.changed())
    }

    /// Whether there is a place to look again, rather than the caller's hand.
    pub fn is_a_place(&self) -> bool {
        self.looked().is_some()
    }

    /// Looks again where the credentials were found, and only there.
    ///
    /// # Errors
    ///
    /// As [`find`](super::find), and [`Error::NoSource`] where they came from the caller.
    pub fn read_again(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Found, Error> {
        let place = self.looked().ok_or(Error::NoSource)?;
        let layer = match &place.origin {
            Origin::Environment => names::in_environment(environment)?,
            Origin::Dotenv(path) => dotenv::read(path)?,
            Origin::Profile(profile) => profile.read()?,
        };
        let gone = || Error::Missing(vec![place.text.clone()]);
        interpret(layer.ok_or_else(gone)?)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::Caller(text) => text,
            Kind::Place(place) => &place.text,
        })
    }
}

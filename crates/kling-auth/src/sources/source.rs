//! Where credentials were found, and the way back there.

use std::{fmt, path::PathBuf, sync::Arc};

use kling_jwt_core::engine;

use super::file::Watch;

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
    unused: Unused,
}

#[derive(Debug)]
pub(super) enum Origin {
    Environment,
    Dotenv(PathBuf),
    Profile(Profile),
}

/// A section of the file of Kling's own command line.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) path: PathBuf,
    pub(super) name: String,
    /// Whether the user asked for this section by name.
    pub(super) asked_for: bool,
}

/// What else stands at the same place, and is not used.
#[derive(Clone, Debug, Default)]
pub(super) struct Unused {
    /// The names, for people; empty where there is nothing.
    pub(super) names: String,
    /// The name of an API key among them.
    pub(super) api_key: Option<&'static str>,
}

impl Source {
    /// Credentials that the caller made or fetched, by the name of their kind.
    pub(crate) fn caller(name: &'static str) -> Self {
        Self(Kind::Caller(name))
    }

    /// A place, and what its files looked like.
    pub(super) fn place(text: String, origin: Origin, watch: Watch, unused: Unused) -> Self {
        Self(Kind::Place(Arc::new(Looked { text, origin, watch, unused })))
    }

    /// The place, and the text for people that names it.
    pub(super) fn origin(&self) -> Option<(&Origin, &str)> {
        self.looked().map(|place| (&place.origin, &*place.text))
    }

    fn looked(&self) -> Option<&Looked> {
        match &self.0 {
            Kind::Caller(_) => None,
            Kind::Place(looked) => Some(looked),
        }
    }

    /// The names of every [`kind`](Self::kind).
    pub const KINDS: [&'static str; 5] =
        ["arguments", "environment", "dotenv", "profile", "function"];

    /// The stable name of the place, the same in all languages: `arguments`, `environment`,
    /// `dotenv`, `profile` or `function`.
    ///
    /// ```
    /// let auth = kling_auth::KlingAuth::new("access-key", "secret-key").unwrap();
    /// assert_eq!(auth.source_kind(), "arguments");
    /// ```
    pub fn kind(&self) -> &'static str {
        match &self.0 {
            Kind::Caller(name) => name,
            Kind::Place(place) => match place.origin {
                Origin::Environment => "environment",
                Origin::Dotenv(_) => "dotenv",
                Origin::Profile(_) => "profile",
            },
        }
    }

    /// Whether a file that was read has been written, replaced or removed since. Asks the file
    /// system, for no more than the files that were read.
    pub fn changed(&self) -> bool {
        self.looked().is_some_and(|place| place.watch.changed())
    }

    /// The names of other credentials that stand at the same place and are not used, for people;
    /// `None` where there is nothing.
    pub fn unused(&self) -> Option<&str> {
        self.looked().map(|place| &*place.unused.names).filter(|names| !names.is_empty())
    }
}

impl engine::Source for Source {
    fn kind(&self) -> &'static str {
        self.kind()
    }

    fn unused_api_key(&self) -> Option<&'static str> {
        self.looked()?.unused.api_key
    }

    fn is_a_place(&self) -> bool {
        self.looked().is_some()
    }

    fn has_files(&self) -> bool {
        self.looked().is_some_and(|place| !place.watch.is_empty())
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

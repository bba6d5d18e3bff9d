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
    Located(Arc<Located>),
}

#[derive(Debug)]
struct Located {
    text: String,
    store: Store,
    watch: Watch,
    unused: Unused,
}

#[derive(Debug)]
pub(super) enum Store {
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
    pub(super) fn place(text: String, store: Store, watch: Watch, unused: Unused) -> Self {
        Self(Kind::Located(Arc::new(Located { text, store, watch, unused })))
    }

    /// The place, and the text for people that names it.
    pub(super) fn store(&self) -> Option<(&Store, &str)> {
        self.located().map(|located| (&located.store, &*located.text))
    }

    fn located(&self) -> Option<&Located> {
        match &self.0 {
            Kind::Caller(_) => None,
            Kind::Located(located) => Some(located),
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
            Kind::Located(located) => match located.store {
                Store::Environment => "environment",
                Store::Dotenv(_) => "dotenv",
                Store::Profile(_) => "profile",
            },
        }
    }

    /// Whether a file that was read has been written, replaced or removed since. Asks the file
    /// system, for no more than the files that were read.
    pub fn changed(&self) -> bool {
        self.located().is_some_and(|located| located.watch.changed())
    }

    /// The names of other credentials that stand at the same place and are not used, for people;
    /// `None` where there is nothing.
    pub fn unused(&self) -> Option<&str> {
        self.located().map(|located| &*located.unused.names).filter(|names| !names.is_empty())
    }
}

impl engine::CredentialSource for Source {
    fn kind(&self) -> &'static str {
        self.kind()
    }

    fn unused_api_key(&self) -> Option<&'static str> {
        self.located()?.unused.api_key
    }

    fn can_reload(&self) -> bool {
        self.located().is_some()
    }

    fn has_files(&self) -> bool {
        self.located().is_some_and(|located| !located.watch.is_empty())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::Caller(text) => text,
            Kind::Located(located) => &located.text,
        })
    }
}

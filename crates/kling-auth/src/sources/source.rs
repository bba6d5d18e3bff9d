//! Where credentials come from, so that they can be read again.

use std::{fmt, path::PathBuf, sync::Arc};

use kling_jwt_core::engine;

use super::file::TrackedFiles;

/// Where credentials come from. `Display` shows it as text, such as
/// `environment (KLING_ACCESS_KEY, KLING_SECRET_KEY)`.
///
/// Clones share one allocation, so a source is cheap even for many accounts.
#[derive(Clone, Debug)]
pub struct Source(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// From the caller, by the name of the kind. There is nothing to read again.
    Caller(&'static str),
    Located(Arc<Located>),
}

#[derive(Debug)]
struct Located {
    text: String,
    store: Store,
    files: TrackedFiles,
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
    /// Whether `KLING_PROFILE` names this section. If so, its absence is an error.
    pub(super) is_requested: bool,
}

/// Other credentials at the same place, which are not used.
#[derive(Clone, Debug, Default)]
pub(super) struct Unused {
    /// Their names as text; empty if there are none.
    pub(super) names: String,
    /// The name of an API key among them, if there is one.
    pub(super) api_key: Option<&'static str>,
}

impl Source {
    /// Credentials from the caller. `name` is the [kind](Self::kind).
    pub(crate) fn caller(name: &'static str) -> Self {
        Self(Kind::Caller(name))
    }

    /// Credentials from a store, with the files that were read.
    pub(super) fn from_store(
        text: String,
        store: Store,
        files: TrackedFiles,
        unused: Unused,
    ) -> Self {
        Self(Kind::Located(Arc::new(Located { text, store, files, unused })))
    }

    /// The store, and the text that names it.
    pub(super) fn store(&self) -> Option<(&Store, &str)> {
        self.located().map(|located| (&located.store, &*located.text))
    }

    fn located(&self) -> Option<&Located> {
        match &self.0 {
            Kind::Caller(_) => None,
            Kind::Located(located) => Some(located),
        }
    }

    /// All values of [`kind`](Self::kind).
    pub const KINDS: [&'static str; 5] =
        ["arguments", "environment", "dotenv", "profile", "function"];

    /// The stable name of the kind of source, the same in all languages: `arguments`,
    /// `environment`, `dotenv`, `profile` or `function`.
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

    /// Whether one of the files that were read has been written, replaced or removed since.
    ///
    /// It reads the metadata of these files.
    pub fn changed(&self) -> bool {
        self.located().is_some_and(|located| located.files.changed())
    }

    /// The names of other credentials at the same place that are not used, as text; `None` if there
    /// are none.
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
        self.located().is_some_and(|located| !located.files.is_empty())
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

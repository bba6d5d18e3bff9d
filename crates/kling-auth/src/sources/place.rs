//! The place of a value, as a person looks for it.

use std::{fmt, path::PathBuf};

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// An argument of a call.
    Argument(&'static str),
    /// An environment variable.
    Variable(String),
    /// A file that holds nothing but the value, and the variable that names it.
    Secret(String, PathBuf),
    /// An entry of a file.
    Entry(String, PathBuf),
}

impl Place {
    /// The name that the value goes by there.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Argument(name) => name,
            Self::Variable(name) | Self::Secret(name, _) | Self::Entry(name, _) => name,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) => write!(f, "argument ({name})"),
            Self::Variable(name) => write!(f, "{name}"),
            Self::Secret(name, path) => write!(f, "{name} ({})", path.display()),
            Self::Entry(name, path) => write!(f, "{name} in {}", path.display()),
        }
    }
}

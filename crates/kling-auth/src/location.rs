//! The place of a value, as a person looks for it.

use std::{fmt, path::PathBuf};

use kling_jwt_core::{Error as CoreError, Fault};

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// An argument of a call.
    Argument(&'static str),
    /// An environment variable.
    Variable(String),
    /// A file that holds nothing but the value, and the variable that names it.
    Secret(String, PathBuf),
    /// An entry of a file.
    Entry(String, PathBuf),
    /// A line of a file.
    Line {
        /// The name that the line assigns to.
        name: String,
        /// The file.
        path: PathBuf,
        /// Where the value begins.
        position: Position,
    },
}

impl Location {
    /// The name that the value goes by there.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Argument(name) => name,
            Self::Variable(name)
            | Self::Secret(name, _)
            | Self::Entry(name, _)
            | Self::Line { name, .. } => name,
        }
    }

    /// The place of an error in the value here: of a character that cannot be, its own.
    pub(crate) fn of(&self, error: CoreError) -> Self {
        let mut place = self.clone();
        if let (
            Self::Line { position, .. },
            CoreError::Credential { fault: Fault::Character { index, .. }, .. },
        ) = (&mut place, error)
        {
            position.column =
                position.column.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
        }
        place
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) => write!(f, "{name}"),
            Self::Variable(name) => write!(f, "{name}"),
            Self::Secret(name, path) => write!(f, "{name} ({})", path.display()),
            Self::Entry(name, path) => write!(f, "{name} in {}", path.display()),
            Self::Line { name, path, position } => {
                write!(f, "{name} in {}, {position}", path.display())
            }
        }
    }
}

/// A place in a file of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in it, counted from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

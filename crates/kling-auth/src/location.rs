//! Where a value is, so that a person can find it.

use std::{fmt, path::PathBuf};

use kling_jwt_core::{Error as CoreError, Fault};

/// Where a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// An argument of a function.
    Argument(&'static str),
    /// An environment variable.
    Variable(String),
    /// A file that contains only the value: the variable that names the file, and its path.
    Secret(String, PathBuf),
    /// An entry of a file: its name and the file's path.
    Entry(String, PathBuf),
    /// A line of a file.
    Line {
        /// The name that the line assigns to.
        name: String,
        /// The path of the file.
        path: PathBuf,
        /// Where the value begins.
        position: Position,
    },
}

impl Location {
    /// The name of the value, without the file.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Argument(name) => name,
            Self::Variable(name)
            | Self::Secret(name, _)
            | Self::Entry(name, _)
            | Self::Line { name, .. } => name,
        }
    }

    /// The location of an error in this value. For an invalid character in a line, that is the
    /// character's own position.
    pub(crate) fn of_error(&self, error: CoreError) -> Self {
        let mut location = self.clone();
        if let (
            Self::Line { position, .. },
            CoreError::Credential { fault: Fault::Character { index, .. }, .. },
        ) = (&mut location, error)
        {
            position.column =
                position.column.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
        }
        location
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

/// A position in a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in the line, counted from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

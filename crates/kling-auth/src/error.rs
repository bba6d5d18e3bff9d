//! What can go wrong beyond the core: credentials that are not there, contradict, or are broken.

use std::{
    fmt, io,
    path::{Display, Path, PathBuf},
};

use kling_jwt_core::{Error as CoreError, Problem};

use crate::sources::Place;

/// Why there is no `KlingAuth`, or no token. It names places, and holds no part of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The core refused an argument.
    Core(CoreError),
    /// The core refused what stands at this place.
    At(Place, CoreError),
    /// No credential was given, and none was found; every place that was tried.
    Missing(Vec<String>),
    /// The first of a key pair is there, and the second is not.
    Partial(String, String),
    /// Credentials were given in more than one way.
    Conflict,
    /// Credentials are to be looked for again, but the caller gave them.
    NoSource,
    /// The bearer was to go to this origin, where it must not.
    Origin(String),
    /// Access key and secret key are the same.
    EqualKeys(Place, Place),
    /// A variable that is to name a file holds no absolute path. What it holds may be the key.
    NoPath {
        /// The variable.
        variable: String,
        /// The one that a key itself goes into.
        name: String,
    },
    /// A file that was to be read is not to be used.
    File {
        /// The variable that names it, if one does.
        variable: Option<String>,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: FileFault,
    },
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileFault {
    /// It is not there, or reading it failed so.
    Unreadable(io::ErrorKind),
    /// It is a directory, a pipe or a device.
    NoFile,
    /// Every user of the machine can read it.
    WorldReadable,
    /// Too large for credentials.
    TooLarge,
    /// This line, counted from 1, is not of the file's grammar.
    BrokenLine(usize),
    /// It has no section of this name with credentials.
    NoProfile(String),
}

impl Error {
    pub(crate) fn partial(there: impl Into<String>, absent: impl Into<String>) -> Self {
        Self::Partial(there.into(), absent.into())
    }

    pub(crate) fn file(path: &Path, fault: FileFault) -> Self {
        Self::File { variable: None, path: path.to_owned(), fault }
    }

    /// The same fault of a file, with the variable that named the file.
    pub(crate) fn through(self, name: &str) -> Self {
        match self {
            Self::File { path, fault, .. } => {
                Self::File { variable: Some(name.to_owned()), path, fault }
            }
            other => other,
        }
    }

    /// The stable code: `ERR_` and upper case, the same in all languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) | Self::At(_, error) => error.code(),
            Self::NoPath { .. } => "ERR_FILE_PATH",
            Self::File { fault, .. } => fault.code(),
            Self::Missing(_) => Problem::Missing(&"").code(),
            Self::Partial(there, absent) => Problem::Partial(there, absent).code(),
            Self::Conflict => Problem::Conflict.code(),
            Self::NoSource => Problem::NoSource.code(),
            Self::Origin(origin) => Problem::Origin(origin).code(),
            Self::EqualKeys(access_key, secret_key) => {
                Problem::EqualKeys(access_key, secret_key).code()
            }
        }
    }
}

impl FileFault {
    const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) | Self::NoFile => "ERR_FILE_UNREADABLE",
            Self::WorldReadable => "ERR_FILE_WORLD_READABLE",
            Self::TooLarge => "ERR_FILE_TOO_LARGE",
            Self::BrokenLine(_) => "ERR_FILE_BROKEN_LINE",
            Self::NoProfile(_) => "ERR_FILE_NO_PROFILE",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::At(place, error) => write!(f, "{place}: {error}"),
            Self::NoPath { variable, name } => write!(
                f,
                "{variable} holds no absolute path: it is for the path of a file; the key itself \
                 goes into {name}",
            ),
            Self::File { variable, path, fault } => {
                if let Some(variable) = variable {
                    write!(f, "{variable}: ")?;
                }
                write_file(f, &path.display(), fault)
            }
            Self::Missing(tried) => Problem::Missing(&tried.join("; ")).fmt(f),
            Self::Partial(there, absent) => Problem::Partial(there, absent).fmt(f),
            Self::Conflict => Problem::Conflict.fmt(f),
            Self::NoSource => Problem::NoSource.fmt(f),
            Self::Origin(origin) => Problem::Origin(origin).fmt(f),
            Self::EqualKeys(access_key, secret_key) => {
                Problem::EqualKeys(access_key, secret_key).fmt(f)
            }
        }
    }
}

fn write_file(f: &mut fmt::Formatter<'_>, path: &Display<'_>, fault: &FileFault) -> fmt::Result {
    match fault {
        FileFault::Unreadable(kind) => write!(f, "{path} cannot be read: {kind}"),
        FileFault::NoFile => write!(f, "{path} cannot be read: it is no plain file"),
        FileFault::WorldReadable => write!(
            f,
            "{path} can be read by every user of this machine: run chmod 600 {path}, and rotate \
             the keys in it if others have accounts here",
        ),
        FileFault::TooLarge => write!(f, "{path} is too large to hold credentials"),
        FileFault::BrokenLine(line) => write!(f, "{path}: line {line} is broken"),
        FileFault::NoProfile(name) => write!(
            f,
            "{path} has no section [{name}] with access_key_id and secret_access_key; \
             KLING_PROFILE asks for it",
        ),
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Core(error) | Self::At(_, error) => Some(error),
            _ => None,
        }
    }
}

impl From<CoreError> for Error {
    fn from(error: CoreError) -> Self {
        Self::Core(error)
    }
}

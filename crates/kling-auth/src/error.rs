//! Errors: credentials that are missing, contradictory or invalid, and files that cannot be read.

use std::{
    fmt, io,
    path::{Display, Path, PathBuf},
};

use kling_jwt_core::{Error as CoreError, HostError};

use crate::location::{Location, Position};

/// Why a `KlingAuth` could not be built or used.
///
/// It says where the problem is, and contains no part of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// An argument is invalid.
    Core(CoreError),
    /// The value at this location is invalid.
    InvalidAt {
        /// Where the value is.
        location: Location,
        /// What is wrong with it.
        error: CoreError,
    },
    /// No credentials were passed, and none were found.
    Missing {
        /// Every place that was searched.
        tried: Vec<String>,
        /// Names that are set but blank or not read, as the end of the message; may be empty.
        hint: String,
    },
    /// One key of a key pair is missing.
    Partial {
        /// The key that is there: its name or its location.
        present: String,
        /// The missing key: its name or, if it is blank, its location.
        absent: String,
        /// Whether the missing key is set, but blank.
        is_blank: bool,
        /// Names that are set but not read, as the end of the message; may be empty.
        hint: String,
    },
    /// An API key was passed together with keys of a key pair.
    Conflict,
    /// Explicit credentials cannot be reloaded: they have no source to read.
    NoSource,
    /// The base URL beside the reloaded credentials is not the one in use.
    BaseUrlChanged {
        /// Where the new base URL is.
        location: String,
    },
    /// The bearer must not be sent to this origin.
    Origin {
        /// The origin, without the rest of the URL.
        origin: String,
    },
    /// The access key and the secret key are the same.
    EqualKeys {
        /// Where the access key is.
        access_key: Box<Location>,
        /// Where the secret key is.
        secret_key: Box<Location>,
    },
    /// A variable that must hold the path of a file does not hold an absolute path. Its value is
    /// not shown, because it may be the key itself.
    NoPath {
        /// The variable, such as `KLING_SECRET_KEY_FILE`.
        variable: String,
        /// The variable for the key itself, such as `KLING_SECRET_KEY`.
        name: String,
    },
    /// A file cannot be used.
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
    /// It does not exist, or reading it failed with this kind of error.
    Unreadable(io::ErrorKind),
    /// It is a directory, a pipe or a device.
    NotAFile,
    /// Every user of the machine can read it.
    WorldReadable,
    /// It is larger than 64 KiB.
    TooLarge,
    /// A line of a `.env` file names one of the known variables, but assigns no value to it.
    BrokenLine {
        /// Where the line is.
        position: Position,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// A line of a profile is neither a section nor `name = value`.
    BrokenProfileLine {
        /// The line, counted from 1.
        line: usize,
    },
    /// It is encoded in UTF-16, which no reader of such files accepts.
    Utf16,
    /// It has no section of this name that contains credentials.
    NoProfile {
        /// The section.
        name: String,
    },
}

/// What is wrong with a line of a `.env` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineFault {
    /// A variable's name is not followed by `=`.
    NoAssignment {
        /// The variable.
        name: &'static str,
    },
    /// The value begins with a quote, but does not end with one.
    Quote,
}

impl Error {
    pub(crate) fn partial(present: impl Into<String>, absent: impl Into<String>) -> Self {
        let hint = String::new();
        Self::Partial { present: present.into(), absent: absent.into(), is_blank: false, hint }
    }

    /// Calls `receive` with the core's form of this error, which has the same text and code in all
    /// languages. Some errors have none.
    fn as_host_error(&self, receive: &mut dyn FnMut(&HostError<'_>)) {
        match self {
            Self::Core(_) | Self::InvalidAt { .. } | Self::NoPath { .. } | Self::File { .. } => {}
            Self::Missing { tried, hint } => {
                receive(&HostError::Missing(&format_args!("{}{hint}", tried.join("; "))));
            }
            Self::Partial { present, absent, is_blank, hint } => {
                receive(&HostError::Partial { present, absent, is_blank: *is_blank, unread: hint });
            }
            Self::Conflict => receive(&HostError::Conflict),
            Self::NoSource => receive(&HostError::NoSource),
            Self::BaseUrlChanged { location } => receive(&HostError::BaseUrlChanged(location)),
            Self::Origin { origin } => receive(&HostError::Origin(origin)),
            Self::EqualKeys { access_key, secret_key } => {
                receive(&HostError::EqualKeys(access_key, secret_key));
            }
        }
    }

    pub(crate) fn file(path: &Path, fault: FileFault) -> Self {
        Self::File { variable: None, path: path.to_owned(), fault }
    }

    /// Adds the variable that names the file to an error of a file.
    pub(crate) fn with_variable(self, name: &str) -> Self {
        match self {
            Self::File { path, fault, .. } => {
                Self::File { variable: Some(name.to_owned()), path, fault }
            }
            other => other,
        }
    }

    /// The stable code, such as `ERR_FILE_TOO_LARGE`. It is the same in all languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) | Self::InvalidAt { error, .. } => error.code(),
            Self::NoPath { .. } => "ERR_FILE_PATH",
            Self::File { fault, .. } => fault.code(),
            other => {
                let mut code = "";
                other.as_host_error(&mut |error| code = error.code());
                code
            }
        }
    }
}

impl FileFault {
    const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) | Self::NotAFile => "ERR_FILE_UNREADABLE",
            Self::WorldReadable => "ERR_FILE_WORLD_READABLE",
            Self::TooLarge => "ERR_FILE_TOO_LARGE",
            Self::BrokenLine { .. } | Self::BrokenProfileLine { .. } => "ERR_FILE_BROKEN_LINE",
            Self::Utf16 => "ERR_FILE_ENCODING",
            Self::NoProfile { .. } => "ERR_FILE_NO_PROFILE",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::InvalidAt { location, error } => write!(f, "{location}: {error}"),
            Self::NoPath { variable, name } => write!(
                f,
                "{variable} must be the absolute path of a file; for the key itself, set {name}",
            ),
            Self::File { variable, path, fault } => {
                if let Some(variable) = variable {
                    write!(f, "{variable}: ")?;
                }
                write_file(f, &path.display(), fault)
            }
            other => {
                let mut written = Ok(());
                other.as_host_error(&mut |error| written = error.fmt(f));
                written
            }
        }
    }
}

fn write_file(f: &mut fmt::Formatter<'_>, path: &Display<'_>, fault: &FileFault) -> fmt::Result {
    match fault {
        FileFault::Unreadable(io::ErrorKind::NotFound) => write!(f, "{path}: no such file"),
        FileFault::Unreadable(kind) => write!(f, "{path} cannot be read: {kind}"),
        FileFault::NotAFile => write!(f, "{path} cannot be read: it is not a regular file"),
        FileFault::WorldReadable => write!(
            f,
            "{path} can be read by every user of this machine: run chmod 600 {path}, and rotate \
             the keys in it if others have accounts here",
        ),
        FileFault::TooLarge => write!(f, "{path} is too large to hold credentials"),
        FileFault::BrokenLine { position, fault } => {
            write!(f, "{path}: {position}: ")?;
            match fault {
                LineFault::NoAssignment { name } => {
                    write!(f, "{name} is not followed by `=`: write {name}=value")
                }
                LineFault::Quote => f.write_str(
                    "the value begins with a quote, and the line does not end with one: close or \
                     remove it",
                ),
            }
        }
        FileFault::BrokenProfileLine { line } => write!(
            f,
            "{path}: line {line} is neither [section] nor `name = value`: correct it, or put `#` \
             before it",
        ),
        FileFault::Utf16 => write!(f, "{path} is encoded in UTF-16: save it as UTF-8"),
        FileFault::NoProfile { name } => write!(
            f,
            "{path} has no section [{name}] with access_key_id and secret_access_key, or api_key; \
             KLING_PROFILE names it",
        ),
    }
}

/// `source` is `None`: the text already contains the core's text, and reports would print it twice.
impl std::error::Error for Error {}

impl From<CoreError> for Error {
    fn from(error: CoreError) -> Self {
        Self::Core(error)
    }
}

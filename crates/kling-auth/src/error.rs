//! What can go wrong beyond the core: credentials that are not there, contradict, or are broken.

use std::{
    fmt, io,
    path::{Display, Path, PathBuf},
};

use kling_jwt_core::{Error as CoreError, HostError};

use crate::location::{Location, Position};

/// Why there is no `KlingAuth`, or no token. It names places, and holds no part of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The core refused an argument.
    Core(CoreError),
    /// The core refused what stands at this place.
    InvalidAt {
        /// Where the value is.
        location: Location,
        /// What is wrong with it.
        error: CoreError,
    },
    /// No credential was given, and none was found.
    Missing {
        /// Every place that was tried.
        tried: Vec<String>,
        /// What is set, but blank or not read, as the end of a sentence; may be empty.
        hint: String,
    },
    /// One half of a key pair is there, and the other is not.
    Partial {
        /// The half that is there.
        there: String,
        /// The other: its name or, where it is blank, its place.
        absent: String,
        /// Whether the other is set, but blank.
        is_blank: bool,
        /// What is set, but not read, as the end of a sentence; may be empty.
        hint: String,
    },
    /// Credentials were given in more than one way.
    Conflict,
    /// Credentials are to be looked for again, but the caller gave them.
    NoSource,
    /// Reloaded credentials are beside another base URL now.
    BaseUrlChanged {
        /// Where the other base URL is.
        location: String,
    },
    /// The bearer must not be sent to this origin.
    Origin {
        /// The origin, without the rest of the URL.
        origin: String,
    },
    /// Access key and secret key are the same.
    EqualKeys {
        /// Where the access key is.
        access_key: Box<Location>,
        /// Where the secret key is.
        secret_key: Box<Location>,
    },
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
    NotAFile,
    /// Every user of the machine can read it.
    WorldReadable,
    /// Too large for credentials.
    TooLarge,
    /// A line of a `.env` file does not assign a value to one of our variables.
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
    /// It is UTF-16, which no reader of such files takes.
    Utf16,
    /// It has no section of this name with credentials.
    NoProfile {
        /// The section.
        name: String,
    },
}

/// What is wrong with a line of a `.env` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineFault {
    /// A variable's name without a `=` after it.
    NoAssignment {
        /// The variable.
        name: &'static str,
    },
    /// The value begins with a quote, and does not end with one.
    Quote,
}

impl Error {
    pub(crate) fn partial(there: impl Into<String>, absent: impl Into<String>) -> Self {
        let hint = String::new();
        Self::Partial { there: there.into(), absent: absent.into(), is_blank: false, hint }
    }

    /// Shows what the core says of this, in the same words for all hosts.
    fn tell(&self, tell: &mut dyn FnMut(&HostError<'_>)) {
        match self {
            Self::Core(_) | Self::InvalidAt { .. } | Self::NoPath { .. } | Self::File { .. } => {}
            Self::Missing { tried, hint } => {
                tell(&HostError::Missing(&format_args!("{}{hint}", tried.join("; "))));
            }
            Self::Partial { there, absent, is_blank, hint } => {
                tell(&HostError::Partial { there, absent, is_blank: *is_blank, unread: hint });
            }
            Self::Conflict => tell(&HostError::Conflict),
            Self::NoSource => tell(&HostError::NoSource),
            Self::BaseUrlChanged { location: place } => tell(&HostError::BaseUrlChanged(place)),
            Self::Origin { origin } => tell(&HostError::Origin(origin)),
            Self::EqualKeys { access_key, secret_key } => {
                tell(&HostError::EqualKeys(access_key, secret_key));
            }
        }
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
            Self::Core(error) | Self::InvalidAt { error, .. } => error.code(),
            Self::NoPath { .. } => "ERR_FILE_PATH",
            Self::File { fault, .. } => fault.code(),
            other => {
                let mut code = "";
                other.tell(&mut |problem| code = problem.code());
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
            Self::InvalidAt { location: place, error } => write!(f, "{place}: {error}"),
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
                other.tell(&mut |problem| written = problem.fmt(f));
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
        FileFault::BrokenLine { position: at, fault } => {
            write!(f, "{path}: {at}: ")?;
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

/// It has no source: what the core says is in its own text, and a report would print it twice.
impl std::error::Error for Error {}

impl From<CoreError> for Error {
    fn from(error: CoreError) -> Self {
        Self::Core(error)
    }
}

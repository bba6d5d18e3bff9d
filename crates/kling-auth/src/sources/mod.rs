//! Where credentials come from, in this order: the caller's hand, the environment, a `.env` file,
//! the profile of Kling's command line.
//!
//! | | where | what |
//! |---|---|---|
//! | 1 | arguments | a key pair, or an API key |
//! | 2 | environment | `KLING_ACCESS_KEY` + `KLING_SECRET_KEY`, `KLINGAI_ACCESS_KEY` + `KLINGAI_SECRET_KEY`, `KLING_ACCESS_KEY_ID` + `KLING_SECRET_ACCESS_KEY`, `KLING_API_KEY`, `KLINGAI_API_KEY`; each also as `…_FILE`, the path of a mounted secret |
//! | 3 | `.env` | the same names, in the first `.env` from the working directory up to the repository's root |
//! | 4 | profile | `~/.config/kling/.credentials` (`KLING_STORAGE_ROOT`), section `KLING_PROFILE` or `default` |
//!
//! Absent means go on. Half a pair, a file that cannot be read, a broken line or a value that no
//! key can be mean stop, and name the place. What is found by name is told apart by its shape.
//!
//! The environment is asked through a function, since hosts have their own view of it (each Node
//! worker has a copy of `process.env`).

mod dotenv;
mod file;
mod hygiene;
mod names;
mod note;
mod place;
mod profile;
mod shape;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

pub(crate) use names::WANTED;
pub use note::Note;
pub use place::Place;
pub(crate) use profile::Profile;

use file::Watch;

use crate::{Credentials, Error};

/// What the caller gave by hand: a key pair, an API key, or nothing.
#[derive(Clone, Copy, Default)]
#[expect(missing_debug_implementations, reason = "it borrows secrets")]
pub struct Given<'a> {
    /// The access key.
    pub access_key: Option<&'a str>,
    /// The secret key.
    pub secret_key: Option<&'a str>,
    /// The API key.
    pub api_key: Option<&'a str>,
}

/// The machine, as far as the search sees it.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Machine<'a> {
    /// The value of an environment variable.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Where the search for `.env` starts.
    pub working_directory: &'a Path,
}

/// Credentials, and what there is to tell of them.
#[derive(Debug)]
pub struct Found {
    /// The credentials, cleaned and checked.
    pub credentials: Credentials,
    /// What was taken off, or looks odd; for the user to hear.
    pub notes: Vec<Note>,
    /// Where they were found, to look there again.
    pub source: Source,
}

impl Found {
    /// The same credentials, as those that a function of the caller's returned.
    #[must_use]
    pub fn from_function(self) -> Self {
        Self { source: Source::caller("function"), ..self }
    }
}

/// Where credentials were found. Its text is for people: `environment (KLING_ACCESS_KEY, …)`.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    origin: Origin,
    watch: Watch,
}

#[derive(Clone, Debug)]
enum Origin {
    /// The caller's hand: there is nowhere to look again.
    Caller,
    Environment,
    Dotenv(PathBuf),
    Profile(Profile),
}

impl Source {
    /// Credentials that the caller made or fetched.
    pub(crate) fn caller(text: &str) -> Self {
        Self { text: text.to_owned(), origin: Origin::Caller, watch: Watch::default() }
    }

    /// Whether the credentials came from files, which may change.
    pub fn has_files(&self) -> bool {
        !self.watch.is_empty()
    }

    /// Whether a file that was read has been written, replaced or removed since. Asks the file
    /// system, for no more than the files that were read.
    pub fn changed(&self) -> bool {
        self.watch.changed()
    }

    /// Whether there is a place to look again, rather than the caller's hand.
    pub fn is_a_place(&self) -> bool {
        !matches!(self.origin, Origin::Caller)
    }

    /// Looks again where the credentials were found, and only there.
    ///
    /// # Errors
    ///
    /// As [`find`], and [`Error::NoSource`] where they came from the caller.
    pub fn read_again(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Found, Error> {
        let layer = match &self.origin {
            Origin::Caller => return Err(Error::NoSource),
            Origin::Environment => names::in_environment(environment)?,
            Origin::Dotenv(path) => dotenv::read(path)?,
            Origin::Profile(profile) => profile.read()?,
        };
        let gone = || Error::Missing(vec![self.text.clone()]);
        interpret(layer.ok_or_else(gone)?)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A value as it was found, before it is cleaned.
struct Value {
    text: Zeroizing<String>,
    place: Place,
}

/// Credentials as they were found, before they are cleaned.
enum Raw {
    KeyPair {
        access_key: Value,
        secret_key: Value,
    },
    /// What was found under an API key's name; its shape tells what it is.
    ApiKey(Value),
}

/// What one layer of the search found.
struct Layer {
    raw: Raw,
    notes: Vec<Note>,
    source: Source,
}

/// The credentials that were given or, if none were, the first that the machine has.
///
/// # Errors
///
/// What is missing, half there, unreadable or wrong, and where.
///
/// ```
/// use std::path::Path;
///
/// use kling_auth::sources::{Given, Machine, find};
///
/// let environment = |name: &str| match name {
///     "KLING_ACCESS_KEY" => Some("0123456789abcdef0123456789abcdef".to_owned()),
///     "KLING_SECRET_KEY" => Some("fedcba9876543210fedcba9876543210\n".to_owned()),
///     _ => None,
/// };
/// let machine = Machine { environment: &environment, working_directory: Path::new(".") };
/// let found = find(Given::default(), machine)?;
/// assert_eq!(found.source.to_string(), "environment (KLING_ACCESS_KEY, KLING_SECRET_KEY)");
/// assert_eq!(found.notes[0].code(), "WARN_CLEANED"); // a line end was taken off
/// # Ok::<_, kling_auth::Error>(())
/// ```
pub fn find(given: Given<'_>, machine: Machine<'_>) -> Result<Found, Error> {
    let layer = match by_hand(given)? {
        Some(layer) => layer,
        None => by_machine(machine)?,
    };
    interpret(layer)
}

/// [`find`] on this process's own machine.
///
/// # Errors
///
/// As [`find`].
pub fn find_in_process(given: Given<'_>) -> Result<Found, Error> {
    let working_directory = std::env::current_dir().unwrap_or_default();
    find(
        given,
        Machine { environment: &process_environment, working_directory: &working_directory },
    )
}

/// The environment of this process. A value that is not Unicode comes with replacement
/// characters, which no key has.
pub(crate) fn process_environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn by_hand(given: Given<'_>) -> Result<Option<Layer>, Error> {
    let value = |text: &str, name| Value {
        text: Zeroizing::new(text.to_owned()),
        place: Place::Argument(name),
    };
    let raw = match (given.access_key, given.secret_key, given.api_key) {
        (None, None, None) => return Ok(None),
        (None, None, Some(api_key)) => Raw::ApiKey(value(api_key, "API key")),
        (Some(access_key), Some(secret_key), None) => Raw::KeyPair {
            access_key: value(access_key, "access key"),
            secret_key: value(secret_key, "secret key"),
        },
        (Some(_), None, None) => return Err(Error::partial("the access key", "the secret key")),
        (None, Some(_), None) => return Err(Error::partial("the secret key", "the access key")),
        (_, _, Some(_)) => return Err(Error::Conflict),
    };
    Ok(Some(Layer { raw, notes: Vec::new(), source: Source::caller("arguments") }))
}

fn by_machine(machine: Machine<'_>) -> Result<Layer, Error> {
    if let Some(layer) = names::in_environment(machine.environment)? {
        return Ok(layer);
    }
    let dotenv = dotenv::search(machine.working_directory);
    if let Some(path) = &dotenv
        && let Some(layer) = dotenv::read(path)?
    {
        return Ok(layer);
    }
    let profile = profile::locate(machine.environment);
    if let Some(profile) = &profile
        && let Some(layer) = profile.read()?
    {
        return Ok(layer);
    }
    Err(Error::missing(machine.working_directory, dotenv.as_deref(), profile.as_ref()))
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
fn interpret(layer: Layer) -> Result<Found, Error> {
    let Layer { raw, mut notes, source } = layer;
    let credentials = match raw {
        Raw::KeyPair { access_key, secret_key } => {
            hygiene::key_pair(&access_key, &secret_key, &mut notes)?
        }
        Raw::ApiKey(value) => shape::credentials(&value, &mut notes)?,
    };
    Ok(Found { credentials, notes, source })
}

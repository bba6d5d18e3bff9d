//! The search itself: one place after the other, until credentials are there.

use std::path::Path;

use kling_jwt_core::names::{FILE_SUFFIX, Listed, Unread, VARIABLES, base_urls, unread};

use super::{
    Found, Place, Source, dotenv,
    file::is_absent,
    found::{Layer, Raw, Value, interpret},
    names, profile,
    source::{Origin, Profile},
};
use crate::Error;

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
    match by_hand(given)? {
        Some(layer) => interpret(layer),
        None => interpret(by_machine(machine)?),
    }
}

/// [`find`] in this process's working directory, with a host's own view of the environment.
///
/// # Errors
///
/// As [`find`].
pub fn find_here(
    given: Given<'_>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Found, Error> {
    if let Some(layer) = by_hand(given)? {
        return interpret(layer);
    }
    // Asked for only where it is needed: it is a system call.
    let working_directory = std::env::current_dir().unwrap_or_default();
    interpret(by_machine(Machine { environment, working_directory: &working_directory })?)
}

/// [`find`] in this process's working directory and environment.
///
/// # Errors
///
/// As [`find`].
pub fn find_in_process(given: Given<'_>) -> Result<Found, Error> {
    find_here(given, &process_environment)
}

/// Every variable of the environment that a search may ask for: for hosts that have to read them
/// before they let other threads go on.
pub fn variables() -> impl Iterator<Item = String> {
    let keys = VARIABLES.keys();
    let files = keys.clone().map(|name| format!("{name}{FILE_SUFFIX}"));
    let others = base_urls().chain(unread()).chain(profile::VARIABLES);
    keys.chain(others).map(str::to_owned).chain(files)
}

/// The environment of this process. A value that is not Unicode comes with replacement
/// characters, which no key has.
pub fn process_environment(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.into_string().unwrap_or_else(|value| value.to_string_lossy().into_owned()))
}

fn by_hand(given: Given<'_>) -> Result<Option<Layer<&str>>, Error> {
    let value = |text, name| Value { text, place: Place::Argument(name) };
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
    let source = Source::caller("arguments");
    Ok(Some(Layer { raw, notes: Vec::new(), source, base_url: None }))
}

pub(super) fn by_machine(machine: Machine<'_>) -> Result<Layer, Error> {
    // What is blank or not read at the places before is told only if nothing is found anywhere.
    let mut hint = match names::in_environment(machine.environment)? {
        Ok(layer) => return Ok(layer),
        Err(hint) => hint,
    };
    hint += &Unread(&|name| (machine.environment)(name).is_some()).to_string();
    let dotenv = dotenv::search(machine.working_directory);
    if let Some(path) = &dotenv {
        match dotenv::read(path)? {
            Ok(layer) => return Ok(layer),
            Err(blank) => hint += &blank,
        }
    }
    let profile = profile::locate(machine.environment);
    if let Some(profile) = &profile {
        match profile.read()? {
            Ok(layer) => return Ok(layer),
            Err(blank) => hint += &blank,
        }
    }
    let tried = tried(machine.working_directory, dotenv.as_deref(), profile.as_ref());
    Err(Error::Missing { tried, hint })
}

/// Looks again where credentials were found, and only there.
///
/// # Errors
///
/// As [`find`], and [`Error::NoSource`] where they came from the caller.
pub(crate) fn read_again(
    source: &Source,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Found, Error> {
    let (origin, text) = source.origin().ok_or(Error::NoSource)?;
    let layer = match origin {
        Origin::Environment => names::in_environment(environment)?,
        Origin::Dotenv(path) => dotenv::read(path)?,
        Origin::Profile(profile) => profile.read()?,
    };
    let gone = |hint| Error::Missing { tried: vec![text.to_owned()], hint };
    interpret(layer.map_err(gone)?)
}

/// Every place where nothing was found, for people.
fn tried(
    working_directory: &Path,
    dotenv: Option<&Path>,
    profile: Option<&Profile>,
) -> Vec<String> {
    let dotenv = match (dotenv, dotenv::directories(working_directory).last()) {
        (Some(path), _) => format!("{} (none of these names in it)", path.display()),
        (None, Some(root)) if root != working_directory => {
            format!(".env from {} up to {}", working_directory.display(), root.display())
        }
        (None, _) => format!(".env in {}", working_directory.display()),
    };
    let profile = match profile {
        None => "Kling's profile (there is no home directory)".to_owned(),
        Some(profile) if is_absent(&profile.path) => profile.path.display().to_string(),
        Some(profile) => format!("{} (no keys in its section)", profile.path.display()),
    };
    vec![format!("the environment ({Listed})"), dotenv, profile]
}

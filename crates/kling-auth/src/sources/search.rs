//! The search for credentials: explicit ones first, then each place until one has credentials.

use std::path::Path;

use kling_jwt_core::env_names::{
    FILE_SUFFIX, ReadNames, UnreadNames, VARIABLES, base_urls, unread,
};

use super::{
    Location, Resolved, Source, dotenv,
    file::is_absent,
    names::{self, Lookup},
    profile,
    resolved::{Candidate, Unvalidated, Value, validate},
    source::{Profile, Store},
};
use crate::Error;

/// Credentials as the caller passed them: a key pair, an API key, or nothing.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
#[expect(missing_debug_implementations, reason = "it borrows secrets")]
pub struct Explicit<'a> {
    /// The access key.
    pub access_key: Option<&'a str>,
    /// The secret key.
    pub secret_key: Option<&'a str>,
    /// The API key.
    pub api_key: Option<&'a str>,
}

impl<'a> Explicit<'a> {
    /// The keys that the caller passed. [`resolve`] checks whether they go together.
    pub const fn new(
        access_key: Option<&'a str>,
        secret_key: Option<&'a str>,
        api_key: Option<&'a str>,
    ) -> Self {
        Self { access_key, secret_key, api_key }
    }
}

/// The host's environment: its variables and its working directory.
#[derive(Clone, Copy)]
#[non_exhaustive]
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Environment<'a> {
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The directory in which the search for `.env` starts.
    pub working_directory: &'a Path,
}

impl<'a> Environment<'a> {
    /// An environment whose variables are read through a function.
    pub const fn new(
        variable: &'a dyn Fn(&str) -> Option<String>,
        working_directory: &'a Path,
    ) -> Self {
        Self { variable, working_directory }
    }
}

/// Checks the explicit credentials or, if there are none, searches the environment and files.
///
/// # Errors
///
/// What is missing, incomplete, unreadable or invalid, and where.
///
/// ```
/// use std::path::Path;
///
/// use kling_auth::sources::{Environment, Explicit, resolve};
///
/// let environment = |name: &str| match name {
///     "KLING_ACCESS_KEY" => Some("0123456789abcdef0123456789abcdef".to_owned()),
///     "KLING_SECRET_KEY" => Some("fedcba9876543210fedcba9876543210\n".to_owned()),
///     _ => None,
/// };
/// let environment = Environment::new(&environment, Path::new("."));
/// let resolved = resolve(Explicit::default(), environment)?;
/// assert_eq!(resolved.source.to_string(), "environment (KLING_ACCESS_KEY, KLING_SECRET_KEY)");
/// assert_eq!(resolved.warnings[0].code(), "WARN_CLEANED"); // a line end was removed
/// # Ok::<_, kling_auth::Error>(())
/// ```
pub fn resolve(explicit: Explicit<'_>, environment: Environment<'_>) -> Result<Resolved, Error> {
    match explicit_candidate(explicit)? {
        Some(candidate) => validate(candidate),
        None => validate(search_environment(environment)?),
    }
}

/// [`resolve`] in this process's working directory, with the variables that `environment` returns.
///
/// # Errors
///
/// As [`resolve`].
pub fn resolve_here(
    explicit: Explicit<'_>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Resolved, Error> {
    if let Some(candidate) = explicit_candidate(explicit)? {
        return validate(candidate);
    }
    // Only if needed, because it is a system call.
    let working_directory = std::env::current_dir().unwrap_or_default();
    validate(search_environment(Environment::new(environment, &working_directory))?)
}

/// [`resolve`] in this process's working directory and environment.
///
/// # Errors
///
/// As [`resolve`].
pub fn resolve_in_process(explicit: Explicit<'_>) -> Result<Resolved, Error> {
    resolve_here(explicit, &env_var)
}

/// The names of all variables that a search may read, for hosts that must read them in advance.
pub fn env_names() -> impl Iterator<Item = String> {
    let keys = VARIABLES.keys();
    let files = keys.clone().map(|name| format!("{name}{FILE_SUFFIX}"));
    let others = base_urls().chain(unread()).chain(profile::VARIABLES);
    keys.chain(others).map(str::to_owned).chain(files)
}

/// The value of an environment variable of this process. Invalid Unicode becomes replacement
/// characters, which no key contains.
pub fn env_var(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.into_string().unwrap_or_else(|value| value.to_string_lossy().into_owned()))
}

fn explicit_candidate(explicit: Explicit<'_>) -> Result<Option<Candidate<&str>>, Error> {
    let value = |text, name| Value { text, location: Location::Argument(name) };
    let unvalidated = match (explicit.access_key, explicit.secret_key, explicit.api_key) {
        (None, None, None) => return Ok(None),
        (None, None, Some(api_key)) => Unvalidated::ApiKey(value(api_key, "API key")),
        (Some(access_key), Some(secret_key), None) => Unvalidated::KeyPair {
            access_key: value(access_key, "access key"),
            secret_key: value(secret_key, "secret key"),
        },
        (Some(_), None, None) => return Err(Error::partial("the access key", "the secret key")),
        (None, Some(_), None) => return Err(Error::partial("the secret key", "the access key")),
        (_, _, Some(_)) => return Err(Error::Conflict),
    };
    let source = Source::caller("arguments");
    Ok(Some(Candidate { unvalidated, warnings: Vec::new(), source, base_url: None }))
}

pub(super) fn search_environment(environment: Environment<'_>) -> Result<Candidate, Error> {
    // The hint is shown only if no place has credentials.
    let mut hint = match names::find_in_environment(environment.variable)? {
        Lookup::Found(candidate) => return Ok(candidate),
        Lookup::Nothing { hint } => hint,
    };
    hint += &UnreadNames(&|name| (environment.variable)(name).is_some()).to_string();
    let dotenv = dotenv::search(environment.working_directory);
    if let Some(path) = &dotenv {
        match dotenv::read(path)? {
            Lookup::Found(candidate) => return Ok(candidate),
            Lookup::Nothing { hint: blank } => hint += &blank,
        }
    }
    let profile = profile::locate(environment.variable);
    if let Some(profile) = &profile {
        match profile.read()? {
            Lookup::Found(candidate) => return Ok(candidate),
            Lookup::Nothing { hint: blank } => hint += &blank,
        }
    }
    let tried = places_tried(environment.working_directory, dotenv.as_deref(), profile.as_ref());
    Err(Error::Missing { tried, hint })
}

/// Reads credentials again from their source, and from nowhere else.
///
/// # Errors
///
/// As [`resolve`], and [`Error::NoSource`] for explicit credentials.
pub(crate) fn reread(
    source: &Source,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Resolved, Error> {
    let (store, text) = source.store().ok_or(Error::NoSource)?;
    let lookup = match store {
        Store::Environment => names::find_in_environment(environment)?,
        Store::Dotenv(path) => dotenv::read(path)?,
        Store::Profile(profile) => profile.read()?,
    };
    let missing = |hint| Error::Missing { tried: vec![text.to_owned()], hint };
    validate(lookup.required(missing)?)
}

/// The places that were searched, as text for the error message.
fn places_tried(
    working_directory: &Path,
    dotenv: Option<&Path>,
    profile: Option<&Profile>,
) -> Vec<String> {
    let dotenv = match (dotenv, dotenv::directories(working_directory).last()) {
        (Some(path), _) => format!("{} (none of these names)", path.display()),
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
    vec![format!("the environment ({ReadNames})"), dotenv, profile]
}

//! Limits the search to one place, and returns the signing key too, to verify other tokens with it.

use std::path::Path;

use kling_jwt_core::HmacKey;

use super::{
    Environment, Resolved, dotenv, profile,
    resolved::{Candidate, validate},
    search,
};
use crate::Error;

/// Where to search.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// Everywhere, in the usual order.
    Everywhere,
    /// Only in this `.env` file.
    Dotenv(&'a Path),
    /// Only in this section of the profile.
    Profile(&'a str),
}

/// Finds credentials in this scope. Returns them and, for a key pair, the signing key.
///
/// # Errors
///
/// As [`resolve`](super::resolve).
pub fn resolve_in(
    scope: Scope<'_>,
    environment: Environment<'_>,
) -> Result<(Resolved, Option<HmacKey>), Error> {
    let candidate = match scope {
        Scope::Everywhere => search::search_environment(environment)?,
        Scope::Dotenv(path) => dotenv::read(path)?.required(|hint| {
            let tried = format!("{} (none of these names)", path.display());
            Error::Missing { tried: vec![tried], hint }
        })?,
        Scope::Profile(name) => read_profile(name, environment)?,
    };
    let key = candidate.unvalidated.map(|value| value.text.as_str()).hmac_key();
    Ok((validate(candidate)?, key))
}

fn read_profile(name: &str, environment: Environment<'_>) -> Result<Candidate, Error> {
    let environment = |variable: &str| match variable {
        "KLING_PROFILE" => Some(name.to_owned()),
        _ => (environment.variable)(variable),
    };
    let missing = |hint| {
        let tried = vec!["Kling's profile (there is no home directory)".to_owned()];
        Error::Missing { tried, hint }
    };
    let profile = profile::locate(&environment).ok_or_else(|| missing(String::new()))?;
    profile.read()?.required(missing)
}

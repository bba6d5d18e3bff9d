//! One place that a user names, instead of the search through all of them; and the key found
//! there, to check signatures of others by.

use std::path::Path;

use kling_jwt_core::HmacKey;

use super::{
    Environment, Resolved, dotenv, profile,
    resolved::{Candidate, validate},
    search,
};
use crate::Error;

/// Where to look.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// Everywhere, in the usual order.
    Everywhere,
    /// In this `.env` file alone.
    Dotenv(&'a Path),
    /// In this section of the profile alone.
    Profile(&'a str),
}

/// The credentials there, and the key that signs, if they are a key pair.
///
/// # Errors
///
/// As [`resolve`](super::resolve).
pub fn resolve_in(
    scope: Scope<'_>,
    environment: Environment<'_>,
) -> Result<(Resolved, Option<HmacKey>), Error> {
    let layer = match scope {
        Scope::Everywhere => search::search_environment(environment)?,
        Scope::Dotenv(path) => dotenv::read(path)?.map_err(|hint| {
            let tried = format!("{} (none of these names)", path.display());
            Error::Missing { tried: vec![tried], hint }
        })?,
        Scope::Profile(name) => of_profile(name, environment)?,
    };
    let key = layer.raw.map(|value| value.text.as_str()).hmac_key();
    Ok((validate(layer)?, key))
}

fn of_profile(name: &str, environment: Environment<'_>) -> Result<Candidate, Error> {
    let environment = |variable: &str| match variable {
        "KLING_PROFILE" => Some(name.to_owned()),
        _ => (environment.variable)(variable),
    };
    let nowhere = |hint| {
        let tried = vec!["Kling's profile (there is no home directory)".to_owned()];
        Error::Missing { tried, hint }
    };
    let profile = profile::locate(&environment).ok_or_else(|| nowhere(String::new()))?;
    profile.read()?.map_err(nowhere)
}

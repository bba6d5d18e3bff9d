//! Where credentials come from: the caller's hand first, then the environment.
//!
//! The environment is asked through a function, since hosts have their own view of it (each
//! Node worker has a copy of `process.env`). Absent means go on; half a pair, or a value that
//! no key can be, means stop and name the place.

use zeroize::Zeroizing;

use crate::{Credentials, Error};

const ACCESS_KEY: &str = "KLING_ACCESS_KEY";
const SECRET_KEY: &str = "KLING_SECRET_KEY";

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

/// The credentials that were given or, if none were, those of the environment.
///
/// # Errors
///
/// [`Error::Conflict`] where both kinds were given, [`Error::Partial`] for half a pair,
/// [`Error::Missing`] where nothing is found, and what the core says of a key's text.
///
/// ```
/// use kling_auth::sources::{Given, find};
///
/// let environment = |name: &str| Some(format!("value-of-{name}").replace('_', "-"));
/// let credentials = find(Given::default(), environment)?;
/// assert_eq!(credentials.access_key(), Some("value-of-KLING-ACCESS-KEY"));
/// # Ok::<_, kling_auth::Error>(())
/// ```
pub fn find(
    given: Given<'_>,
    environment: impl FnMut(&str) -> Option<String>,
) -> Result<Credentials, Error> {
    match (given.access_key, given.secret_key, given.api_key) {
        (None, None, None) => from_environment(environment),
        (None, None, Some(api_key)) => Ok(Credentials::api_key(api_key)?),
        (Some(access_key), Some(secret_key), None) => {
            Ok(Credentials::key_pair(access_key, secret_key)?)
        }
        (Some(_), None, None) => Err(Error::Partial("the access key", "the secret key")),
        (None, Some(_), None) => Err(Error::Partial("the secret key", "the access key")),
        (_, _, Some(_)) => Err(Error::Conflict),
    }
}

/// The environment of this process, as [`find`] asks it.
///
/// A value that is not Unicode comes with replacement characters, which no key has.
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn from_environment(
    mut environment: impl FnMut(&str) -> Option<String>,
) -> Result<Credentials, Error> {
    let access_key = environment(ACCESS_KEY);
    let secret_key = environment(SECRET_KEY).map(Zeroizing::new);
    match (access_key, secret_key) {
        (Some(access_key), Some(secret_key)) => {
            Credentials::key_pair(&access_key, &secret_key).map_err(at_place)
        }
        (Some(_), None) => Err(Error::Partial(ACCESS_KEY, SECRET_KEY)),
        (None, Some(_)) => Err(Error::Partial(SECRET_KEY, ACCESS_KEY)),
        (None, None) => Err(Error::Missing),
    }
}

/// Names the variable that holds what the core refused.
fn at_place(error: kling_jwt_core::Error) -> Error {
    use kling_jwt_core::{Error as Core, Field};
    match error {
        Core::Credential(Field::SecretKey, _) => Error::At(SECRET_KEY, error),
        _ => Error::At(ACCESS_KEY, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_in(variables: &[(&str, &str)]) -> Result<Credentials, Error> {
        find(Given::default(), |name| {
            variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment() {
        let pair = [(ACCESS_KEY, "access"), (SECRET_KEY, "secret")];
        assert_eq!(find_in(&pair).unwrap().access_key(), Some("access"));
        assert_eq!(find_in(&[]).unwrap_err(), Error::Missing);
        assert_eq!(find_in(&pair[..1]).unwrap_err(), Error::Partial(ACCESS_KEY, SECRET_KEY));
        assert_eq!(find_in(&pair[1..]).unwrap_err(), Error::Partial(SECRET_KEY, ACCESS_KEY));
    }

    #[test]
    fn a_broken_value_names_its_variable() {
        let broken = [(ACCESS_KEY, "access"), (SECRET_KEY, "sec\nret")];
        let error = find_in(&broken).unwrap_err();
        assert_eq!(error.code(), "ERR_SECRET_KEY_CHARACTER");
        assert!(error.to_string().starts_with("KLING_SECRET_KEY: "), "{error}");
        let broken = [(ACCESS_KEY, ""), (SECRET_KEY, "secret")];
        assert!(find_in(&broken).unwrap_err().to_string().starts_with("KLING_ACCESS_KEY: "));
    }

    #[test]
    fn what_is_given_comes_first() {
        let silent = |_: &str| -> Option<String> { panic!("the environment is not asked") };
        let api_key = Given { api_key: Some("api-key-kling-1"), ..Given::default() };
        assert!(matches!(find(api_key, silent), Ok(Credentials::ApiKey(_))));
        let both = Given { access_key: Some("access"), ..api_key };
        assert_eq!(find(both, silent).unwrap_err(), Error::Conflict);
        let half = Given { access_key: Some("access"), ..Given::default() };
        assert_eq!(find(half, silent).unwrap_err().code(), "ERR_CREDENTIALS_PARTIAL");
    }
}

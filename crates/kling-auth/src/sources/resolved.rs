//! Sanitizes and checks the values that were found, and makes credentials of them.

use kling_jwt_core::{CredentialWarning, EventKind, Field, InvalidCredentials};
use zeroize::Zeroizing;

use super::{Event, Location, Source, base_url::BaseUrlSetting};
use crate::{Credentials, Error};

/// Credentials that were found and checked, with their source and warnings.
#[derive(Debug)]
pub struct Resolved {
    /// The credentials.
    pub credentials: Credentials,
    /// Warnings, for example that a value was sanitized.
    pub warnings: Vec<Event>,
    /// Where they were found, to reload them from there.
    pub source: Source,
    /// The base URL beside them.
    pub(crate) base_url: Option<BaseUrlSetting>,
}

impl Resolved {
    /// Explicit credentials.
    pub(crate) fn explicit(credentials: Credentials) -> Self {
        let source = Source::caller("arguments");
        Self { credentials, warnings: Vec::new(), source, base_url: None }
    }

    /// The same credentials, with a function of the caller's as their source.
    #[must_use]
    pub fn from_function(self) -> Self {
        Self { source: Source::caller("function"), ..self }
    }
}

/// A value before it is checked. Values that were read are owned, and wiped when dropped; explicit
/// values are borrowed, so that no key is copied.
pub(crate) struct Value<T = Zeroizing<String>> {
    pub(super) text: T,
    pub(crate) location: Location,
}

impl<T: AsRef<str>> AsRef<str> for Value<T> {
    fn as_ref(&self) -> &str {
        self.text.as_ref()
    }
}

/// Credentials before they are checked.
pub(super) type Unvalidated<T = Zeroizing<String>> = kling_jwt_core::Unvalidated<Value<T>>;

/// The names under which credentials were found, as text.
pub(super) fn names_of(unvalidated: &Unvalidated) -> String {
    match unvalidated {
        Unvalidated::KeyPair { access_key, secret_key } => {
            format!("{}, {}", access_key.location.name(), secret_key.location.name())
        }
        Unvalidated::ApiKey(value) => value.location.name().to_owned(),
    }
}

/// The credentials of one place, before they are checked.
pub(super) struct Candidate<T = Zeroizing<String>> {
    pub(super) unvalidated: Unvalidated<T>,
    pub(super) warnings: Vec<Event>,
    pub(super) source: Source,
    pub(super) base_url: Option<BaseUrlSetting>,
}

/// Sanitizes and checks the values. An API key's name may also hold a key pair: the shape decides.
pub(super) fn validate<T: AsRef<str>>(candidate: Candidate<T>) -> Result<Resolved, Error> {
    let Candidate { unvalidated, mut warnings, source, base_url } = candidate;
    let location = |field| &unvalidated.value(field).location;
    let (access_key, secret_key) = (location(Field::AccessKey), location(Field::SecretKey));
    let mut warn = |warning: CredentialWarning| {
        warnings.push(EventKind::of(warning, access_key, secret_key).into());
    };
    let credentials = unvalidated.map(|value| value.text.as_ref()).credentials(&mut warn);
    let credentials =
        credentials.map_err(|invalid| located_error(invalid, access_key, secret_key))?;
    Ok(Resolved { credentials, warnings, source, base_url })
}

/// The error for invalid credentials, with the location of the value.
fn located_error(
    invalid: InvalidCredentials,
    access_key: &Location,
    secret_key: &Location,
) -> Error {
    let is_secret = invalid.field() == Field::SecretKey;
    let location = if is_secret { secret_key } else { access_key };
    match (invalid, location) {
        // The text of a core error already names the argument.
        (InvalidCredentials::Value(error), Location::Argument(_)) => Error::Core(error),
        (InvalidCredentials::Value(error), _) => {
            Error::InvalidAt { location: location.of_error(error), error }
        }
        (InvalidCredentials::PartialPair, _) => {
            Error::partial(format!("an access key ({location})"), "its secret key")
        }
        _ => Error::EqualKeys {
            access_key: Box::new(access_key.clone()),
            secret_key: Box::new(secret_key.clone()),
        },
    }
}

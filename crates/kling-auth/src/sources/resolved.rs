//! From what a place holds to credentials: cleaned, told apart by shape, checked.

use kling_jwt_core::{CredentialWarning, EventKind, Field, InvalidCredentials};
use zeroize::Zeroizing;

use super::{Event, Location, Source, base_url::BaseUrlSetting};
use crate::{Credentials, Error};

/// Credentials, and what there is to tell of them.
#[derive(Debug)]
pub struct Resolved {
    /// The credentials, cleaned and checked.
    pub credentials: Credentials,
    /// What was taken off, or looks odd; for the user to hear.
    pub warnings: Vec<Event>,
    /// Where they were found, to look there again.
    pub source: Source,
    /// The base URL that stands beside them.
    pub(crate) base_url: Option<BaseUrlSetting>,
}

impl Resolved {
    /// Credentials that the caller made.
    pub(crate) fn explicit(credentials: Credentials) -> Self {
        let source = Source::caller("arguments");
        Self { credentials, warnings: Vec::new(), source, base_url: None }
    }

    /// The same credentials, as those that a function of the caller's returned.
    #[must_use]
    pub fn from_function(self) -> Self {
        Self { source: Source::caller("function"), ..self }
    }
}

/// A value as it was found, before it is cleaned: read into a copy of our own, which is wiped,
/// or lent by the caller, whose keys are not copied.
pub(crate) struct Value<T = Zeroizing<String>> {
    pub(super) text: T,
    pub(crate) location: Location,
}

impl<T: AsRef<str>> AsRef<str> for Value<T> {
    fn as_ref(&self) -> &str {
        self.text.as_ref()
    }
}

/// Credentials as they were found, before they are cleaned.
pub(super) type Unvalidated<T = Zeroizing<String>> = kling_jwt_core::Unvalidated<Value<T>>;

/// The names that they were found by, for people.
pub(super) fn names_of(raw: &Unvalidated) -> String {
    match raw {
        Unvalidated::KeyPair { access_key, secret_key } => {
            format!("{}, {}", access_key.location.name(), secret_key.location.name())
        }
        Unvalidated::ApiKey(value) => value.location.name().to_owned(),
    }
}

/// What one layer of the search found.
pub(super) struct Candidate<T = Zeroizing<String>> {
    pub(super) raw: Unvalidated<T>,
    pub(super) warnings: Vec<Event>,
    pub(super) source: Source,
    pub(super) base_url: Option<BaseUrlSetting>,
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
pub(super) fn validate<T: AsRef<str>>(layer: Candidate<T>) -> Result<Resolved, Error> {
    let Candidate { raw, mut warnings, source, base_url } = layer;
    let place = |field| &raw.value(field).location;
    let places = (place(Field::AccessKey), place(Field::SecretKey));
    let mut tell =
        |oddity: CredentialWarning| warnings.push(EventKind::of(oddity, places.0, places.1).into());
    let credentials = raw.map(|value| value.text.as_ref()).credentials(&mut tell);
    let credentials = credentials.map_err(|unusable| error(unusable, places))?;
    Ok(Resolved { credentials, warnings, source, base_url })
}

/// What is wrong with a value, with its place.
fn error(unusable: InvalidCredentials, (access_key, secret_key): (&Location, &Location)) -> Error {
    let is_secret = unusable.field() == Field::SecretKey;
    let place = if is_secret { secret_key } else { access_key };
    match (unusable, place) {
        // The message names the argument already.
        (InvalidCredentials::Value(error), Location::Argument(_)) => Error::Core(error),
        (InvalidCredentials::Value(error), _) => {
            Error::InvalidAt { location: place.of(error), error }
        }
        (InvalidCredentials::PartialPair, _) => {
            Error::partial(format!("an access key ({place})"), "its secret key")
        }
        _ => Error::EqualKeys {
            access_key: Box::new(access_key.clone()),
            secret_key: Box::new(secret_key.clone()),
        },
    }
}

//! From what a place holds to credentials: cleaned, told apart by shape, checked.

use kling_jwt_core::{Field, Oddity, Unusable};
use zeroize::Zeroizing;

use super::{Note, Place, Source};
use crate::{Credentials, Error};

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

/// A value as it was found, before it is cleaned: read into a copy of our own, which is wiped,
/// or lent by the caller, whose keys are not copied.
pub(super) struct Value<T = Zeroizing<String>> {
    pub(super) text: T,
    pub(super) place: Place,
}

/// Credentials as they were found, before they are cleaned.
pub(super) type Raw<T = Zeroizing<String>> = kling_jwt_core::Raw<Value<T>>;

/// The names that they were found by, for people.
pub(super) fn names_of(raw: &Raw) -> String {
    match raw {
        Raw::KeyPair { access_key, secret_key } => {
            format!("{}, {}", access_key.place.name(), secret_key.place.name())
        }
        Raw::ApiKey(value) => value.place.name().to_owned(),
    }
}

/// One half of a key pair is there, and the one of this name is not.
pub(super) fn partial(half: &Value, absent: &'static str) -> Error {
    Error::partial(half.place.to_string(), absent)
}

/// What one layer of the search found.
pub(super) struct Layer<T = Zeroizing<String>> {
    pub(super) raw: Raw<T>,
    pub(super) notes: Vec<Note>,
    pub(super) source: Source,
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
pub(super) fn interpret<T: AsRef<str>>(layer: Layer<T>) -> Result<Found, Error> {
    let Layer { raw, mut notes, source } = layer;
    let place = |field| &raw.value(field).place;
    let places = (place(Field::AccessKey), place(Field::SecretKey));
    let mut tell = |oddity: Oddity| notes.push(oddity.at(places.0, places.1).into());
    let credentials = raw.map(|value| value.text.as_ref()).credentials(&mut tell);
    let credentials = credentials.map_err(|unusable| error(unusable, places))?;
    Ok(Found { credentials, notes, source })
}

/// What is wrong with a value, with its place.
fn error(unusable: Unusable, (access_key, secret_key): (&Place, &Place)) -> Error {
    let is_secret = unusable.field() == Field::SecretKey;
    let place = if is_secret { secret_key } else { access_key };
    match (unusable, place) {
        // The message names the argument already.
        (Unusable::Value(error), Place::Argument(_)) => Error::Core(error),
        (Unusable::Value(error), _) => Error::At(place.clone(), error),
        (Unusable::Half, _) => Error::partial(format!("an access key ({place})"), "its secret key"),
        _ => Error::EqualKeys(access_key.clone(), secret_key.clone()),
    }
}

//! From what a place holds to credentials: cleaned, told apart by shape, checked.

use kling_jwt_core::{Field, Note as Told, Oddity, Unusable};
use zeroize::Zeroizing;

use super::{Note, Place, Source, address::Address};
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
    /// The base URL that stands beside them.
    pub(crate) base_url: Option<Address>,
}

impl Found {
    /// Credentials that the caller made.
    pub(crate) fn given(credentials: Credentials) -> Self {
        let source = Source::caller("arguments");
        Self { credentials, notes: Vec::new(), source, base_url: None }
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
    pub(crate) place: Place,
}

impl<T: AsRef<str>> AsRef<str> for Value<T> {
    fn as_ref(&self) -> &str {
        self.text.as_ref()
    }
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

/// What one layer of the search found.
pub(super) struct Layer<T = Zeroizing<String>> {
    pub(super) raw: Raw<T>,
    pub(super) notes: Vec<Note>,
    pub(super) source: Source,
    pub(super) base_url: Option<Address>,
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
pub(super) fn interpret<T: AsRef<str>>(layer: Layer<T>) -> Result<Found, Error> {
    let Layer { raw, mut notes, source, base_url } = layer;
    let place = |field| &raw.value(field).place;
    let places = (place(Field::AccessKey), place(Field::SecretKey));
    let mut tell = |oddity: Oddity| notes.push(Told::of(oddity, places.0, places.1).into());
    let credentials = raw.map(|value| value.text.as_ref()).credentials(&mut tell);
    let credentials = credentials.map_err(|unusable| error(unusable, places))?;
    Ok(Found { credentials, notes, source, base_url })
}

/// What is wrong with a value, with its place.
fn error(unusable: Unusable, (access_key, secret_key): (&Place, &Place)) -> Error {
    let is_secret = unusable.field() == Field::SecretKey;
    let place = if is_secret { secret_key } else { access_key };
    match (unusable, place) {
        // The message names the argument already.
        (Unusable::Value(error), Place::Argument(_)) => Error::Core(error),
        (Unusable::Value(error), _) => Error::At(place.of(error), error),
        (Unusable::Half, _) => Error::partial(format!("an access key ({place})"), "its secret key"),
        _ => Error::EqualKeys(Box::new(access_key.clone()), Box::new(secret_key.clone())),
    }
}

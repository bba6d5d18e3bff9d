//! From what a place holds to credentials: cleaned, told apart by shape, checked.

use zeroize::Zeroizing;

use super::{Note, Place, Source, hygiene, shape};
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

/// A value as it was found, before it is cleaned.
pub(super) struct Value {
    pub(super) text: Zeroizing<String>,
    pub(super) place: Place,
}

/// Credentials as they were found, before they are cleaned.
pub(super) enum Raw {
    KeyPair {
        access_key: Value,
        secret_key: Value,
    },
    /// What was found under an API key's name; its shape tells what it is.
    ApiKey(Value),
}

impl Raw {
    /// A key pair, if both halves are there; nothing, if neither is. `names` are what a missing
    /// half would be found by.
    pub(super) fn key_pair(
        access_key: Option<Value>,
        secret_key: Option<Value>,
        names: (&str, &str),
    ) -> Result<Option<Self>, Error> {
        match (access_key, secret_key) {
            (Some(access_key), Some(secret_key)) => {
                Ok(Some(Self::KeyPair { access_key, secret_key }))
            }
            (Some(half), None) => Err(Error::partial(half.place.to_string(), names.1)),
            (None, Some(half)) => Err(Error::partial(half.place.to_string(), names.0)),
            (None, None) => Ok(None),
        }
    }

    /// The names that it was found by, for people.
    pub(super) fn names(&self) -> String {
        match self {
            Self::KeyPair { access_key, secret_key } => {
                format!("{}, {}", access_key.place.name(), secret_key.place.name())
            }
            Self::ApiKey(value) => value.place.name().to_owned(),
        }
    }
}

/// What one layer of the search found.
pub(super) struct Layer {
    pub(super) raw: Raw,
    pub(super) notes: Vec<Note>,
    pub(super) source: Source,
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
pub(super) fn interpret(layer: Layer) -> Result<Found, Error> {
    let Layer { raw, mut notes, source } = layer;
    let credentials = match raw {
        Raw::KeyPair { access_key, secret_key } => {
            hygiene::key_pair(&access_key, &secret_key, &mut notes)?
        }
        Raw::ApiKey(value) => shape::credentials(&value, &mut notes)?,
    };
    Ok(Found { credentials, notes, source })
}

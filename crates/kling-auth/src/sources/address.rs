//! The base URL that stands beside credentials: it travels with them, since a relay's key is good
//! at the relay alone.

use std::{convert::Infallible, fmt};

use kling_jwt_core::{BaseUrl, Note as CoreNote, is_blank, names::base_urls};

use super::{Note, Place};
use crate::Error;

/// A base URL or a region as it was found, not looked at yet.
#[derive(Clone)]
pub(crate) struct Address {
    name: &'static str,
    text: String,
    place: Place,
}

impl Address {
    /// The first of the known variables that is set in the environment, with a note of each that
    /// says something else.
    pub(crate) fn in_environment(
        environment: &dyn Fn(&str) -> Option<String>,
        notes: &mut Vec<Note>,
    ) -> Option<Self> {
        let get = |name: &'static str| {
            let place = Place::Variable(name.to_owned());
            Ok::<_, Infallible>(environment(name).map(|text| (text, place)))
        };
        let Ok(found) = Self::find(get, notes);
        found
    }

    /// The first of the known names that has a value, with a note of each that says something else.
    pub(super) fn find<E>(
        mut get: impl FnMut(&'static str) -> Result<Option<(String, Place)>, E>,
        notes: &mut Vec<Note>,
    ) -> Result<Option<Self>, E> {
        let mut found = Vec::new();
        for name in base_urls() {
            if let Some((text, place)) = get(name)?.filter(|(text, _)| !is_blank(text)) {
                found.push(Self { name, text, place });
            }
        }
        let mut found = found.into_iter();
        let Some(first) = found.next() else { return Ok(None) };
        let url = first.base_url().ok();
        for other in found.filter(|other| other.base_url().ok() != url) {
            notes.push(CoreNote::Several(&first.place, &other.place).into());
        }
        Ok(Some(first))
    }

    /// The URL that it names.
    ///
    /// # Errors
    ///
    /// That the value cannot be used, and where it stands. It is never passed over: the key beside
    /// it may be a relay's, which Kling must not see.
    pub(crate) fn base_url(&self) -> Result<String, Error> {
        match BaseUrl::parse_variable(self.name, &self.text) {
            Ok(url) => Ok(url.to_string()),
            Err(error) => Err(Error::At(self.place.clone(), error)),
        }
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }
}

/// Without the text: a URL that cannot be used may hold a password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.place).finish()
    }
}

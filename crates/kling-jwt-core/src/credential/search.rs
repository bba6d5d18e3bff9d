//! The choice among the credentials that stand at one place: an environment, a `.env` file, a
//! section of a profile.
//!
//! A static API key, known by its shape, comes first: it is good for every path of Kling's API. A
//! key pair comes next, under names that belong together before names that do not. An API key's
//! name with a value of another shape comes last. What is blank counts as absent: templates write
//! blanks for whichever scheme is not used.

use core::fmt;

use crate::{
    ApiKey, Field, Unvalidated,
    credential::{env_names::Names, sanitize},
};

/// More than the names of any place.
pub(crate) const MAX_NAMES: usize = 20;

/// The values at one place, by their names.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct KeySearch<V> {
    names: &'static Names,
    /// In the order of the names.
    values: [Option<V>; MAX_NAMES],
    /// A bit for each value that is blank; it stays when that is taken.
    blank: u32,
}

/// What is to be used.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct SelectedKeys<V> {
    /// The credentials.
    pub raw: Unvalidated<V>,
    /// Whether the names of the two keys are of different families.
    pub is_mixed: bool,
}

/// One half of a key pair, without the other.
#[expect(missing_debug_implementations, reason = "it holds a secret")]
pub struct PartialPair<V> {
    /// The half that is there.
    pub there: V,
    /// The name of the other.
    pub absent: &'static str,
    /// The other, where it is set, but blank.
    pub blank: Option<V>,
}

impl<V: AsRef<str>> KeySearch<V> {
    /// Looks up each of the names.
    ///
    /// # Errors
    ///
    /// Those of `get`.
    ///
    /// ```
    /// use kling_jwt_core::{Unvalidated, KeySearch, env_names::VARIABLES};
    ///
    /// let environment = |name| {
    ///     Ok::<_, ()>(match name {
    ///         "KLING_ACCESS_KEY" => Some("0123456789abcdef0123456789abcdef"),
    ///         "KLING_SECRET_KEY" => Some(" "), // blank, as templates have it
    ///         "KLING_API_KEY" => Some("api-key-kling-0123456789"),
    ///         _ => None,
    ///     })
    /// };
    /// let mut search = KeySearch::new(&VARIABLES, environment)?;
    /// let chosen = search.take().ok().flatten().unwrap();
    /// assert!(matches!(chosen.raw, Unvalidated::ApiKey("api-key-kling-0123456789")));
    /// assert_eq!(search.names().next(), Some("KLING_ACCESS_KEY")); // what else is there
    /// # Ok::<_, ()>(())
    /// ```
    pub fn new<E>(
        names: &'static Names,
        mut get: impl FnMut(&'static str) -> Result<Option<V>, E>,
    ) -> Result<Self, E> {
        let mut search = Self { names, values: [const { None }; MAX_NAMES], blank: 0 };
        for (place, (value, name)) in search.values.iter_mut().zip(names.keys()).enumerate() {
            *value = get(name)?;
            let is_blank = value.as_ref().is_some_and(|value| is_blank(value.as_ref()));
            search.blank |= u32::from(is_blank) << place;
        }
        Ok(search)
    }

    /// Takes the credentials to use; nothing where there are none. What else is there stays.
    ///
    /// # Errors
    ///
    /// One half of a pair, where nothing else is whole.
    pub fn take(&mut self) -> Result<Option<SelectedKeys<V>>, PartialPair<V>> {
        let names = self.names;
        let api_key =
            |taken: Option<V>| taken.map(|raw| SelectedKeys::new(Unvalidated::ApiKey(raw)));

        if let Some(name) = self.api_key_that(ApiKey::is_likely) {
            return Ok(api_key(self.remove(name)));
        }
        let is_there = |name: &&'static str| self.get(name).is_some();
        let whole =
            names.pairs.iter().find(|(access, secret)| is_there(access) && is_there(secret));
        if let Some((access_key, secret_key)) = whole {
            return Ok(self.remove_pair(access_key, secret_key, false));
        }
        if let Some(name) = self.api_key_that(|text| sanitize::pair(text).is_some()) {
            return Ok(api_key(self.remove(name)));
        }
        let access_key = names.access_keys.iter().copied().find(is_there);
        let access_key = access_key.or_else(|| self.api_key_that(sanitize::is_key_of_a_pair));
        let secret_key = names.secret_keys.iter().copied().find(is_there);
        match (access_key, secret_key) {
            (Some(access_key), Some(secret_key)) => {
                Ok(self.remove_pair(access_key, secret_key, true))
            }
            // An access key under an API key's name is told apart later, with its own words.
            (Some(half), None) if !names.api_keys.contains(&half) => {
                self.half(half, names.secret_keys)
            }
            (None, Some(half)) => self.half(half, names.access_keys),
            _ => {
                let name = names.api_keys.iter().copied().find(is_there);
                Ok(api_key(name.and_then(|name| self.remove(name))))
            }
        }
    }

    /// The names of what is there besides what was taken.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.keys().filter(|name| self.get(name).is_some())
    }

    /// The name of an API key that is there besides what was taken.
    pub fn unused_api_key(&self) -> Option<&'static str> {
        self.names.api_keys.iter().copied().find(|name| self.get(name).is_some())
    }

    /// The names of what is set, but blank, for people; nothing where there is none.
    pub fn blank(&self) -> BlankNames<'_, V> {
        BlankNames(self)
    }

    /// The text under a name, if it says something.
    fn get(&self, name: &str) -> Option<&str> {
        let value = self.values.get(self.names.place(name)?)?.as_ref();
        value.filter(|_| !self.is_blank(name)).map(AsRef::as_ref)
    }

    /// The first API key whose text, without what surrounds it, is such.
    fn api_key_that(&self, is_such: impl Fn(&str) -> bool) -> Option<&'static str> {
        let bare = |name: &str| self.get(name).map(|text| sanitize::bare(text, Field::ApiKey));
        self.names.api_keys.iter().copied().find(|name| bare(name).is_some_and(&is_such))
    }

    fn remove(&mut self, name: &str) -> Option<V> {
        self.values.get_mut(self.names.place(name)?)?.take()
    }

    fn remove_pair(
        &mut self,
        access_key: &str,
        secret_key: &str,
        is_mixed: bool,
    ) -> Option<SelectedKeys<V>> {
        let (access_key, secret_key) = (self.remove(access_key)?, self.remove(secret_key)?);
        Some(SelectedKeys { raw: Unvalidated::KeyPair { access_key, secret_key }, is_mixed })
    }

    /// The half that is there, and the name of the other: of those the one that is blank.
    fn half(
        &mut self,
        name: &'static str,
        others: &[&'static str],
    ) -> Result<Option<SelectedKeys<V>>, PartialPair<V>> {
        let partner = self.names.partner(name).unwrap_or_default();
        let blank = others.iter().copied().find(|other| self.is_blank(other));
        let absent = blank.filter(|_| !self.is_blank(partner)).unwrap_or(partner);
        let blank = self.remove(absent);
        match self.remove(name) {
            Some(there) => Err(PartialPair { there, absent, blank }),
            None => Ok(None),
        }
    }
}

impl<V> KeySearch<V> {
    fn is_blank(&self, name: &str) -> bool {
        self.names.place(name).is_some_and(|place| self.blank >> place & 1 == 1)
    }
}

impl<V> SelectedKeys<V> {
    fn new(raw: Unvalidated<V>) -> Self {
        Self { raw, is_mixed: false }
    }
}

/// Whether a value says nothing: white space, or a pair of quotes around it, which `docker run
/// --env-file` leaves there.
pub fn is_blank(text: &str) -> bool {
    sanitize::bare(text, Field::ApiKey).is_empty()
}

/// What is set, but blank, for people.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct BlankNames<'a, V>(&'a KeySearch<V>);

impl<V> fmt::Display for BlankNames<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.names.keys().filter(|name| self.0.is_blank(name));
        let mut count = 0;
        for name in names {
            f.write_str(if count == 0 { "; " } else { ", " })?;
            f.write_str(name)?;
            count += 1;
        }
        f.write_str(match count {
            0 => return Ok(()),
            1 => " is set, but blank",
            _ => " are set, but blank",
        })?;
        f.write_str(": set a value (in CI, a missing secret is blank)")
    }
}

//! Chooses among the credentials in one location: an environment, a `.env` file, or a section of a
//! profile.
//!
//! 1. A value that begins like an API key, under an API key's name. It works for every path of
//!    Kling's API.
//! 2. A key pair under two names that belong together.
//! 3. A key pair in one value, under an API key's name.
//! 4. A key pair under two names that do not belong together.
//! 5. Any other value under an API key's name.
//!
//! A blank value counts as absent: templates leave blank what is not used.

use core::fmt;

use crate::{
    ApiKey, Field, Unvalidated,
    credential::{env_names::Names, sanitize},
};

/// At least as many as the names in any kind of location.
pub(crate) const MAX_NAMES: usize = 20;

/// The values in one location, by name.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct KeySearch<V> {
    names: &'static Names,
    /// In the order of [`Names::keys`].
    values: [Option<V>; MAX_NAMES],
    /// One bit for each value that is blank. It stays set when the value is removed.
    blank: u32,
}

/// The credentials to use.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct SelectedKeys<V> {
    /// The credentials.
    pub unvalidated: Unvalidated<V>,
    /// Whether the names of the two keys do not belong together.
    pub is_mixed: bool,
}

/// One key of a pair, without the other.
#[expect(missing_debug_implementations, reason = "it holds a secret")]
pub struct PartialPair<V> {
    /// The key that was found.
    pub present: V,
    /// The name of the other key.
    pub absent: &'static str,
    /// The other key, if it is set, but blank.
    pub blank: Option<V>,
}

impl<V: AsRef<str>> KeySearch<V> {
    /// Looks up all names.
    ///
    /// # Errors
    ///
    /// The first error that `get` returns.
    ///
    /// ```
    /// use kling_jwt_core::{Unvalidated, KeySearch, env_names::VARIABLES};
    ///
    /// let environment = |name| {
    ///     Ok::<_, ()>(match name {
    ///         "KLING_ACCESS_KEY" => Some("0123456789abcdef0123456789abcdef"),
    ///         "KLING_SECRET_KEY" => Some(" "), // blank, as templates leave it
    ///         "KLING_API_KEY" => Some("api-key-kling-0123456789"),
    ///         _ => None,
    ///     })
    /// };
    /// let mut search = KeySearch::new(&VARIABLES, environment)?;
    /// let chosen = search.take().ok().flatten().unwrap();
    /// assert!(matches!(chosen.unvalidated, Unvalidated::ApiKey("api-key-kling-0123456789")));
    /// assert_eq!(search.names().next(), Some("KLING_ACCESS_KEY")); // not used
    /// # Ok::<_, ()>(())
    /// ```
    pub fn new<E>(
        names: &'static Names,
        mut get: impl FnMut(&'static str) -> Result<Option<V>, E>,
    ) -> Result<Self, E> {
        let mut search = Self { names, values: [const { None }; MAX_NAMES], blank: 0 };
        for (index, (value, name)) in search.values.iter_mut().zip(names.keys()).enumerate() {
            *value = get(name)?;
            let is_blank = value.as_ref().is_some_and(|value| is_blank(value.as_ref()));
            search.blank |= u32::from(is_blank) << index;
        }
        Ok(search)
    }

    /// Removes and returns the credentials to use; `None` if there are none.
    ///
    /// # Errors
    ///
    /// [`PartialPair`] if there is one key of a pair, and no complete credentials.
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
            // An access key under an API key's name gets its own error later.
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

    /// The names of the values that [`take`](Self::take) left.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.keys().filter(|name| self.get(name).is_some())
    }

    /// The name of an API key that [`take`](Self::take) left.
    pub fn unused_api_key(&self) -> Option<&'static str> {
        self.names.api_keys.iter().copied().find(|name| self.get(name).is_some())
    }

    /// The variables that are set, but blank, for messages; empty if there are none.
    pub fn blank(&self) -> BlankNames<'_, V> {
        BlankNames(self)
    }

    /// The text under a name, if it is not blank.
    fn get(&self, name: &str) -> Option<&str> {
        let value = self.values.get(self.names.index(name)?)?.as_ref();
        value.filter(|_| !self.is_blank(name)).map(AsRef::as_ref)
    }

    /// The name of the first API key that matches, without what surrounds its value.
    fn api_key_that(&self, matches: impl Fn(&str) -> bool) -> Option<&'static str> {
        let bare = |name: &str| self.get(name).map(|text| sanitize::bare(text, Field::ApiKey));
        self.names.api_keys.iter().copied().find(|name| bare(name).is_some_and(&matches))
    }

    fn remove(&mut self, name: &str) -> Option<V> {
        self.values.get_mut(self.names.index(name)?)?.take()
    }

    fn remove_pair(
        &mut self,
        access_key: &str,
        secret_key: &str,
        is_mixed: bool,
    ) -> Option<SelectedKeys<V>> {
        let (access_key, secret_key) = (self.remove(access_key)?, self.remove(secret_key)?);
        Some(SelectedKeys {
            unvalidated: Unvalidated::KeyPair { access_key, secret_key },
            is_mixed,
        })
    }

    /// Returns the key under `name` as a [`PartialPair`]. The name of the other key is its partner,
    /// or one of `others` that is set, but blank.
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
            Some(present) => Err(PartialPair { present, absent, blank }),
            None => Ok(None),
        }
    }
}

impl<V> KeySearch<V> {
    fn is_blank(&self, name: &str) -> bool {
        self.names.index(name).is_some_and(|index| self.blank >> index & 1 == 1)
    }
}

impl<V> SelectedKeys<V> {
    fn new(unvalidated: Unvalidated<V>) -> Self {
        Self { unvalidated, is_mixed: false }
    }
}

/// Whether a value is empty but for white space and quotes. `docker run --env-file` keeps quotes.
pub fn is_blank(text: &str) -> bool {
    sanitize::bare(text, Field::ApiKey).is_empty()
}

/// The variables that are set, but blank, for messages.
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

//! The base URL, which travels with credentials: a relay's key is good at the relay alone.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{self, Debug, Display};

use crate::{
    BaseUrl, Error, Origin, credential::env_names::base_urls, engine::event::Event, is_blank,
    messages::event::EventKind,
};

/// What requests to Kling begin with. Its origin may see the bearer, whatever it is.
#[derive(Clone, Debug)]
pub struct EffectiveBaseUrl {
    /// None where it is Kling's own.
    url: Option<Box<str>>,
    /// Whether the caller gave it, so that a base URL beside the credentials is ignored.
    is_explicit: bool,
}

impl EffectiveBaseUrl {
    /// The base URL that the caller gave.
    ///
    /// # Errors
    ///
    /// As [`BaseUrl::parse`].
    pub fn explicit(url: &str) -> Result<Self, Error> {
        let url = BaseUrl::parse(url)?.to_string();
        Ok(Self { url: Some(url.into()), is_explicit: true })
    }

    /// The base URL that was found, or Kling's own.
    pub fn resolved(url: Option<String>) -> Self {
        Self { url: url.map(Into::into), is_explicit: false }
    }

    /// Whether reloaded credentials may be used with it: they stand beside the
    /// same one, or the caller gave it.
    pub fn accepts(&self, found: &Self) -> bool {
        self.is_explicit || self.as_str() == found.as_str()
    }

    /// Whether the bearer may go to this absolute URL: to Kling's API, or to this base URL's origin.
    pub(super) fn allows(&self, url: &str) -> bool {
        Origin::parse(self.as_str()).is_some_and(|origin| origin.allows(url))
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.url.as_deref().unwrap_or(Origin::DEFAULT_BASE_URL)
    }
}

/// A base URL or a region as it was found, before it is parsed.
#[derive(Clone)]
pub struct BaseUrlSetting<T, P> {
    name: &'static str,
    text: T,
    /// Where it stands.
    pub location: P,
}

impl<T: AsRef<str>, P: Display> BaseUrlSetting<T, P> {
    /// The first of the known names that has a value, with a note of each that says something else.
    ///
    /// # Errors
    ///
    /// Those of `get`.
    pub fn find<E>(
        mut get: impl FnMut(&'static str) -> Result<Option<(T, P)>, E>,
        events: &mut Vec<Event>,
    ) -> Result<Option<Self>, E> {
        let mut first: Option<Self> = None;
        for name in base_urls() {
            let Some((text, location)) = get(name)?.filter(|(text, _)| !is_blank(text.as_ref()))
            else {
                continue;
            };
            let found = Self { name, text, location };
            match &first {
                None => first = Some(found),
                Some(first) if first.base_url().ok() != found.base_url().ok() => {
                    events.push(EventKind::Ignored(&first.location, &found.location).into());
                }
                Some(_) => {}
            }
        }
        Ok(first)
    }

    /// The URL that it names.
    ///
    /// # Errors
    ///
    /// That the value cannot be used. It is never passed over: the key beside it may be a relay's,
    /// which Kling must not see.
    pub fn base_url(&self) -> Result<String, Error> {
        BaseUrl::parse_variable(self.name, self.text.as_ref()).map(|url| url.to_string())
    }
}

/// Without the text: a URL that cannot be used may hold a password.
impl<T, P: Debug> Debug for BaseUrlSetting<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaseUrlSetting").field(&self.location).finish()
    }
}

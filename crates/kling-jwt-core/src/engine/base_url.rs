//! The base URL, which belongs to the credentials: a relay's key works only at the relay.

use alloc::{
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::fmt::{self, Debug, Display};

use crate::{
    BaseUrl, Error, Origin, Region, credential::env_names::base_urls, engine::event::Event,
    is_blank, messages::event::EventKind,
};

/// The base URL in use. The bearer may be sent to its origin, even if that is not Kling's.
#[derive(Clone, Debug)]
pub struct EffectiveBaseUrl {
    /// `None` for [`Origin::DEFAULT_BASE_URL`]. A gateway has one for thousands of accounts.
    url: Option<Arc<str>>,
    /// Whether the caller passed it. Then a base URL in the credentials' source is ignored.
    is_explicit: bool,
}

impl EffectiveBaseUrl {
    /// A base URL that the caller passed.
    ///
    /// # Errors
    ///
    /// The errors of [`BaseUrl::parse`].
    pub fn explicit(url: &str) -> Result<Self, Error> {
        let url = BaseUrl::parse(url)?.to_string();
        Ok(Self { url: Some(url.into()), is_explicit: true })
    }

    /// The base URL that the caller passed, as a URL or as a region; `None` if it passed neither.
    ///
    /// # Errors
    ///
    /// The errors of [`explicit`](Self::explicit); [`Error::Region`] for both.
    pub fn from_options(url: Option<&str>, region: Option<Region>) -> Result<Option<Self>, Error> {
        let url = match (url, region) {
            (Some(_), Some(_)) => return Err(Error::Region),
            (Some(url), None) => Some(url),
            (None, region) => region.map(Region::base_url),
        };
        url.map(Self::explicit).transpose()
    }

    /// A base URL that was found and checked; Kling's default for `None`.
    pub fn resolved(url: Option<String>) -> Self {
        Self { url: url.map(Into::into), is_explicit: false }
    }

    /// Whether reloaded credentials may be used with this base URL: the same one was `found` with
    /// them, or the caller passed this one.
    pub fn accepts(&self, found: &Self) -> bool {
        self.is_explicit || self.as_str() == found.as_str()
    }

    /// Whether the bearer may be sent to a URL: to Kling's API, or to this base URL's origin.
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
    /// Where it was found.
    pub location: P,
}

impl<T: AsRef<str>, P: Display> BaseUrlSetting<T, P> {
    /// Finds the first known name that has a value. Each later one with another base URL adds an
    /// event.
    ///
    /// # Errors
    ///
    /// The first error that `get` returns.
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

    /// The base URL.
    ///
    /// # Errors
    ///
    /// The value cannot be used. It must not be ignored: the credentials found with it may be a
    /// relay's, which must not be sent to Kling.
    pub fn base_url(&self) -> Result<String, Error> {
        BaseUrl::parse_variable(self.name, self.text.as_ref()).map(|url| url.to_string())
    }
}

/// Does not show the text: a URL that cannot be used may contain a password.
impl<T, P: Debug> Debug for BaseUrlSetting<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaseUrlSetting").field(&self.location).finish()
    }
}

//! Where the bearer goes: to Kling's API and to the user's base URL, and nowhere else.
//!
//! Results are URLs on other hosts, often fetched by the client that made the request. Such a
//! request goes on without the bearer; whoever puts the bearer on it by hand gets an error.

use kling_jwt_core::{BaseUrl as CoreBaseUrl, Note as CoreNote, Origin};

use crate::{
    CoreError, Error, KlingAuth, Response,
    sources::{Address, Found, Note},
};

/// What requests to Kling begin with. Its origin may see the bearer, whatever it is.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// None where it is Kling's own.
    url: Option<Box<str>>,
    /// Whether the caller gave it, so that it holds whatever stands beside credentials.
    is_given: bool,
}

impl BaseUrl {
    /// The base URL that the caller gave.
    pub(crate) fn given(url: &str) -> Result<Self, CoreError> {
        Ok(Self { url: Some(CoreBaseUrl::parse(url)?.to_string().into()), is_given: true })
    }

    /// The base URL that stands beside credentials or, where none does, that of the environment, or
    /// Kling's own. What is passed over for it is noted.
    pub(crate) fn find(
        beside: Option<&Address>,
        environment: &dyn Fn(&str) -> Option<String>,
        notes: &mut Vec<Note>,
    ) -> Result<Self, Error> {
        let Some(address) = beside else {
            let address = Address::in_environment(environment, notes);
            let url = address.map(|address| address.base_url()).transpose()?;
            return Ok(Self { url: url.map(Into::into), is_given: false });
        };
        let url = address.base_url()?;
        // What else the environment says of it was noted if the credentials are from there.
        if let Some(other) = Address::in_environment(environment, &mut Vec::new())
            && other.base_url().ok().as_ref() != Some(&url)
        {
            notes.push(CoreNote::Several(address.place(), other.place()).into());
        }
        Ok(Self { url: Some(url.into()), is_given: false })
    }

    /// Makes sure that credentials which were looked for again stand beside the same base URL.
    pub(crate) fn require_same(
        &self,
        found: &Found,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(), Error> {
        if self.is_given {
            return Ok(());
        }
        let now = Self::find(found.base_url.as_ref(), environment, &mut Vec::new())?;
        if now.as_str() == self.as_str() {
            return Ok(());
        }
        let place = found.base_url.as_ref().map(|address| address.place().to_string());
        Err(Error::BaseUrlChanged(place.unwrap_or_else(|| found.source.to_string())))
    }

    /// Kling's own, if it is no other.
    fn as_str(&self) -> &str {
        self.url.as_deref().unwrap_or(Origin::DEFAULT_BASE_URL)
    }
}

impl KlingAuth {
    /// What requests to Kling begin with, without a slash or `/v1` at its end: the base URL that was
    /// given, or the one beside the credentials, or that of `KLING_API_BASE`, or
    /// `https://api-singapore.klingai.com`.
    pub fn base_url(&self) -> &str {
        self.base_url.as_str()
    }

    /// Whether a request to this absolute URL may carry the bearer: `https` to Kling's API hosts,
    /// or the origin of the [base URL](Self::base_url).
    ///
    /// ```
    /// # let auth = kling_auth::KlingAuth::new("access-key", "secret-key").unwrap();
    /// assert!(auth.allows("https://api.klingai.com/v1/videos/text2video"));
    /// assert!(!auth.allows("http://api.klingai.com/v1/videos/text2video"));
    /// assert!(!auth.allows("https://cdn.example.com/video.mp4"));
    /// ```
    pub fn allows(&self, url: &str) -> bool {
        Origin::allows(url, self.base_url())
    }

    /// The value of the `Authorization` header for a request to this absolute URL.
    ///
    /// # Errors
    ///
    /// [`Error::Origin`] where the bearer must not go.
    pub fn authorization_for(&self, url: &str) -> Result<String, Error> {
        self.require_origin(url).map(|()| self.authorization())
    }

    /// Makes sure that a request to this absolute URL may carry the bearer.
    ///
    /// # Errors
    ///
    /// [`Error::Origin`] where it must not go.
    pub fn require_origin(&self, url: &str) -> Result<(), Error> {
        if self.allows(url) { Ok(()) } else { Err(Error::origin(url)) }
    }

    /// Whether an adapter, which sees all requests of a client, is to attach the bearer to this
    /// one. `present` is the value of its `Authorization` header, if it has one.
    ///
    /// # Errors
    ///
    /// [`Error::Origin`] for another host's request that has this credential's bearer already.
    pub fn attaches_to(&self, url: &str, present: Option<&str>) -> Result<bool, Error> {
        let allows = self.allows(url);
        if !allows && present.is_some_and(|value| self.owns(value)) {
            return Err(Error::origin(url));
        }
        Ok(allows)
    }

    /// Whether an adapter, which sees all responses of a client, is to read the body of this one and
    /// [observe](Self::observe) it: it is a refusal, or [may be one](Response::is_to_be_read), of a
    /// host that may have the bearer. A 401 of another host is [noted](Self::note_withheld).
    pub fn is_to_be_observed(
        &self,
        url: &str,
        status: u16,
        content_type: Option<&str>,
        content_length: Option<u64>,
    ) -> bool {
        if !Response::is_to_be_read(status, content_type, content_length) {
            return false;
        }
        let allows = self.allows(url);
        if !allows && status == 401 {
            self.note_withheld(url);
        }
        allows
    }

    /// Notes that another host answered 401 to a request that went without the bearer: if
    /// it is a gateway of the user's, its URL is to be given.
    pub fn note_withheld(&self, url: &str) {
        self.notes.tell(&CoreNote::Withheld(&shown(url)));
    }

    fn owns(&self, authorization: &str) -> bool {
        let held = self.state.load();
        authorization.split_ascii_whitespace().any(|word| held.provider.owns(word))
    }
}

impl Error {
    fn origin(url: &str) -> Self {
        Self::Origin(shown(url))
    }
}

/// The origin alone, for people: what follows may be the secret part of a signed URL.
fn shown(url: &str) -> String {
    Origin::of(url).map_or_else(|| "this URL".to_owned(), |origin| origin.to_string())
}

//! Where the bearer goes: to Kling's API and to the user's base URL, and nowhere else.
//!
//! Results are URLs on other hosts, often fetched by the client that made the request. Such a
//! request goes on without the bearer; whoever puts the bearer on it by hand gets an error.

use kling_jwt_core::{Note, Origin, names};

use crate::{CoreError, Error, KlingAuth, sources::Place};

/// What requests to Kling begin with. Its origin may see the bearer, whatever it is.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl(Option<Box<str>>);

impl BaseUrl {
    /// The base URL that was given or, if none was, that of the environment, or Kling's own.
    pub(crate) fn find(
        given: Option<&str>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        if let Some(url) = given {
            return Self::new(url).map_err(Error::Core);
        }
        match environment(names::BASE_URL).filter(|url| !url.is_empty()) {
            None => Ok(Self(None)),
            Some(url) => {
                let place = Place::Variable(names::BASE_URL.to_owned());
                Self::new(&url).map_err(|error| Error::At(place, error))
            }
        }
    }

    fn new(url: &str) -> Result<Self, CoreError> {
        Origin::of_base_url(url)?;
        Ok(Self(Some(url.trim_end_matches('/').into())))
    }

    /// Kling's own, if it is no other.
    fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or(Origin::DEFAULT_BASE_URL)
    }
}

impl KlingAuth {
    /// What requests to Kling begin with, without a slash at its end: the base URL that was given,
    /// or that of `KLING_API_BASE`, or `https://api-singapore.klingai.com`.
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
        if self.allows(url) { Ok(self.authorization()) } else { Err(Error::origin(url)) }
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

    /// Notes that another host answered 401 to a request that went without the bearer: if
    /// it is a gateway of the user's, its URL is to be given.
    pub fn note_withheld(&self, url: &str) {
        self.note(&[Note::Withheld(&shown(url)).into()]);
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

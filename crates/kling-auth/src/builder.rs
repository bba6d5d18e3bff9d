//! A `KlingAuth` with another policy than the guide's.

use std::time::Duration;

use kling_jwt_core::engine::{EffectiveBaseUrl, Listener, Setup};

use crate::{
    CoreError, Credentials, Error, Region, Validity,
    sources::{self, Explicit, Resolved, resolve_here},
    steps::Engine,
};

/// Collects what a [`KlingAuth`](crate::KlingAuth) is made of; nothing is checked before [`build`](Self::build).
///
/// ```
/// use std::time::Duration;
///
/// use kling_auth::{Credentials, KlingAuth};
///
/// # fn main() -> Result<(), kling_auth::Error> {
/// let auth = KlingAuth::builder()
///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
///     .lifetime(Duration::from_secs(600))
///     .buffer(Duration::from_secs(60))
///     .build()?;
/// assert_eq!(auth.token_at(1_800_000_000).expires_at(), Some(1_800_000_600));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct KlingAuthBuilder {
    resolved: Option<Resolved>,
    lifetime: Duration,
    buffer: Option<Duration>,
    base_url: Option<String>,
    region: Option<Region>,
    listener: Option<Listener>,
}

impl KlingAuthBuilder {
    pub(crate) const fn new() -> Self {
        let lifetime = Duration::from_secs(Validity::MAX_LIFETIME);
        let (resolved, buffer, base_url, region, listener) = (None, None, None, None, None);
        Self { resolved, lifetime, buffer, base_url, region, listener }
    }

    /// The credentials to use, instead of those that the machine has.
    #[must_use]
    pub fn credentials(self, credentials: Credentials) -> Self {
        self.resolved(Resolved::explicit(credentials))
    }

    /// What [`sources::find`](crate::sources::find) found, with its source and warnings.
    #[must_use]
    pub fn resolved(mut self, resolved: Resolved) -> Self {
        self.resolved = Some(resolved);
        self
    }

    /// How long each token is valid: a whole number of seconds from 1 to 1800, the default.
    #[must_use]
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// How long before its end a token is renewed, in whole seconds; a fraction is rounded up. By default
    /// 300 seconds, and at most half of the lifetime. With a buffer above the lifetime each request is
    /// signed anew.
    #[must_use]
    pub const fn buffer(mut self, buffer: Duration) -> Self {
        self.buffer = Some(buffer);
        self
    }

    /// What requests to Kling begin with: a region's host, or a gateway that may see the bearer
    /// too. `https`, or plain `http` on loopback.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The region in which the key was made, in place of a base URL.
    ///
    /// ```
    /// use kling_auth::{Credentials, KlingAuth, Region};
    ///
    /// let auth = KlingAuth::builder()
    ///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
    ///     .region(Region::Beijing)
    ///     .build()?;
    /// assert_eq!(auth.base_url(), "https://api-beijing.klingai.com");
    /// # Ok::<_, kling_auth::Error>(())
    /// ```
    #[must_use]
    pub const fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// A function that hears of what happens, at once and on the thread where it happens:
    /// warnings, credentials found or replaced, the clock corrected, a request that is repeated, a
    /// token minted. No text holds a secret. With the feature `tracing`, all of it goes to
    /// `tracing` too.
    ///
    /// A token that [`refresh`](crate::KlingAuth::refresh) mints is not told of: its caller knows.
    ///
    /// ```
    /// use kling_auth::{Credentials, KlingAuth};
    ///
    /// let auth = KlingAuth::builder()
    ///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
    ///     .listener(|note| eprintln!("{}: {note}", note.code()))
    ///     .build()?; // INFO_CREDENTIALS_FOUND: using the credentials from arguments
    /// auth.token(); // DEBUG_TOKEN_MINTED: minted a token that expires at …
    /// # Ok::<_, kling_auth::Error>(())
    /// ```
    #[must_use]
    pub fn listener(mut self, listener: Listener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// The engine of it, with a host's own view of the environment.
    pub(crate) fn engine(
        self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Engine, Error> {
        let given = match (self.base_url.as_deref(), self.region) {
            (Some(_), Some(_)) => return Err(CoreError::Region.into()),
            (Some(url), None) => Some(url),
            (None, region) => region.map(Region::base_url),
        };
        let given = given.map(EffectiveBaseUrl::explicit).transpose()?;
        let validity = Validity::new(whole_seconds(self.lifetime)?)?;
        let found = match self.resolved {
            Some(resolved) => resolved,
            None => resolve_here(Explicit::default(), environment)?,
        };
        let Resolved { credentials, mut warnings, source, base_url: beside } = found;
        let base_url = match given {
            Some(base_url) => base_url,
            None => EffectiveBaseUrl::resolved(sources::base_url(
                beside.as_ref(),
                environment,
                &mut warnings,
            )?),
        };
        let buffer = self.buffer.map_or(validity.default_buffer(), rounded_up);
        let listener = self.listener;
        let setup =
            Setup { credentials, source, validity, buffer, base_url, listener, events: warnings };
        Ok(Engine::new(setup))
    }
}

/// A lifetime in seconds. A fraction is refused: Kling takes whole seconds.
fn whole_seconds(lifetime: Duration) -> Result<u64, CoreError> {
    if lifetime.subsec_nanos() == 0 { Ok(lifetime.as_secs()) } else { Err(CoreError::Lifetime) }
}

/// A buffer in seconds, rounded up: a token is renewed earlier rather than later.
fn rounded_up(buffer: Duration) -> u64 {
    buffer.as_secs().saturating_add(u64::from(buffer.subsec_nanos() > 0))
}

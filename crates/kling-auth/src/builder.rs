//! Builds a `KlingAuth` with other settings than the defaults.

use std::time::Duration;

use kling_jwt_core::engine::{EffectiveBaseUrl, Listener, Setup};

use crate::{
    CoreError, Credentials, Error, Region, Validity,
    clock::Clock,
    sources::{self, Explicit, Resolved, resolve_here},
    steps::Engine,
};

/// Builds a [`KlingAuth`](crate::KlingAuth). Values are checked in [`build`](Self::build).
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
    pub(crate) clock: Clock,
}

impl KlingAuthBuilder {
    pub(crate) const fn new() -> Self {
        Self {
            resolved: None,
            lifetime: Duration::from_secs(Validity::MAX_LIFETIME),
            buffer: None,
            base_url: None,
            region: None,
            listener: None,
            clock: Clock::system(),
        }
    }

    /// Uses these credentials. By default they are searched for: see [`sources`](crate::sources).
    #[must_use]
    pub fn credentials(self, credentials: Credentials) -> Self {
        self.resolved(Resolved::explicit(credentials))
    }

    /// Uses credentials that [`sources::resolve`](crate::sources::resolve) found, with their source,
    /// warnings and base URL, instead of a search.
    #[must_use]
    pub fn resolved(mut self, resolved: Resolved) -> Self {
        self.resolved = Some(resolved);
        self
    }

    /// How long a token is valid: a whole number of seconds from 1 to 1800. The default is 1800.
    #[must_use]
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// The renewal margin, which Kling's guide calls buffer: how long before it expires a token is
    /// renewed. A fraction of a second is rounded up.
    ///
    /// The default is 300 seconds, but at most half of the lifetime. If the buffer is longer than
    /// the lifetime, each request gets a new token.
    #[must_use]
    pub const fn buffer(mut self, buffer: Duration) -> Self {
        self.buffer = Some(buffer);
        self
    }

    /// The base URL of Kling's API: a region's host, or a gateway, which then receives the bearer.
    /// It must be `https`; `http` is accepted on loopback only.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The region in which the key was created, instead of a base URL.
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

    /// The clock, in Unix seconds: for tests. By default that of the system.
    ///
    /// ```
    /// use kling_auth::{Credentials, KlingAuth};
    ///
    /// let auth = KlingAuth::builder()
    ///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
    ///     .clock(|| 1_800_000_000)
    ///     .build()?;
    /// assert_eq!(auth.expires_at(), Some(1_800_001_800));
    /// # Ok::<_, kling_auth::Error>(())
    /// ```
    #[must_use]
    pub fn clock(mut self, unix_seconds: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(unix_seconds);
        self
    }

    /// A function that receives events: warnings, credentials found or replaced, the clock
    /// corrected, a request to repeat, a token minted.
    ///
    /// It is a plain function, or a closure that captures nothing. It is called immediately, on the
    /// thread where the event happens. No event contains a secret.
    /// With the feature `tracing`, `tracing` receives the same events. A token that
    /// [`refresh`](crate::KlingAuth::refresh) mints causes no event, because its caller knows.
    ///
    /// ```
    /// use kling_auth::{Credentials, KlingAuth};
    ///
    /// let auth = KlingAuth::builder()
    ///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
    ///     .listener(|event| eprintln!("{}: {event}", event.code()))
    ///     .build()?; // INFO_CREDENTIALS_FOUND: using the credentials from arguments
    /// auth.token(); // DEBUG_TOKEN_MINTED: minted a token that expires at …
    /// # Ok::<_, kling_auth::Error>(())
    /// ```
    #[must_use]
    pub fn listener(mut self, listener: Listener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Builds the engine, with the environment variables that `environment` returns.
    pub(crate) fn engine(
        self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Engine, Error> {
        let explicit_url = EffectiveBaseUrl::from_options(self.base_url.as_deref(), self.region)?;
        let validity = Validity::new(whole_seconds(self.lifetime)?)?;
        let resolved = match self.resolved {
            Some(resolved) => resolved,
            None => resolve_here(Explicit::default(), environment)?,
        };
        let Resolved { credentials, mut warnings, source, base_url: beside } = resolved;
        let base_url = match explicit_url {
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

/// A lifetime in seconds. A fraction is an error: a token's times are whole seconds.
fn whole_seconds(lifetime: Duration) -> Result<u64, CoreError> {
    if lifetime.subsec_nanos() == 0 { Ok(lifetime.as_secs()) } else { Err(CoreError::Lifetime) }
}

/// A buffer in seconds, rounded up so that no token is renewed too late.
fn rounded_up(buffer: Duration) -> u64 {
    buffer.as_secs().saturating_add(u64::from(buffer.subsec_nanos() > 0))
}

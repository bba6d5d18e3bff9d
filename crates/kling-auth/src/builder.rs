//! A `KlingAuth` with another policy than the guide's.

use crate::{
    Credentials, DEFAULT_BUFFER, Error, KlingAuth, TokenProvider, Validity,
    sources::{Found, Given, Source, find_in_process},
};

/// Collects what a [`KlingAuth`] is made of; nothing is checked before [`build`](Self::build).
///
/// ```
/// use kling_auth::{Credentials, KlingAuth};
///
/// # fn main() -> Result<(), kling_auth::Error> {
/// let auth = KlingAuth::builder()
///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
///     .lifetime(600)
///     .buffer(60)
///     .build()?;
/// assert_eq!(auth.token_at(1_800_000_000).expires_at(), Some(1_800_000_600));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Builder {
    found: Option<Found>,
    lifetime: u64,
    buffer: u64,
}

impl Builder {
    pub(crate) const fn new() -> Self {
        Self { found: None, lifetime: Validity::MAX_LIFETIME, buffer: DEFAULT_BUFFER }
    }

    /// The credentials to use, instead of those that the machine has.
    #[must_use]
    pub fn credentials(self, credentials: Credentials) -> Self {
        self.found(Found { credentials, notes: Vec::new(), source: Source::caller("arguments") })
    }

    /// What [`sources::find`](crate::sources::find) found, with its source and notes.
    #[must_use]
    pub fn found(mut self, found: Found) -> Self {
        self.found = Some(found);
        self
    }

    /// How long each token is valid, in seconds: 1 to 1800, the default.
    #[must_use]
    pub const fn lifetime(mut self, seconds: u64) -> Self {
        self.lifetime = seconds;
        self
    }

    /// How many seconds before its end a token is renewed: 300 by default.
    #[must_use]
    pub const fn buffer(mut self, seconds: u64) -> Self {
        self.buffer = seconds;
        self
    }

    /// The finished `KlingAuth`.
    ///
    /// # Errors
    ///
    /// A lifetime out of bounds, or what [`sources::find`](crate::sources::find) says.
    pub fn build(self) -> Result<KlingAuth, Error> {
        let validity = Validity::new(self.lifetime)?;
        let found = match self.found {
            Some(found) => found,
            None => find_in_process(Given::default())?,
        };
        let provider = TokenProvider::with_policy(&found.credentials, validity, self.buffer);
        Ok(KlingAuth::with(provider, found.source, found.notes))
    }
}

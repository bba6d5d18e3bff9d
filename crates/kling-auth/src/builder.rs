//! A `KlingAuth` with another policy than the guide's.

use crate::{
    Credentials, DEFAULT_BUFFER, Error, KlingAuth, TokenProvider, Validity,
    sources::{Given, find, process_environment},
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
    credentials: Option<Credentials>,
    lifetime: u64,
    buffer: u64,
}

impl Builder {
    pub(crate) const fn new() -> Self {
        Self { credentials: None, lifetime: Validity::MAX_LIFETIME, buffer: DEFAULT_BUFFER }
    }

    /// The credentials to use, instead of those that the environment has.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
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
        let credentials = match self.credentials {
            Some(credentials) => credentials,
            None => find(Given::default(), process_environment)?,
        };
        Ok(TokenProvider::with_policy(&credentials, validity, self.buffer).into())
    }
}

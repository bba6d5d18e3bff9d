//! One token, and the provider behind the JavaScript class `KlingAuth`.

use kling_auth::{Token, TokenProvider};
use napi::bindgen_prelude::Object;
use napi_derive::napi;

use crate::{
    arguments::{self, Number, Text},
    errors::Result,
};

/// One token for a key pair.
#[napi(catch_unwind)]
pub fn generate_kling_token(
    access_key: Text<'_>,
    secret_key: Text<'_>,
    lifetime: Number<'_>,
    now: Number<'_>,
    environment: Object<'_>,
) -> Result<String> {
    let credentials = arguments::credentials(access_key, secret_key, None, environment)?;
    let validity = arguments::validity(lifetime)?;
    let now = arguments::now(now)?;
    let mut provider = TokenProvider::with_policy(&credentials, validity, 0);
    Ok(provider.refresh(now).as_str().to_owned())
}

/// A token, and the Unix seconds in which JavaScript may go on with it without asking again.
#[napi(object)]
pub struct Lease {
    /// The token.
    pub token: String,
    /// The first of the seconds.
    pub from: f64,
    /// The first second after them.
    pub until: f64,
    /// When the token expires, in Unix seconds; an API key does not.
    pub expires_at: Option<f64>,
}

/// The token provider. A JavaScript isolate is one thread, so nothing is shared here.
#[napi]
pub struct Provider {
    provider: TokenProvider,
    buffer: u64,
}

#[napi]
impl Provider {
    /// A provider for the given credentials, or those of the environment.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        access_key: Text<'_>,
        secret_key: Text<'_>,
        api_key: Text<'_>,
        lifetime: Number<'_>,
        buffer_sec: Number<'_>,
        environment: Object<'_>,
    ) -> Result<Self> {
        let credentials = arguments::credentials(access_key, secret_key, api_key, environment)?;
        let validity = arguments::validity(lifetime)?;
        let buffer = arguments::buffer(buffer_sec)?;
        Ok(Self { provider: TokenProvider::with_policy(&credentials, validity, buffer), buffer })
    }

    /// The token to send at `now`: the current one, or a new one in its place.
    #[napi(catch_unwind)]
    pub fn token(&mut self, now: Number<'_>) -> Result<Lease> {
        Ok(lease(self.provider.token(arguments::now(now)?), self.buffer))
    }

    /// Mints a new token in place of the current one.
    #[napi(catch_unwind)]
    pub fn refresh(&mut self, now: Number<'_>) -> Result<Lease> {
        Ok(lease(self.provider.refresh(arguments::now(now)?), self.buffer))
    }

    /// Goes on with other credentials.
    #[napi(catch_unwind)]
    pub fn rotate(
        &mut self,
        access_key: Text<'_>,
        secret_key: Text<'_>,
        api_key: Text<'_>,
        environment: Object<'_>,
    ) -> Result<()> {
        let credentials = arguments::credentials(access_key, secret_key, api_key, environment)?;
        self.provider.rotate(&credentials);
        Ok(())
    }

    /// The access key that signs. An API key has none.
    #[napi(getter, catch_unwind)]
    pub fn access_key(&self) -> Option<&str> {
        self.provider.access_key()
    }
}

/// Times of tokens lie far below 2^53; the endless lease of an API key only needs to be late.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn lease(token: &Token, buffer: u64) -> Lease {
    let fresh = token.fresh(buffer);
    Lease {
        token: token.as_str().to_owned(),
        from: fresh.start as f64,
        until: fresh.end as f64,
        expires_at: token.expires_at().map(|time| time as f64),
    }
}

//! `verifyWebhook`: checks that a callback comes from Kling.

use kling_auth::webhook::{self, Delivery, Secret};
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;
use zeroize::Zeroizing;

use crate::{
    arguments::{self, Number},
    errors::{Result, throw},
};

/// The headers of a callback; an absent one is `undefined`.
#[napi(object, object_to_js = false)]
pub struct WebhookHeaders {
    /// `webhook-id`
    pub id: Option<String>,
    /// `webhook-timestamp`
    pub timestamp: Option<String>,
    /// `webhook-signature`
    pub signature: Option<String>,
}

/// A verified Kling callback.
#[napi(object)]
pub struct Webhook {
    /// Its id, by which a repeated delivery can be recognised.
    pub id: String,
    /// When it was sent, in Unix seconds.
    pub timestamp: f64,
}

/// Checks that a callback was signed with one of these secrets.
#[napi(catch_unwind)]
pub fn verify_webhook(
    secrets: Vec<String>,
    headers: WebhookHeaders,
    body: Uint8ArraySlice<'_>,
    now: Number<'_>,
) -> Result<Webhook> {
    let secrets = secrets.into_iter().map(Zeroizing::new);
    let secrets = secrets.map(|secret| Secret::new(&secret).map_err(throw));
    let secrets = secrets.collect::<Result<Vec<_>>>()?;
    let delivery = Delivery::from_parts(
        headers.id.as_deref(),
        headers.timestamp.as_deref(),
        headers.signature.as_deref(),
        &body,
    );
    let verified = webhook::verify(&secrets, &delivery, arguments::now(now)?).map_err(throw)?;
    // Within 300 seconds of now, so far below 2^53.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    Ok(Webhook { id: verified.id.to_owned(), timestamp: verified.timestamp as f64 })
}

//! `inspect`: what a token contains, as a plain object.

use kling_auth::{Masked, inspect as inspect_token};
use napi_derive::napi;

use crate::{
    arguments::{self, Number},
    errors::{Result, throw},
};

/// What a token contains, and whether Kling would accept it now.
#[napi(object)]
pub struct Inspection {
    /// The header, as JSON.
    pub header: String,
    /// The claims, as JSON.
    pub claims: String,
    /// Whether Kling would accept it now, as the stable name of a cause.
    pub cause: String,
    /// The reason, for people.
    pub reason: String,
    /// Whether the secret key made the signature, if one was given.
    pub is_signature_valid: Option<bool>,
    /// The access key that signed.
    pub issuer: Option<String>,
    /// The same, masked.
    pub masked_issuer: Option<String>,
    /// When it expires, in Unix seconds.
    pub expires_at: Option<f64>,
    /// From when on it is valid, in Unix seconds.
    pub not_before: Option<f64>,
    /// The time of the prediction, in Unix seconds.
    pub now: f64,
    /// A report of several lines.
    pub text: String,
}

/// Inspects any token, no matter which program made it.
#[napi(catch_unwind)]
pub fn inspect(token: String, secret_key: Option<String>, now: Number<'_>) -> Result<Inspection> {
    let now = arguments::now(now)?;
    let secret_key = secret_key.map(zeroize::Zeroizing::new);
    let key = secret_key.as_ref().map(|key| key.as_bytes());
    let mut buffer = vec![0; token.len()];
    let inspected = inspect_token(&token, key, now, &mut buffer).map_err(throw)?;
    let (cause, reason) = inspected.prediction();
    let issuer = inspected.issuer().map(|issuer| issuer.to_string());
    Ok(Inspection {
        header: inspected.header.to_owned(),
        claims: inspected.claims.to_owned(),
        cause: cause.as_str().to_owned(),
        reason: reason.to_owned(),
        is_signature_valid: inspected.is_signature_valid,
        masked_issuer: issuer.as_deref().map(|issuer| Masked(issuer).to_string()),
        issuer,
        expires_at: inspected.expires_at().map(seconds),
        not_before: inspected.not_before().map(seconds),
        now: seconds(inspected.now),
        text: inspected.to_string(),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a time beyond 2^53 need not be exact")]
fn seconds(time: u64) -> f64 {
    time as f64
}

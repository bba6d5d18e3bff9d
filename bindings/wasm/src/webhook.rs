//! `verify_webhook`: checks that a callback comes from Kling.

use alloc::vec::Vec;

use kling_jwt_core::webhook::{Delivery, Secret, verify};

use crate::{
    failure::Result,
    values::{Arguments, Results},
};

/// Checks that a callback was signed with one of the secrets, which are the last arguments.
pub(crate) fn verify_webhook(arguments: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    let id = arguments.text("webhook-id")?;
    let timestamp = arguments.text("webhook-timestamp")?;
    let signature = arguments.text("webhook-signature")?;
    let body = arguments.bytes("body")?.unwrap_or_default();
    let now = arguments.now();
    let mut secrets = Vec::new();
    while !arguments.is_empty() {
        secrets.push(Secret::new(arguments.text("secret")?.unwrap_or_default())?);
    }
    let delivery = Delivery::from_parts(id, timestamp, signature, body);
    let verified = verify(&secrets, &delivery, now?)?;
    results.text(verified.id).time(verified.timestamp);
    Ok(())
}

//! What a token says, and what Kling would say to it.

use alloc::{string::ToString, vec};

use kling_jwt_core::Masked;

use crate::{
    failure::Result,
    values::{Arguments, Results},
};

/// Takes a token apart, whoever made it.
pub(crate) fn inspect(arguments: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    let token = arguments.text("token")?.unwrap_or_default();
    let secret_key = arguments.bytes("secretKey")?;
    let now = arguments.now()?;
    let mut buffer = vec![0; token.len()];
    let inspected = kling_jwt_core::inspect(token, secret_key, now, &mut buffer)?;
    let (cause, why) = inspected.prediction();
    results
        .text(inspected.header)
        .text(inspected.claims)
        .text(cause.as_str())
        .text(why)
        .maybe(inspected.is_signature_valid, Results::flag)
        .maybe(inspected.issuer(), |results, issuer| results.shown(&issuer))
        .maybe(inspected.issuer(), |results, issuer| results.shown(&Masked(&issuer.to_string())))
        .maybe(inspected.expires_at(), Results::time)
        .maybe(inspected.not_before(), Results::time)
        .time(inspected.now)
        .shown(&inspected);
    Ok(())
}

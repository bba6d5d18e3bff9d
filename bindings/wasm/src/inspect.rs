//! `inspect`: what a token contains, and whether Kling would accept it now.

use alloc::{string::ToString, vec};

use kling_jwt_core::Masked;

use crate::{
    failure::Result,
    values::{Arguments, Results},
};

/// Inspects any token, no matter which program made it.
pub(crate) fn inspect(arguments: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    let token = arguments.text("token")?.unwrap_or_default();
    let secret_key = arguments.bytes("secretKey")?;
    let now = arguments.now()?;
    let mut buffer = vec![0; token.len()];
    let inspected = kling_jwt_core::inspect(token, secret_key, now, &mut buffer)?;
    let (cause, reason) = inspected.prediction();
    results
        .text(inspected.header)
        .text(inspected.claims)
        .text(cause.as_str())
        .text(reason)
        .optional(inspected.is_signature_valid, Results::flag)
        .optional(inspected.issuer(), |results, issuer| results.display(&issuer))
        .optional(inspected.issuer(), |results, issuer| {
            results.display(&Masked(&issuer.to_string()))
        })
        .optional(inspected.expires_at(), Results::time)
        .optional(inspected.not_before(), Results::time)
        .time(inspected.now)
        .display(&inspected);
    Ok(())
}

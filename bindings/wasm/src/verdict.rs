//! `verdict`: what a response means.

use kling_jwt_core::{Response, Verdict};

use crate::{
    failure::Result,
    values::{Arguments, Results},
};

/// What a response means, from its HTTP status, its raw body, and the `Authorization` header of
/// its request.
pub(crate) fn verdict(arguments: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    let status = arguments.status()?;
    let body = arguments.bytes("body")?.unwrap_or_default();
    let verdict = Response::new(status, body).verdict();
    let sent = arguments.text("sent")?;
    write_verdict(results, &sent.map_or(verdict, |sent| verdict.with_authorization(sent)));
    Ok(())
}

pub(crate) fn write_verdict(results: &mut Results, verdict: &Verdict) {
    results
        .flag(verdict.is_accepted())
        .text(verdict.cause.as_str())
        .text(verdict.action.as_str())
        .number(verdict.status.into())
        .optional(verdict.code.map(u64::from), Results::time)
        .text(verdict.message())
        .optional(verdict.request_id(), Results::text)
        .display(&verdict.remedy())
        .display(verdict);
}

//! Requests: which ones get the bearer, and what a response means.

use kling_jwt_core::{HostError, Response, engine::Plain};

use crate::{
    failure::{Failure, Result},
    manager::Manager,
    values::{Arguments, Results},
    verdict::write_verdict,
};

/// The value of `Authorization` for a request; nothing if it must be sent without.
pub(crate) fn authorize(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (url, present) = (url(arguments)?, arguments.text("authorization")?);
    let now = arguments.now()?;
    if manager.should_authorize(url, present).map_err(|origin| refused(&origin))? {
        results.concat(&["Bearer ", manager.lease(now).token.as_str()]);
    }
    Ok(())
}

/// Whether a request to this URL may carry the bearer.
pub(crate) fn allows(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    results.flag(manager.allows(url(arguments)?));
    Ok(())
}

/// Whether to handle the response from this URL, and so to read its body.
pub(crate) fn should_handle_response(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (url, status) = (url(arguments)?, arguments.status()?);
    let (kind, length) = (arguments.text("content-type")?, arguments.text("content-length")?);
    results.flag(manager.should_handle_response(url, status, kind, length));
    Ok(())
}

/// Checks that the caller may add the bearer to a request to this URL.
pub(crate) fn require_origin(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    manager.require_origin(url(arguments)?).map_err(|origin| refused(&origin))
}

/// Handles a response. Returns whether to reload the credentials, from the caller's function or from
/// the environment, and the verdict.
pub(crate) fn handle_response(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (status, date) = (arguments.status()?, arguments.text("date")?);
    let token = arguments.text("token")?;
    let body = arguments.bytes("body")?.unwrap_or_default();
    let now = arguments.now()?;
    let sent = arguments.text("sent")?;
    let response = Response::new(status, body).with_date(date).with_token(token);
    let verdict = manager.handle_response(&response, now);
    let verdict = match sent {
        Some(sent) => manager.with_authorization(&verdict, sent),
        None => verdict,
    };
    results.flag(manager.can_reload() && manager.claim_reload(&verdict, &response, now));
    write_verdict(results, &verdict);
    Ok(())
}

/// The verdict on the last refusal, if there was one.
pub(crate) fn last_verdict(
    manager: &Manager,
    _: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    if let Some(verdict) = manager.last_verdict() {
        write_verdict(results, &verdict);
    }
    Ok(())
}

/// Warns that the credentials could not be reloaded.
pub(crate) fn warn_reload_failed(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    if let Some(reason) = arguments.text("reason")? {
        manager.warn_reload_failed(&Plain(reason));
    }
    Ok(())
}

fn url<'a>(arguments: &mut Arguments<'a>) -> Result<&'a str> {
    Ok(arguments.text("url")?.unwrap_or_default())
}

fn refused(origin: &str) -> Failure {
    HostError::Origin(&Plain(origin)).into()
}

//! What requests ask of a manager: where the bearer goes, and what a response means for it.

use kling_jwt_core::{HostError, Response};

use crate::{
    failure::{Failure, Result},
    manager::Manager,
    strings::Text,
    values::{Arguments, Results},
    verdict::write_verdict,
};

/// The value of `Authorization` for a request, nothing to send it without.
pub(crate) fn authorize(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (url, present) = (url(arguments)?, arguments.text("authorization")?);
    let now = arguments.now()?;
    if manager.should_authorize(url, present).map_err(|origin| refused(&origin))? {
        results.parts(&["Bearer ", manager.lease(now).token.as_str()]);
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

/// Whether the response from this URL is Kling's, and its body to be read.
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

/// Makes sure that the bearer may be put on a request to this URL by hand.
pub(crate) fn require_origin(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    manager.require_origin(url(arguments)?).map_err(|origin| refused(&origin))
}

/// Takes in a response. Says whether credentials are to be asked for again, of the caller's
/// function or of the environment, and what the response means.
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

/// The verdict on the last refusal that was observed, if there was one.
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

/// Notes that credentials could not be had again.
pub(crate) fn warn_reload_failed(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    if let Some(why) = arguments.text("why")? {
        manager.warn_reload_failed(&Text(why));
    }
    Ok(())
}

fn url<'a>(arguments: &mut Arguments<'a>) -> Result<&'a str> {
    Ok(arguments.text("url")?.unwrap_or_default())
}

fn refused(origin: &str) -> Failure {
    HostError::Origin(&Text(origin)).into()
}

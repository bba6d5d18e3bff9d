//! What requests ask of a manager: where the bearer goes, and what a response means for it.

use kling_jwt_core::{Problem, Response};

use crate::{
    failure::{Failure, Result},
    manager::Manager,
    texts::Text,
    values::{Arguments, Results},
    verdict::write_verdict,
};

/// The value of `Authorization` for a request, nothing to send it without.
pub(crate) fn attach(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (url, present) = (url(arguments)?, arguments.text("authorization")?);
    let now = arguments.now()?;
    if manager.attaches_to(url, present).map_err(|origin| refused(&origin))? {
        results.pieces(&["Bearer ", manager.lease(now).token.as_str()]);
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
pub(crate) fn is_kling(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (url, status) = (url(arguments)?, arguments.status()?);
    let (kind, length) = (arguments.text("content-type")?, arguments.text("content-length")?);
    results.flag(manager.is_to_be_observed(url, status, kind, length));
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
pub(crate) fn observe(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (status, date) = (arguments.status()?, arguments.text("date")?);
    let token = arguments.text("token")?;
    let body = arguments.bytes("body")?.unwrap_or_default();
    let now = arguments.now()?;
    let sent = arguments.text("sent")?;
    let response = Response { status, date, body, token };
    let verdict = manager.observe(&response, now);
    let verdict = match sent {
        Some(sent) => manager.after_sending(&verdict, sent),
        None => verdict,
    };
    results.flag(manager.can_reload() && manager.may_look(&verdict, &response, now));
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
pub(crate) fn note_kept(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    if let Some(why) = arguments.text("why")? {
        manager.note_kept(&Text(why));
    }
    Ok(())
}

fn url<'a>(arguments: &mut Arguments<'a>) -> Result<&'a str> {
    Ok(arguments.text("url")?.unwrap_or_default())
}

fn refused(origin: &str) -> Failure {
    Problem::Origin(&Text(origin)).into()
}

//! What requests ask of a manager: where the bearer goes, and what a response means for it.

use core::fmt::{self, Display};

use kling_jwt_core::{Cause, Next, Note, Origin, Problem, Response};

use crate::{
    credentials::Source,
    failure::{Failure, Result},
    manager::Manager,
    texts::Text,
    values::{Arguments, Results},
    verdict::write_verdict,
};

/// The value of `Authorization` for a request, nothing to send it without.
pub(crate) fn attach(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (url, present) = (url(arguments)?, arguments.text("authorization")?);
    let now = arguments.now()?;
    if !Origin::allows(url, &manager.base_url) {
        let is_ours = |word| manager.provider.owns(word);
        return match present {
            Some(value) if value.split_ascii_whitespace().any(is_ours) => Err(refused(url)),
            _ => Ok(()),
        };
    }
    manager.renew(now);
    let token = manager.provider.token(now);
    results.pieces(&["Bearer ", token.as_str()]);
    Ok(())
}

/// Whether a request to this URL may carry the bearer.
pub(crate) fn allows(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    results.flag(Origin::allows(url(arguments)?, &manager.base_url));
    Ok(())
}

/// Whether the response from this URL is Kling's, and its body to be read. A 401 from elsewhere is
/// told of.
pub(crate) fn is_kling(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (url, status) = (url(arguments)?, arguments.status()?);
    let (kind, length) = (arguments.text("content-type")?, arguments.text("content-length")?);
    let length = length.and_then(|length| length.parse().ok());
    let is_kling =
        Response::is_to_be_read(status, kind, length) && Origin::allows(url, &manager.base_url);
    if !is_kling && status == 401 {
        manager.note(&Note::Withheld(&Shown(url)));
    }
    results.flag(is_kling);
    Ok(())
}

/// Makes sure that the bearer may be put on a request to this URL by hand.
pub(crate) fn require_origin(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    let url = url(arguments)?;
    if Origin::allows(url, &manager.base_url) { Ok(()) } else { Err(refused(url)) }
}

/// Takes in a response. Says whether credentials are to be asked for again, of the caller's
/// function or of the environment, and what the response means.
pub(crate) fn observe(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let (status, date) = (arguments.status()?, arguments.text("date")?);
    let token = arguments.text("token")?;
    let body = arguments.bytes("body")?.unwrap_or_default();
    let now = arguments.now()?;
    let sent = arguments.text("sent")?;
    let response = Response { status, date, body, token };
    let before = manager.provider.clock_offset();
    let verdict = manager.provider.observe(&response, now);
    let offset = manager.provider.clock_offset();
    if offset != before {
        manager.note(&Note::ClockCorrected(offset));
    }
    if verdict.next == Next::Resign {
        manager.note(&Note::Repeated(verdict.cause));
    }
    let verdict = sent.map_or(verdict, |sent| verdict.after_sending(sent));
    let verdict = verdict.seen_from(&manager.base_url, manager.source.unused_api_key());
    let asked = manager.asked_at;
    let can_ask = !matches!(manager.source, Source::Arguments);
    let ask_again = can_ask && manager.provider.doubts(&verdict, &response, asked, now);
    if ask_again {
        manager.asked_at = Some(now);
    }
    if verdict.cause != Cause::Accepted {
        manager.last_verdict = Some(verdict);
    }
    results.flag(ask_again);
    write_verdict(results, &verdict);
    Ok(())
}

/// The verdict on the last refusal that was observed, if there was one.
pub(crate) fn last_verdict(
    manager: &mut Manager,
    _: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    if let Some(verdict) = &manager.last_verdict {
        write_verdict(results, verdict);
    }
    Ok(())
}

/// Notes that credentials could not be had again.
pub(crate) fn note_kept(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    if let Some(why) = arguments.text("why")? {
        manager.note(&Note::Kept(&Text(why)));
    }
    Ok(())
}

fn url<'a>(arguments: &mut Arguments<'a>) -> Result<&'a str> {
    Ok(arguments.text("url")?.unwrap_or_default())
}

fn refused(url: &str) -> Failure {
    Problem::Origin(&Shown(url)).into()
}

/// The origin of a URL alone: what follows may be the secret part of a signed one.
struct Shown<'a>(&'a str);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Origin::of(self.0) {
            Some(origin) => origin.fmt(f),
            None => f.write_str("this URL"),
        }
    }
}

//! The engine's steps with files and an environment: what `KlingAuth` does, and what bindings do with
//! a host's own view of the environment (each Node worker has a copy of `process.env`).

use kling_jwt_core::engine::{EffectiveBaseUrl, Lease};

use crate::{
    Error, Response, Verdict,
    sharing::Process,
    sources::{Resolved, Source, base_url, reread},
};

/// The manager of a process.
pub type Engine = kling_jwt_core::engine::Engine<Process>;

/// Which credentials were in use at one moment.
pub type Generation = kling_jwt_core::engine::Generation<Source>;

/// The value of an environment variable.
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The token to send at `now` (Unix seconds), and the seconds in which it may be used without
/// asking again. Files that changed are taken up.
pub fn lease(engine: &Engine, environment: Environment<'_>, now: u64) -> Lease {
    check_files(engine, environment, now);
    engine.lease(now)
}

/// Looks at the files that credentials came from, if there are any and a minute has gone by.
pub(crate) fn check_files(engine: &Engine, environment: Environment<'_>, now: u64) {
    if !engine.are_files_checked(now) {
        look(engine, environment);
        engine.mark_files_checked(now);
    }
}

/// Mints a token at `now` (Unix seconds) in place of the current one; of files that changed, with
/// what they hold now.
pub fn refresh(engine: &Engine, environment: Environment<'_>, now: u64) -> Lease {
    look(engine, environment);
    engine.refresh(now)
}

/// Takes up files that changed. If they hold no credentials now, those read before are kept.
fn look(engine: &Engine, environment: Environment<'_>) {
    if engine.has_files() && engine.source().changed() {
        reload_or_note(engine, environment);
    }
}

fn reload_or_note(engine: &Engine, environment: Environment<'_>) {
    if let Err(error) = reload(engine, environment) {
        engine.warn_reload_failed(&error);
    }
}

/// [`KlingAuth::handle_response_at`](crate::KlingAuth::handle_response_at) with a host's own view of the environment.
pub fn handle_response(
    engine: &Engine,
    environment: Environment<'_>,
    response: &Response<'_>,
    now: u64,
) -> Verdict {
    let verdict = engine.handle_response(response, now);
    if engine.can_reload() && engine.claim_reload(&verdict, response, now) {
        reload_or_note(engine, environment);
        // The bearer may now be one of credentials that were replaced.
        return engine.handle_response(response, now);
    }
    verdict
}

/// [`KlingAuth::reload`](crate::KlingAuth::reload) with a host's own view of the environment.
///
/// # Errors
///
/// As [`KlingAuth::reload`](crate::KlingAuth::reload).
pub fn reload(engine: &Engine, environment: Environment<'_>) -> Result<(), Error> {
    let generation = engine.generation();
    let found = rediscover(engine, environment)?;
    apply_if_current(engine, &generation, found);
    Ok(())
}

/// Looks again where the credentials were found. Nothing changes before what is found there is
/// [adopted](apply_if_current).
///
/// # Errors
///
/// What is missing or wrong there, [`Error::NoSource`] for credentials that the caller gave, and
/// [`Error::BaseUrlChanged`] where the base URL beside them is another one now.
pub fn rediscover(engine: &Engine, environment: Environment<'_>) -> Result<Resolved, Error> {
    let found = reread(&engine.generation().source, environment)?;
    let url = base_url(found.base_url.as_ref(), environment, &mut Vec::new())?;
    if engine.fits(&EffectiveBaseUrl::found(url)) {
        return Ok(found);
    }
    let place = found.base_url.as_ref().map(|address| address.location.to_string());
    Err(Error::BaseUrlChanged { location: place.unwrap_or_else(|| found.source.to_string()) })
}

/// Goes on with what was found, at once for all threads.
pub fn apply(engine: &Engine, found: Resolved) {
    let Resolved { credentials, warnings, source, .. } = found;
    engine.rotate(&credentials, &source, warnings);
}

/// Goes on with what was found if `generation` is still in use. If somebody rotated meanwhile,
/// nothing happens. For searches that take their time, such as a secrets manager's.
pub fn apply_if_current(engine: &Engine, generation: &Generation, found: Resolved) {
    let Resolved { credentials, warnings, source, .. } = found;
    engine.rotate_if_current(generation, &credentials, &source, warnings);
}

/// Makes sure that a request to this absolute URL may carry the bearer.
///
/// # Errors
///
/// [`Error::Origin`] where it must not go.
pub fn require_origin(engine: &Engine, url: &str) -> Result<(), Error> {
    engine.require_origin(url).map_err(|origin| Error::Origin { origin })
}

/// Whether an adapter, which sees all requests of a client, is to attach the bearer to this one.
/// `present` is the value of its `Authorization` header, if it has one.
///
/// # Errors
///
/// [`Error::Origin`] for another host's request that has this credential's bearer already.
pub fn should_authorize(engine: &Engine, url: &str, present: Option<&str>) -> Result<bool, Error> {
    engine.should_authorize(url, present).map_err(|origin| Error::Origin { origin })
}

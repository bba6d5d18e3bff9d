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

/// The function that returns the value of an environment variable.
type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The token to send at `now` (Unix seconds), and the seconds in which it may be used without
/// asking again. Credentials that changed in files are reloaded first.
pub fn lease(engine: &Engine, variables: Variables<'_>, now: u64) -> Lease {
    check_files(engine, variables, now);
    engine.lease(now)
}

/// Checks the files that credentials came from, once a minute.
pub(crate) fn check_files(engine: &Engine, variables: Variables<'_>, now: u64) {
    if !engine.are_files_checked(now) {
        reload_changed_files(engine, variables);
        engine.mark_files_checked(now);
    }
}

/// Mints a token at `now` (Unix seconds) in place of the current one. Credentials that changed in files
/// are reloaded first.
pub fn refresh(engine: &Engine, variables: Variables<'_>, now: u64) -> Lease {
    reload_changed_files(engine, variables);
    engine.refresh(now)
}

fn reload_changed_files(engine: &Engine, variables: Variables<'_>) {
    if engine.has_files() && engine.source().changed() {
        reload_or_warn(engine, variables);
    }
}

/// If the reload fails, the credentials in use stay.
fn reload_or_warn(engine: &Engine, variables: Variables<'_>) {
    if let Err(error) = reload(engine, variables) {
        engine.warn_reload_failed(&error);
    }
}

/// [`KlingAuth::handle_response_at`](crate::KlingAuth::handle_response_at) with the host's own variables.
pub fn handle_response(
    engine: &Engine,
    variables: Variables<'_>,
    response: &Response<'_>,
    now: u64,
) -> Verdict {
    let verdict = engine.handle_response(response, now);
    if engine.can_reload() && engine.claim_reload(&verdict, response, now) {
        reload_or_warn(engine, variables);
        // The bearer may now belong to credentials that were replaced.
        return engine.handle_response(response, now);
    }
    verdict
}

/// [`KlingAuth::reload`](crate::KlingAuth::reload) with the host's own variables.
///
/// # Errors
///
/// As [`KlingAuth::reload`](crate::KlingAuth::reload).
pub fn reload(engine: &Engine, variables: Variables<'_>) -> Result<(), Error> {
    let generation = engine.generation();
    let resolved = resolve_again(engine, &generation.source, variables)?;
    apply_if_current(engine, &generation, resolved);
    Ok(())
}

/// Reads credentials again from their source. They are in use only once they are
/// [applied](apply_if_current).
///
/// # Errors
///
/// What is missing or wrong there; [`Error::NoSource`] for explicit credentials;
/// [`Error::BaseUrlChanged`] if the base URL beside them is another one now.
pub fn resolve_again(
    engine: &Engine,
    source: &Source,
    variables: Variables<'_>,
) -> Result<Resolved, Error> {
    let resolved = reread(source, variables)?;
    let url = base_url(resolved.base_url.as_ref(), variables, &mut Vec::new())?;
    if engine.accepts_base_url(&EffectiveBaseUrl::resolved(url)) {
        return Ok(resolved);
    }
    let setting = resolved.base_url.as_ref();
    let location = setting.map(|setting| setting.location.to_string());
    Err(Error::BaseUrlChanged { location: location.unwrap_or_else(|| resolved.source.to_string()) })
}

/// Uses these credentials from now on, in all threads.
pub fn apply(engine: &Engine, resolved: Resolved) {
    let Resolved { credentials, warnings, source, .. } = resolved;
    engine.rotate(&credentials, &source, warnings);
}

/// [`apply`]s credentials that took a while to read, such as those of a secrets manager, if
/// `generation` is still in use. If somebody rotated meanwhile, nothing happens.
pub fn apply_if_current(engine: &Engine, generation: &Generation, resolved: Resolved) {
    let Resolved { credentials, warnings, source, .. } = resolved;
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

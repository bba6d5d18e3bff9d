//! The engine's operations, with files and an environment.
//!
//! `KlingAuth` uses this process's environment. Bindings pass the variables of their host: each
//! Node worker, for example, has its own copy of `process.env`.

use kling_jwt_core::engine::{EffectiveBaseUrl, Lease};

use crate::{
    Error, Response, Verdict,
    sharing::Process,
    sources::{Resolved, Source, base_url, reread},
};

/// The engine in a process with threads.
pub type Engine = kling_jwt_core::engine::Engine<Process>;

/// Which credentials were in use at one moment.
pub type Generation = kling_jwt_core::engine::Generation<Source>;

/// The function that returns the value of an environment variable.
type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The token to send at `now` (Unix seconds), and the seconds in which it may be used without
/// another call. Credentials that changed in files are reloaded first.
pub fn lease(engine: &Engine, variables: Variables<'_>, now: u64) -> Lease {
    check_files(engine, variables, now);
    engine.lease(now)
}

/// Checks the files that credentials came from, at most once a minute.
pub(crate) fn check_files(engine: &Engine, variables: Variables<'_>, now: u64) {
    if !engine.are_files_checked(now) {
        reload_changed_files(engine, variables);
        engine.mark_files_checked(now);
    }
}

/// Mints a token at `now` (Unix seconds) in place of the current one. Credentials that changed in
/// files are reloaded first.
pub fn refresh(engine: &Engine, variables: Variables<'_>, now: u64) -> Lease {
    reload_changed_files(engine, variables);
    engine.refresh(now)
}

fn reload_changed_files(engine: &Engine, variables: Variables<'_>) {
    if engine.has_files() && engine.source().changed() {
        reload_or_warn(engine, variables);
    }
}

/// Reloads. If that fails, the credentials in use stay, and there is a warning.
fn reload_or_warn(engine: &Engine, variables: Variables<'_>) {
    if let Err(error) = reload(engine, variables) {
        engine.warn_reload_failed(&error);
    }
}

/// [`KlingAuth::handle_response_at`](crate::KlingAuth::handle_response_at) with these variables.
pub fn handle_response(
    engine: &Engine,
    variables: Variables<'_>,
    response: &Response<'_>,
    now: u64,
) -> Verdict {
    let verdict = engine.handle_response(response, now);
    if engine.can_reload() && engine.claim_reload(&verdict, response, now) {
        reload_or_warn(engine, variables);
        // Handled again, because the verdict differs if the refused credentials were replaced.
        return engine.handle_response(response, now);
    }
    verdict
}

/// [`KlingAuth::reload`](crate::KlingAuth::reload) with these variables.
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

/// Reads credentials again from their source. They are not used until they are
/// [applied](apply_if_current).
///
/// # Errors
///
/// What is missing or wrong there; [`Error::NoSource`] for explicit credentials;
/// [`Error::BaseUrlChanged`] if the base URL beside them changed.
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

/// [`apply`]s credentials if `generation` is still in use. Otherwise nothing happens: the
/// credentials were rotated while these were read, for example from a secrets manager.
pub fn apply_if_current(engine: &Engine, generation: &Generation, resolved: Resolved) {
    let Resolved { credentials, warnings, source, .. } = resolved;
    engine.rotate_if_current(generation, &credentials, &source, warnings);
}

/// Checks that a request to this absolute URL may carry the bearer.
///
/// # Errors
///
/// [`Error::Origin`] if it must not.
pub fn require_origin(engine: &Engine, url: &str) -> Result<(), Error> {
    engine.require_origin(url).map_err(|origin| Error::Origin { origin })
}

/// Whether an adapter, which handles all requests of a client, adds the bearer to a request to this
/// URL. `present` is the value of the request's `Authorization` header, if it has one.
///
/// # Errors
///
/// [`Error::Origin`] if the URL may not have the bearer, but `present` already contains it.
pub fn should_authorize(engine: &Engine, url: &str, present: Option<&str>) -> Result<bool, Error> {
    engine.should_authorize(url, present).map_err(|origin| Error::Origin { origin })
}

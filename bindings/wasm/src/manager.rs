//! One token, and the manager behind the JavaScript class `KlingAuth`.

use alloc::{string::ToString, vec::Vec};
use core::fmt::Display;

use kling_jwt_core::{
    Error, HostError, Validity, buffer_seconds,
    engine::{EffectiveBaseUrl, Engine, Event, Lease, Setup},
    mint,
};

use crate::{
    credentials::{Environment, Explicit, Resolved, Source},
    failure::Result,
    sharing::Isolate,
    values::{Arguments, Results},
};

/// The state of one JavaScript object.
pub(crate) type Manager = Engine<Isolate>;

/// A manager with the caller's credentials, or those of the environment.
pub(crate) fn new(arguments: &mut Arguments<'_>) -> Result<Manager> {
    let explicit = Explicit::read(arguments)?;
    let by_function = arguments.flag();
    let (lifetime, buffer) = (arguments.number("lifetime"), arguments.number("bufferSec"));
    let (base_url, region) = (arguments.text("baseUrl"), arguments.text("region"));
    let environment = Environment::from_rest(arguments);

    let Resolved { credentials, source, mut warnings } =
        explicit.resolve(environment)?.with_function_as_source(by_function);
    let validity = validity(lifetime?)?;
    let buffer = buffer?.map_or(Ok(validity.default_buffer()), buffer_seconds)?;
    let (base_url, region) = (base_url?, region?.map(str::parse).transpose()?);
    let base_url = match EffectiveBaseUrl::from_options(base_url, region)? {
        Some(base_url) => base_url,
        None => environment.base_url(&mut warnings)?,
    };
    let listener = None;
    let setup =
        Setup { credentials, source, validity, buffer, base_url, listener, events: warnings };
    Ok(Engine::new(setup))
}

fn validity(lifetime: Option<f64>) -> Result<Validity, Error> {
    lifetime.map_or(Ok(Validity::default()), Validity::try_from)
}

/// One token for a key pair.
pub(crate) fn generate_kling_token(
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let explicit = Explicit::read(arguments)?;
    let (lifetime, now) = (arguments.number("lifetime"), arguments.now());
    let Resolved { credentials, warnings, .. } =
        explicit.resolve(Environment::from_rest(arguments))?;
    results.text(mint(&credentials, validity(lifetime?)?, now?).as_str());
    write_events(results, &warnings);
    Ok(())
}

/// The token to send at a time, and the seconds in which JavaScript may use it without asking again.
pub(crate) fn token(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    write_lease(results, &manager.lease(arguments.now()?));
    Ok(())
}

/// Replaces the current token with a new one.
pub(crate) fn refresh(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    write_lease(results, &manager.refresh(arguments.now()?));
    Ok(())
}

/// Starts to use other credentials, or those in the environment.
pub(crate) fn rotate(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    let explicit = Explicit::read(arguments)?;
    let by_function = arguments.flag();
    let resolved = explicit.resolve(Environment::from_rest(arguments))?;
    let resolved = resolved.with_function_as_source(by_function);
    manager.rotate(&resolved.credentials, &resolved.source, resolved.warnings);
    Ok(())
}

/// Reads the credentials again from where they were found.
pub(crate) fn reload(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    let current = manager.generation();
    if !matches!(current.source, Source::Environment(..)) {
        return Err(HostError::NoSource.into());
    }
    let environment = Environment::from_rest(arguments);
    let missing = |_: &dyn Display| HostError::Missing(&current.source).into();
    let Resolved { credentials, source, warnings } = environment.resolve(&missing)?;
    if !manager.accepts_base_url(&environment.base_url(&mut Vec::new())?) {
        return Err(HostError::BaseUrlChanged(&source).into());
    }
    manager.rotate_if_current(&current, &credentials, &source, warnings);
    Ok(())
}

/// The access key, if there is one, also masked; where the credentials come from, for people and as
/// a stable name; the base URL; the clock's offset in seconds.
pub(crate) fn state(manager: &Manager, _: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    results
        .optional(manager.access_key().as_deref(), Results::text)
        .optional(manager.masked_access_key().as_deref(), Results::text)
        .text(&manager.source().to_string())
        .text(manager.source_kind())
        .text(manager.base_url())
        .number(manager.clock_offset());
    Ok(())
}

/// The events since the last call.
pub(crate) fn take_events(
    manager: &Manager,
    _: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    write_events(results, &manager.take_events());
    Ok(())
}

fn write_events(results: &mut Results, warnings: &[Event]) {
    for event in warnings {
        results.text(event.code()).display(event);
    }
}

fn write_lease(results: &mut Results, Lease { token, fresh, .. }: &Lease) {
    results.text(token.as_str()).time(fresh.start).time(fresh.end);
    results.optional(token.expires_at(), Results::time);
}

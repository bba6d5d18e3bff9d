//! One token, and the manager behind the JavaScript class `KlingAuth`.

use alloc::{string::ToString, vec::Vec};

use kling_jwt_core::{
    Error, HostError, Region, Validity, buffer_seconds,
    engine::{EffectiveBaseUrl, Engine, Event, Lease, Setup},
    mint,
};

use crate::{
    credentials::{Environment, Explicit, Resolved, Source, base_url_in, in_environment},
    failure::Result,
    sharing::Isolate,
    values::{Arguments, Results},
};

/// The state of one JavaScript object.
pub(crate) type Manager = Engine<Isolate>;

/// A manager of the given credentials, or those of the environment.
pub(crate) fn new(arguments: &mut Arguments<'_>) -> Result<Manager> {
    let given = Explicit::next_of(arguments)?;
    let by_function = arguments.flag();
    let (lifetime, buffer) = (arguments.number("lifetime"), arguments.number("bufferSec"));
    let (base_url, region) = (arguments.text("baseUrl"), arguments.text("region"));
    let environment = Environment::rest_of(arguments);

    let Resolved { credentials, source, mut warnings } =
        given.or_in(environment)?.made(by_function);
    let validity = validity(lifetime?)?;
    let buffer = buffer?.map_or(Ok(validity.default_buffer()), buffer_seconds)?;
    let base_url = match given_url(base_url?, region?)? {
        Some(base_url) => base_url,
        None => base_url_in(environment, &mut warnings)?,
    };
    let listener = None;
    let setup =
        Setup { credentials, source, validity, buffer, base_url, listener, events: warnings };
    Ok(Engine::new(setup))
}

fn validity(lifetime: Option<f64>) -> Result<Validity, Error> {
    lifetime.map_or(Ok(Validity::default()), Validity::try_from)
}

/// The base URL that was given, as such or by a region.
fn given_url(
    base_url: Option<&str>,
    region: Option<&str>,
) -> Result<Option<EffectiveBaseUrl>, Error> {
    let url = match (base_url, region) {
        (Some(_), Some(_)) => return Err(Error::Region),
        (Some(url), None) => Some(url),
        (None, Some(name)) => Some(name.parse::<Region>()?.base_url()),
        (None, None) => None,
    };
    url.map(EffectiveBaseUrl::given).transpose()
}

/// One token for a key pair.
pub(crate) fn generate_kling_token(
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let given = Explicit::next_of(arguments)?;
    let (lifetime, now) = (arguments.number("lifetime"), arguments.now());
    let Resolved { credentials, warnings, .. } = given.or_in(Environment::rest_of(arguments))?;
    results.text(mint(&credentials, validity(lifetime?)?, now?).as_str());
    write_events(results, &warnings);
    Ok(())
}

/// The token to send at a time, and the seconds in which JavaScript may go on with it.
pub(crate) fn token(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    write_lease(results, &manager.lease(arguments.now()?));
    Ok(())
}

/// A new token in place of the current one.
pub(crate) fn refresh(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    write_lease(results, &manager.refresh(arguments.now()?));
    Ok(())
}

/// Goes on with other credentials, or with those that stand in the environment.
pub(crate) fn rotate(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    let given = Explicit::next_of(arguments)?;
    let by_function = arguments.flag();
    let found = given.or_in(Environment::rest_of(arguments))?.made(by_function);
    manager.rotate(&found.credentials, &found.source, found.warnings);
    Ok(())
}

/// Looks again where the credentials were found.
pub(crate) fn reload(
    manager: &Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    let held = manager.generation();
    if !matches!(held.source, Source::Environment(..)) {
        return Err(HostError::NoSource.into());
    }
    let environment = Environment::rest_of(arguments);
    let found = in_environment(environment, &|_| HostError::Missing(&held.source).into())?;
    if !manager.fits(&base_url_in(environment, &mut Vec::new())?) {
        return Err(HostError::BaseUrlChanged(&found.source).into());
    }
    manager.rotate_if_current(&held, &found.credentials, &found.source, found.warnings);
    Ok(())
}

/// The access key, if there is one, and the same masked; where the credentials come from, for people
/// and by its stable name; the base URL; the clock's offset in seconds.
pub(crate) fn state(manager: &Manager, _: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    results
        .maybe(manager.access_key().as_deref(), Results::text)
        .maybe(manager.masked_access_key().as_deref(), Results::text)
        .text(&manager.source().to_string())
        .text(manager.source_kind())
        .text(manager.base_url())
        .number(manager.clock_offset());
    Ok(())
}

/// The warnings that nobody took yet.
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
        results.text(event.code()).shown(event);
    }
}

fn write_lease(results: &mut Results, Lease { token, fresh, .. }: &Lease) {
    results.text(token.as_str()).time(fresh.start).time(fresh.end);
    results.maybe(token.expires_at(), Results::time);
}

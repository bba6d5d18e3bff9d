//! One token, and the manager behind the JavaScript class `KlingAuth`.

use alloc::{string::String, vec::Vec};
use core::mem;

use kling_jwt_core::{
    DEFAULT_BUFFER, Note, Origin, Problem, TokenProvider, Validity, Verdict, buffer_seconds, mint,
    names,
};

use crate::{
    credentials::{Environment, Found, Given, Notes, Source, in_environment, written},
    failure::{Failure, Result},
    texts::Text,
    values::{Arguments, Results},
};

/// How many notes are kept for somebody to take.
const MAX_NOTES: usize = 32;

/// The state of one JavaScript object.
pub(crate) struct Manager {
    pub(crate) provider: TokenProvider,
    pub(crate) source: Source,
    pub(crate) base_url: String,
    notes: Notes,
    pub(crate) last_verdict: Option<Verdict>,
    /// When credentials that Kling does not know were last asked for again, in Unix seconds.
    pub(crate) asked_at: Option<u64>,
}

impl Manager {
    /// A manager of the given credentials, or those of the environment.
    pub(crate) fn new(arguments: &mut Arguments<'_>) -> Result<Self> {
        let given = Given::next_of(arguments)?;
        let by_function = arguments.flag();
        let (lifetime, buffer) = (arguments.number("lifetime"), arguments.number("bufferSec"));
        let base_url = arguments.text("baseUrl");
        let environment = Environment::rest_of(arguments);

        let Found { credentials, source, notes } = given.or_in(environment)?;
        let source = if by_function { Source::Function } else { source };
        let validity = validity(lifetime?)?;
        let buffer = buffer?.map_or(Ok(DEFAULT_BUFFER), buffer_seconds)?;
        let base_url = base_url_of(base_url?, environment)?;
        let provider = TokenProvider::with_policy(&credentials, validity, buffer);
        Ok(Self { provider, source, base_url, notes, last_verdict: None, asked_at: None })
    }

    /// Goes on with other credentials.
    fn adopt(&mut self, found: Found) {
        self.provider.rotate(&found.credentials);
        self.source = found.source;
        self.keep(found.notes);
    }

    pub(crate) fn note(&mut self, note: &Note<'_>) {
        self.keep(Vec::from([written(note)]));
    }

    /// Keeps notes until they are taken, none that is held already. Those that nobody takes do
    /// not pile up.
    fn keep(&mut self, notes: Notes) {
        let held = self.notes.len();
        for note in notes {
            let is_held = self.notes.iter().take(held).any(|one| *one == note);
            if !is_held && self.notes.len() < MAX_NOTES {
                self.notes.push(note);
            }
        }
    }
}

fn validity(lifetime: Option<f64>) -> Result<Validity> {
    Ok(lifetime.map_or(Ok(Validity::default()), Validity::try_from)?)
}

/// The base URL that was given or, if none was, that of the environment, or Kling's own.
fn base_url_of(given: Option<&str>, environment: Environment<'_>) -> Result<String> {
    let found = environment.get(names::BASE_URL).filter(|url| !url.is_empty());
    let url = given.or(found).unwrap_or(Origin::DEFAULT_BASE_URL);
    match Origin::of_base_url(url) {
        Ok(_) => Ok(url.trim_end_matches('/').into()),
        Err(error) if given.is_some() => Err(error.into()),
        Err(error) => Err(Failure::at(&Text(names::BASE_URL), error)),
    }
}

/// One token for a key pair.
pub(crate) fn generate_kling_token(
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let given = Given::next_of(arguments)?;
    let (lifetime, now) = (arguments.number("lifetime"), arguments.now());
    let Found { credentials, notes, .. } = given.or_in(Environment::rest_of(arguments))?;
    results.text(mint(&credentials, validity(lifetime?)?, now?).as_str());
    for note in &notes {
        results.append(note);
    }
    Ok(())
}

/// The token to send at a time, and the seconds in which JavaScript may go on with it.
pub(crate) fn token(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    write_lease(results, &mut manager.provider, arguments.now()?);
    Ok(())
}

/// A new token in place of the current one.
pub(crate) fn refresh(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let now = arguments.now()?;
    manager.provider.refresh(now);
    write_lease(results, &mut manager.provider, now);
    Ok(())
}

/// Goes on with other credentials, or with those that stand in the environment.
pub(crate) fn rotate(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    let given = Given::next_of(arguments)?;
    let by_function = arguments.flag();
    let mut found = given.or_in(Environment::rest_of(arguments))?;
    if by_function {
        found.source = Source::Function;
    }
    manager.adopt(found);
    Ok(())
}

/// Looks again where the credentials were found.
pub(crate) fn reload(
    manager: &mut Manager,
    arguments: &mut Arguments<'_>,
    _: &mut Results,
) -> Result<()> {
    if !matches!(manager.source, Source::Environment(_)) {
        return Err(Problem::NoSource.into());
    }
    let found = in_environment(Environment::rest_of(arguments))?
        .ok_or_else(|| Failure::from(Problem::Missing(&manager.source)))?;
    manager.adopt(found);
    Ok(())
}

/// The access key, if there is one; where the credentials come from; the base URL; the clock's
/// offset in seconds.
pub(crate) fn state(
    manager: &mut Manager,
    _: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let provider = &manager.provider;
    results
        .maybe(provider.access_key(), Results::text)
        .shown(&manager.source)
        .text(&manager.base_url)
        .number(provider.clock_offset());
    Ok(())
}

/// The notes that nobody took yet.
pub(crate) fn take_notes(
    manager: &mut Manager,
    _: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    for note in mem::take(&mut manager.notes) {
        results.append(&note);
    }
    Ok(())
}

fn write_lease(results: &mut Results, provider: &mut TokenProvider, now: u64) {
    let token = provider.token(now).clone();
    let fresh = provider.fresh(&token);
    results.text(token.as_str()).time(fresh.start).time(fresh.end);
    results.maybe(token.expires_at(), Results::time);
}

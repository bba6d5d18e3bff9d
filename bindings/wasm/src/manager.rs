//! One token, and the manager behind the JavaScript class `KlingAuth`.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::mem;

use kling_jwt_core::{
    BaseUrl, Error, Masked, Note, Origin, Problem, Region, TokenProvider, Validity, Verdict,
    buffer_seconds, mint,
};

use crate::{
    credentials::{Environment, Found, Given, Notes, Source, address_in, in_environment, written},
    failure::Result,
    values::{Arguments, Results},
};

/// How many notes are kept for somebody to take.
const MAX_NOTES: usize = 32;

/// The state of one JavaScript object.
pub(crate) struct Manager {
    pub(crate) provider: TokenProvider,
    pub(crate) source: Source,
    pub(crate) base_url: String,
    /// Whether the caller gave the base URL, so that it holds whatever the environment says.
    has_given_url: bool,
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
        let (base_url, region) = (arguments.text("baseUrl"), arguments.text("region"));
        let environment = Environment::rest_of(arguments);

        let Found { credentials, source, mut notes } = given.or_in(environment)?;
        let source = if by_function { Source::Function } else { source };
        let validity = validity(lifetime?)?;
        let buffer = buffer?.map_or(Ok(validity.default_buffer()), buffer_seconds)?;
        let given_url = given_url(base_url?, region?)?;
        let has_given_url = given_url.is_some();
        let base_url = given_url.map_or_else(|| base_url_in(environment, &mut notes), Ok)?;
        let provider = TokenProvider::with_policy(&credentials, validity, buffer);
        let (last_verdict, asked_at) = (None, None);
        notes.push(written(&Note::Found(&source)));
        Ok(Self { provider, source, base_url, has_given_url, notes, last_verdict, asked_at })
    }

    /// Goes on with other credentials.
    fn adopt(&mut self, found: Found) {
        self.provider.rotate(&found.credentials);
        self.source = found.source;
        let rotated = written(&Note::Rotated(&self.source));
        self.keep(Vec::from([rotated]));
        self.keep(found.notes);
    }

    /// Mints a token if one is due.
    pub(crate) fn renew(&mut self, now: u64) {
        let is_due = self.provider.cached(now).is_none();
        if let (true, Some(end)) = (is_due, self.provider.token(now).expires_at()) {
            self.note(&Note::Minted(end));
        }
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

/// The base URL that was given, as such or by a region.
fn given_url(base_url: Option<&str>, region: Option<&str>) -> Result<Option<String>> {
    Ok(match (base_url, region) {
        (Some(_), Some(_)) => return Err(Error::Region.into()),
        (Some(url), None) => Some(BaseUrl::parse(url)?.to_string()),
        (None, Some(name)) => Some(Region::parse(name)?.base_url().into()),
        (None, None) => None,
    })
}

/// The base URL that the environment names, or Kling's own.
fn base_url_in(environment: Environment<'_>, notes: &mut Notes) -> Result<String> {
    let found = address_in(environment, notes)?;
    Ok(found.unwrap_or_else(|| Origin::DEFAULT_BASE_URL.into()))
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
    let now = arguments.now()?;
    manager.renew(now);
    write_lease(results, &mut manager.provider, now);
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
    if !matches!(manager.source, Source::Environment(..)) {
        return Err(Problem::NoSource.into());
    }
    let environment = Environment::rest_of(arguments);
    let found = in_environment(environment, &|_| Problem::Missing(&manager.source).into())?;
    if !manager.has_given_url && base_url_in(environment, &mut Notes::new())? != manager.base_url {
        return Err(Problem::BaseUrlChanged(&found.source).into());
    }
    manager.adopt(found);
    Ok(())
}

/// The access key, if there is one, and the same masked; where the credentials come from, for people
/// and by its stable name; the base URL; the clock's offset in seconds.
pub(crate) fn state(
    manager: &mut Manager,
    _: &mut Arguments<'_>,
    results: &mut Results,
) -> Result<()> {
    let provider = &manager.provider;
    results
        .maybe(provider.access_key(), Results::text)
        .maybe(provider.access_key(), |results, key| results.shown(&Masked(key)))
        .shown(&manager.source)
        .text(manager.source.kind())
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

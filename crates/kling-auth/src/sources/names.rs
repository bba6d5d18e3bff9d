//! What stands under the known names at one place: in the environment and the files that it names,
//! in a `.env` file, in a profile.

use std::path::PathBuf;

use kling_jwt_core::{
    EventKind, KeySearch, PartialPair, SelectedKeys, Unvalidated as CoreUnvalidated,
    env_names::{FILE_SUFFIX, Names, UnreadNames, VARIABLES},
};
use zeroize::Zeroizing;

use super::{
    Event, Location, Source, base_url,
    file::{Watch, settled},
    resolved::{Candidate, Unvalidated, Value, names_of},
    source::{Store, Unused},
};
use crate::Error;

/// The credentials at one place or, where it has none, the text for people of what is set there, but
/// blank or not read.
pub(super) type Lookup<T = Match> = Result<T, String>;

/// Credentials that stand under the known names.
pub(super) struct Match {
    pub(super) raw: Unvalidated,
    pub(super) warnings: Vec<Event>,
    pub(super) unused: Unused,
}

/// The first credentials in the environment, where each name may also end in `_FILE` and hold
/// the path of a mounted secret.
pub(super) fn in_environment(
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Lookup<Candidate>, Error> {
    let ((look, file_notes), watch) = settled(|watch| {
        let mut warnings = Vec::new();
        let look = search_names(
            &VARIABLES,
            |name| in_variable(environment, watch, &mut warnings, name),
            &|name| environment(name).is_some(),
        )?;
        Ok((look, warnings))
    })?;
    Ok(look.map(|Match { raw, mut warnings, unused }| {
        warnings.extend(file_notes);
        let text = format!("environment ({})", names_of(&raw));
        let base_url = base_url::in_environment(environment, &mut warnings);
        let source = Source::place(text, Store::Environment, watch, unused);
        Candidate { raw, warnings, source, base_url }
    }))
}

/// The value of a variable or, where it is blank, of the file that the variable beside it names.
fn in_variable(
    environment: &dyn Fn(&str) -> Option<String>,
    watch: &mut Watch,
    warnings: &mut Vec<Event>,
    name: &'static str,
) -> Result<Option<Value>, Error> {
    let text = environment(name).map(Zeroizing::new);
    let is_filled = text.as_ref().is_some_and(|text| !kling_jwt_core::is_blank(text));
    let file_name = format!("{name}{FILE_SUFFIX}");
    let path = environment(&file_name).filter(|path| !path.trim().is_empty());
    match path {
        Some(path) if !is_filled => mounted(watch, file_name, path.into()).map(Some),
        path => {
            warnings.extend(path.map(|_| EventKind::Ignored(&name, &file_name).into()));
            Ok(text.map(|text| Value { text, location: Location::Variable(name.to_owned()) }))
        }
    }
}

/// The value in a file that a variable names.
fn mounted(watch: &mut Watch, variable: String, path: PathBuf) -> Result<Value, Error> {
    // A relative path would lead elsewhere from another directory. And what is no path at all may
    // be the key itself: it is not shown.
    if !path.is_absolute() {
        let name = variable.trim_end_matches(FILE_SUFFIX).to_owned();
        return Err(Error::NoPath { variable, name });
    }
    let text = watch.read(&path).map_err(|error| error.through(&variable))?;
    // A file ends in a line end; that is no fault worth a note.
    let text = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    Ok(Value { text, location: Location::Secret(variable, path) })
}

/// The credentials among the known names, with a note of what is ignored for them. `is_set` says
/// whether any other variable is, for what an error names.
pub(super) fn search_names(
    names: &'static Names,
    get: impl FnMut(&'static str) -> Result<Option<Value>, Error>,
    is_set: &dyn Fn(&str) -> bool,
) -> Result<Lookup, Error> {
    let mut search = KeySearch::new(names, get)?;
    let chosen = search.take().map_err(|half| partial(&half, is_set))?;
    let Some(SelectedKeys { raw, is_mixed }) = chosen else {
        return Ok(Err(search.blank().to_string()));
    };
    let mut warnings = Vec::new();
    if let (true, CoreUnvalidated::KeyPair { access_key, secret_key }) = (is_mixed, &raw) {
        warnings.push(EventKind::Mixed(&access_key.location, &secret_key.location).into());
    }
    let unused = Unused {
        names: search.names().collect::<Vec<_>>().join(", "),
        api_key: search.unused_api_key(),
    };
    if !unused.names.is_empty() {
        warnings.push(EventKind::Ignored(&names_of(&raw), &unused.names).into());
    }
    Ok(Ok(Match { raw, warnings, unused }))
}

/// One half of a pair, where the other was looked for.
fn partial(half: &PartialPair<Value>, is_set: &dyn Fn(&str) -> bool) -> Error {
    let blank = half.blank.as_ref().map(|value| value.location.to_string());
    Error::Partial {
        there: half.there.location.to_string(),
        is_blank: blank.is_some(),
        absent: blank.unwrap_or_else(|| half.absent.to_owned()),
        hint: UnreadNames(is_set).to_string(),
    }
}

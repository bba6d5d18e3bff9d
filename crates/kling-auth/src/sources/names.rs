//! Searches one place for the known names: the environment and the files that it names, a `.env`
//! file, or a profile.

use std::path::PathBuf;

use kling_jwt_core::{
    EventKind, KeySearch, PartialPair, SelectedKeys, Unvalidated as CoreUnvalidated,
    env_names::{FILE_SUFFIX, Names, UnreadNames, VARIABLES},
};
use zeroize::Zeroizing;

use super::{
    Event, Location, Source, base_url,
    file::{TrackedFiles, read_consistently},
    resolved::{Candidate, Unvalidated, Value, names_of},
    source::{Store, Unused},
};
use crate::Error;

/// What one place has.
pub(super) enum Lookup<T = Match> {
    /// Credentials.
    Found(T),
    /// No credentials.
    Nothing {
        /// The names that are set but blank or not read there, for the error message; may be empty.
        hint: String,
    },
}

impl<T> Lookup<T> {
    /// The same, with other details of what was found.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Lookup<U> {
        match self {
            Self::Found(found) => Lookup::Found(change(found)),
            Self::Nothing { hint } => Lookup::Nothing { hint },
        }
    }

    /// What was found, or the error that nothing was.
    pub(super) fn required(self, missing: impl FnOnce(String) -> Error) -> Result<T, Error> {
        match self {
            Self::Found(found) => Ok(found),
            Self::Nothing { hint } => Err(missing(hint)),
        }
    }
}

/// Credentials that were found under the known names.
pub(super) struct Match {
    pub(super) unvalidated: Unvalidated,
    pub(super) warnings: Vec<Event>,
    pub(super) unused: Unused,
}

/// The credentials in the environment. Each name may also end in `_FILE` and hold the path of a
/// mounted secret.
pub(super) fn find_in_environment(
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Lookup<Candidate>, Error> {
    let ((lookup, file_warnings), files) = read_consistently(|files| {
        let mut warnings = Vec::new();
        let lookup = search_names(
            &VARIABLES,
            |name| read_variable(environment, files, &mut warnings, name),
            &|name| environment(name).is_some(),
        )?;
        Ok((lookup, warnings))
    })?;
    Ok(lookup.map(|Match { unvalidated, mut warnings, unused }| {
        warnings.extend(file_warnings);
        let text = format!("environment ({})", names_of(&unvalidated));
        let base_url = base_url::find_in_environment(environment, &mut warnings);
        let source = Source::from_store(text, Store::Environment, files, unused);
        Candidate { unvalidated, warnings, source, base_url }
    }))
}

/// The value of a variable or, if that is blank, of the file that `<name>_FILE` names.
fn read_variable(
    environment: &dyn Fn(&str) -> Option<String>,
    files: &mut TrackedFiles,
    warnings: &mut Vec<Event>,
    name: &'static str,
) -> Result<Option<Value>, Error> {
    let text = environment(name).map(Zeroizing::new);
    let is_filled = text.as_ref().is_some_and(|text| !kling_jwt_core::is_blank(text));
    let file_name = format!("{name}{FILE_SUFFIX}");
    let path = environment(&file_name).filter(|path| !path.trim().is_empty());
    match path {
        Some(path) if !is_filled => read_mounted(files, file_name, path.into()).map(Some),
        path => {
            warnings.extend(path.map(|_| EventKind::Ignored(&name, &file_name).into()));
            Ok(text.map(|text| Value { text, location: Location::Variable(name.to_owned()) }))
        }
    }
}

/// The value in the file that a variable names.
fn read_mounted(files: &mut TrackedFiles, variable: String, path: PathBuf) -> Result<Value, Error> {
    // A relative path depends on the working directory. The error does not show the value, since it
    // may be the key itself.
    if !path.is_absolute() {
        let name = variable.trim_end_matches(FILE_SUFFIX).to_owned();
        return Err(Error::NoPath { variable, name });
    }
    let text = files.read(&path).map_err(|error| error.with_variable(&variable))?;
    // Files usually end with a line end, which is not worth a warning.
    let text = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    Ok(Value { text, location: Location::Secret(variable, path) })
}

/// Selects the credentials among the known names, and warns of values that are not used. `is_set`
/// says whether a name that is never read is set, so that an error can mention it.
pub(super) fn search_names(
    names: &'static Names,
    get: impl FnMut(&'static str) -> Result<Option<Value>, Error>,
    is_set: &dyn Fn(&str) -> bool,
) -> Result<Lookup, Error> {
    let mut search = KeySearch::new(names, get)?;
    let selected = search.take().map_err(|half| partial_error(&half, is_set))?;
    let Some(SelectedKeys { unvalidated, is_mixed }) = selected else {
        return Ok(Lookup::Nothing { hint: search.blank().to_string() });
    };
    let mut warnings = Vec::new();
    if let (true, CoreUnvalidated::KeyPair { access_key, secret_key }) = (is_mixed, &unvalidated) {
        warnings.push(EventKind::Mixed(&access_key.location, &secret_key.location).into());
    }
    let unused = Unused {
        names: search.names().collect::<Vec<_>>().join(", "),
        api_key: search.unused_api_key(),
    };
    if !unused.names.is_empty() {
        warnings.push(EventKind::Ignored(&names_of(&unvalidated), &unused.names).into());
    }
    Ok(Lookup::Found(Match { unvalidated, warnings, unused }))
}

/// The error for a key pair of which one key is missing.
fn partial_error(half: &PartialPair<Value>, is_set: &dyn Fn(&str) -> bool) -> Error {
    let blank = half.blank.as_ref().map(|value| value.location.to_string());
    Error::Partial {
        present: half.present.location.to_string(),
        is_blank: blank.is_some(),
        absent: blank.unwrap_or_else(|| half.absent.to_owned()),
        hint: UnreadNames(is_set).to_string(),
    }
}

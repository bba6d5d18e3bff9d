//! The names that credentials go by, looked up in the environment and in files that it names.

use std::path::PathBuf;

use kling_jwt_core::{
    Note as CoreNote,
    names::{FILE_SUFFIX, find},
};
use zeroize::Zeroizing;

use super::{
    Note, Place, Source,
    file::{Watch, settled},
    found::{Layer, Raw, Value, names_of, partial},
    source::Origin,
};
use crate::Error;

/// The first credentials in the environment, where each name may also end in `_FILE` and hold
/// the path of a mounted secret.
pub(super) fn in_environment(
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Layer>, Error> {
    let (found, watch) = settled(|watch| {
        let mut notes = Vec::new();
        let found = by_name(|name| {
            let file_name = format!("{name}{FILE_SUFFIX}");
            let path = environment(&file_name).filter(|path| !path.is_empty());
            match (environment(name), path) {
                (Some(text), path) => {
                    notes.extend(path.map(|_| CoreNote::Several(&name, &file_name).into()));
                    let place = Place::Variable(name.to_owned());
                    Ok(Some(Value { text: Zeroizing::new(text), place }))
                }
                (None, Some(path)) => mounted(watch, file_name, path.into()).map(Some),
                (None, None) => Ok(None),
            }
        })?;
        Ok(found.map(|(raw, ignored)| (raw, [ignored, notes].concat())))
    })?;
    Ok(found.map(|(raw, notes)| {
        let text = format!("environment ({})", names_of(&raw));
        Layer { raw, notes, source: Source::place(text, Origin::Environment, watch) }
    }))
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
    Ok(Value { text, place: Place::Secret(variable, path) })
}

/// The first credentials among the known names, and a note of each that is ignored for them.
pub(super) fn by_name(
    get: impl FnMut(&'static str) -> Result<Option<Value>, Error>,
) -> Result<Option<(Raw, Vec<Note>)>, Error> {
    let mut found = find(get, partial)?;
    Ok(found.next().map(|used| {
        let names = names_of(&used);
        let ignored = found.map(|raw| names_of(&raw));
        let notes = ignored.map(|ignored| CoreNote::Several(&names, &ignored).into()).collect();
        (used, notes)
    }))
}

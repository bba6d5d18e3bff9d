//! The names that credentials go by, in the environment and in a `.env` file.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{
    Note, Place, Source,
    file::{Watch, settled},
    found::{Layer, Raw, Value},
    source::Origin,
};
use crate::Error;

/// Key pairs: the guide's names, Vercel's, the official skill's.
const KEY_PAIRS: [(&str, &str); 3] = [
    ("KLING_ACCESS_KEY", "KLING_SECRET_KEY"),
    ("KLINGAI_ACCESS_KEY", "KLINGAI_SECRET_KEY"),
    ("KLING_ACCESS_KEY_ID", "KLING_SECRET_ACCESS_KEY"),
];

/// Names of an API key, which public code gives to three other things too.
const API_KEYS: [&str; 2] = ["KLING_API_KEY", "KLINGAI_API_KEY"];

/// What a name ends in that holds the path of a file.
const FILE: &str = "_FILE";

/// Every name.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    KEY_PAIRS.into_iter().flat_map(|(access, secret)| [access, secret]).chain(API_KEYS)
}

/// Every whole credential, for people: `KLING_ACCESS_KEY + KLING_SECRET_KEY, …`.
pub(crate) fn listed() -> String {
    let pairs = KEY_PAIRS.map(|(access, secret)| format!("{access} + {secret}"));
    [&pairs[..], &API_KEYS.map(str::to_owned)[..]].concat().join(", ")
}

/// The first credentials in the environment, where each name may also end in `_FILE` and hold
/// the path of a mounted secret.
pub(super) fn in_environment(
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Layer>, Error> {
    let (found, watch) = settled(|watch| {
        let mut notes = Vec::new();
        let found = by_name(|name| {
            let file_name = format!("{name}{FILE}");
            let path = environment(&file_name).filter(|path| !path.is_empty());
            match (environment(name), path) {
                (Some(text), path) => {
                    notes.extend(path.map(|_| Note::several(name, &file_name)));
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
        let text = format!("environment ({})", raw.names());
        Layer { raw, notes, source: Source { text, origin: Origin::Environment, watch } }
    }))
}

/// The value in a file that a variable names.
fn mounted(watch: &mut Watch, variable: String, path: PathBuf) -> Result<Value, Error> {
    // A relative path would lead elsewhere from another directory. And what is no path at all may
    // be the key itself: it is not shown.
    if !path.is_absolute() {
        let name = variable.trim_end_matches(FILE).to_owned();
        return Err(Error::NoPath { variable, name });
    }
    let text = watch.read(&path).map_err(|error| error.through(&variable))?;
    // A file ends in a line end; that is no fault worth a note.
    let text = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    Ok(Value { text, place: Place::Secret(variable, path) })
}

/// The first credentials among the known names, and a note of each that is ignored for them.
pub(super) fn by_name(
    mut get: impl FnMut(&str) -> Result<Option<Value>, Error>,
) -> Result<Option<(Raw, Vec<Note>)>, Error> {
    let mut found = Vec::new();
    for names in KEY_PAIRS {
        // A whole credential under other names does not heal half of one under these.
        found.extend(Raw::key_pair(get(names.0)?, get(names.1)?, names)?);
    }
    for name in API_KEYS {
        found.extend(get(name)?.map(Raw::ApiKey));
    }

    let mut found = found.into_iter();
    Ok(found.next().map(|used| {
        let names = used.names();
        let notes = found.map(|ignored| Note::several(&names, &ignored.names())).collect();
        (used, notes)
    }))
}

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
        Ok(found.map(|mut found| {
            found.notes.append(&mut notes);
            found
        }))
    })?;
    Ok(found.map(|Named { raw, names, notes }| {
        let text = format!("environment ({names})");
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

/// Credentials, and the names that they were found by.
pub(super) struct Named {
    pub(super) raw: Raw,
    pub(super) names: String,
    pub(super) notes: Vec<Note>,
}

/// The first credentials among the known names.
pub(super) fn by_name(
    mut get: impl FnMut(&str) -> Result<Option<Value>, Error>,
) -> Result<Option<Named>, Error> {
    let mut found: Vec<(Raw, String)> = Vec::new();
    for (access_name, secret_name) in KEY_PAIRS {
        match (get(access_name)?, get(secret_name)?) {
            (Some(access_key), Some(secret_key)) => {
                let names = format!("{}, {}", access_key.place.name(), secret_key.place.name());
                found.push((Raw::KeyPair { access_key, secret_key }, names));
            }
            // A whole credential under other names does not heal half of one under these.
            (Some(half), None) => return Err(Error::partial(half.place.to_string(), secret_name)),
            (None, Some(half)) => return Err(Error::partial(half.place.to_string(), access_name)),
            (None, None) => {}
        }
    }
    for name in API_KEYS {
        if let Some(value) = get(name)? {
            let name = value.place.name().to_owned();
            found.push((Raw::ApiKey(value), name));
        }
    }

    let mut found = found.into_iter();
    let Some((raw, names)) = found.next() else { return Ok(None) };
    let notes = found.map(|(_, ignored)| Note::several(&names, &ignored)).collect();
    Ok(Some(Named { raw, names, notes }))
}

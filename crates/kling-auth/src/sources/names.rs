//! The names that credentials go by, in the environment and in a `.env` file.

use zeroize::Zeroizing;

use super::{
    Note, Place, Source,
    file::Watch,
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

/// Every name of a whole credential, for messages.
pub(crate) const WANTED: &str = "KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY";

/// The first credentials in the environment, where each name may also end in `_FILE` and hold
/// the path of a mounted secret.
pub(super) fn in_environment(
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Layer>, Error> {
    let mut watch = Watch::default();
    let found = by_name(|name| {
        if let Some(text) = environment(name) {
            let place = Place::Variable(name.to_owned());
            return Ok(Some(Value { text: Zeroizing::new(text), place }));
        }
        let file_name = format!("{name}_FILE");
        let path = environment(&file_name).filter(|path| !path.is_empty());
        let Some(path) = path else { return Ok(None) };
        let text = watch.read(path.as_ref())?;
        // A file ends in a line end; that is no fault worth a note.
        let text = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
        Ok(Some(Value { text, place: Place::Secret(file_name, path.into()) }))
    })?;
    Ok(found.map(|Named { raw, names, notes }| {
        let text = format!("environment ({names})");
        Layer { raw, notes, source: Source { text, origin: Origin::Environment, watch } }
    }))
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
            (Some(access_key), Some(secret_key)) => found.push((
                Raw::KeyPair { access_key, secret_key },
                format!("{access_name}, {secret_name}"),
            )),
            // A whole credential under other names does not heal half of one under these.
            (Some(half), None) => return Err(Error::partial(half.place.to_string(), secret_name)),
            (None, Some(half)) => return Err(Error::partial(half.place.to_string(), access_name)),
            (None, None) => {}
        }
    }
    for name in API_KEYS {
        if let Some(value) = get(name)? {
            found.push((Raw::ApiKey(value), name.to_owned()));
        }
    }

    let mut found = found.into_iter();
    let Some((raw, names)) = found.next() else { return Ok(None) };
    let notes = found.map(|(_, ignored)| Note::several(&names, &ignored)).collect();
    Ok(Some(Named { raw, names, notes }))
}

//! The `.env` file of a project: where it is, and what it says of credentials and their base URL.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use kling_jwt_core::{
    EventKind,
    env_names::{UnreadNames, VARIABLES},
};

use super::{
    Event, Location, Source,
    base_url::BaseUrlSetting,
    file::{is_absent, settled},
    lines::{Entry, Lines},
    names::{Lookup, Match, search_names},
    resolved::{Candidate, Value, names_of},
    source::Store,
};
use crate::{
    Error,
    error::{FileFault, LineFault},
};

const FILE_NAME: &str = ".env";

/// The directories that are searched: from this one up to the root of its repository. Outside of
/// a repository it is this one alone, so that a stranger's file is not found.
pub(super) fn directories(working_directory: &Path) -> impl Iterator<Item = &Path> {
    let root = working_directory.ancestors().find(|directory| directory.join(".git").exists());
    let root = root.unwrap_or(working_directory);
    working_directory.ancestors().take_while(move |directory| directory.starts_with(root))
}

/// The first `.env` there.
pub(super) fn search(working_directory: &Path) -> Option<PathBuf> {
    let mut paths = directories(working_directory).map(|directory| directory.join(FILE_NAME));
    paths.find(|path| !is_absent(path))
}

/// The credentials in a `.env` file.
pub(super) fn read(path: &Path) -> Result<Lookup<Candidate>, Error> {
    let (found, watch) = settled(|watch| {
        let lines = Lines::parse(&watch.read(path)?);
        let mut warnings = Vec::new();
        let base_url = base_url_in(&lines, path, &mut warnings)?;
        Ok((credentials_in(lines, path)?, base_url, warnings))
    })?;
    let (look, base_url, of_base_url) = found;
    Ok(look.map(|Match { raw, mut warnings, unused }| {
        warnings.extend(of_base_url);
        let text = format!("{} ({})", path.display(), names_of(&raw));
        let source = Source::place(text, Store::Dotenv(path.to_owned()), watch, unused);
        Candidate { raw, warnings, source, base_url }
    }))
}

fn credentials_in(lines: Lines, path: &Path) -> Result<Lookup, Error> {
    let Lines { mut entries, unread, broken, .. } = lines;
    let mut ambiguous = HashSet::new();
    let get = |name| {
        let Some(entry) = entries.remove(name) else { return Ok(None) };
        let place = place(&entry, name, path);
        if entry.is_ambiguous {
            ambiguous.insert(name);
        }
        let broken =
            |fault| Error::file(path, FileFault::BrokenLine { position: entry.position, fault });
        Ok(Some(Value { text: entry.text.map_err(broken)?, location: place }))
    };
    let is_set = |name: &str| unread.contains(&name);
    let look = search_names(&VARIABLES, get, &is_set);
    // A line that names a key and assigns nothing is a slip, and worth a word where a key lacks.
    if let (Err(Error::Partial { .. }) | Ok(Err(_)), Some((at, fault))) = (&look, broken) {
        return Err(Error::file(path, FileFault::BrokenLine { position: at, fault }));
    }
    Ok(match look? {
        Err(blank) => Err(blank + &UnreadNames(&is_set).to_string()),
        Ok(mut found) => {
            let places = found.raw.values().map(|value| &value.location);
            let told = places.filter(|place| ambiguous.contains(place.name()));
            found.warnings.extend(told.map(|place| EventKind::Ambiguous(place).into()));
            Ok(found)
        }
    })
}

/// The base URL in a `.env` file, or in one of that form.
pub(super) fn base_url_in(
    lines: &Lines,
    path: &Path,
    warnings: &mut Vec<Event>,
) -> Result<Option<BaseUrlSetting>, Error> {
    let get = |name| {
        let Some(entry) = lines.entries.get(name) else { return Ok(None) };
        let broken =
            |fault: &LineFault| FileFault::BrokenLine { position: entry.position, fault: *fault };
        let text = entry.text.as_ref().map_err(|fault| Error::file(path, broken(fault)))?;
        Ok(Some((text.to_string(), place(entry, name, path))))
    };
    BaseUrlSetting::find(get, warnings)
}

fn place(entry: &Entry, name: &str, path: &Path) -> Location {
    Location::Line { name: name.to_owned(), path: path.to_owned(), position: entry.position }
}

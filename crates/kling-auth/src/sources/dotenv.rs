//! The `.env` file of a project: where it is, and the credentials and base URL in it.

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
    file::{is_absent, read_consistently},
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

/// The directories to search: from the working directory up to the root of its repository.
///
/// Outside a repository, only the working directory: a directory above it may belong to another
/// user.
pub(super) fn directories(working_directory: &Path) -> impl Iterator<Item = &Path> {
    let root = working_directory.ancestors().find(|directory| directory.join(".git").exists());
    let root = root.unwrap_or(working_directory);
    working_directory.ancestors().take_while(move |directory| directory.starts_with(root))
}

/// The path of the first `.env` in these directories.
pub(super) fn search(working_directory: &Path) -> Option<PathBuf> {
    let mut paths = directories(working_directory).map(|directory| directory.join(FILE_NAME));
    paths.find(|path| !is_absent(path))
}

/// The credentials in a `.env` file.
pub(super) fn read(path: &Path) -> Result<Lookup<Candidate>, Error> {
    let ((lookup, base_url, base_url_warnings), files) = read_consistently(|files| {
        let lines = Lines::parse(&files.read(path)?);
        let mut warnings = Vec::new();
        let base_url = base_url_in(&lines, path, &mut warnings)?;
        Ok((credentials_in(lines, path)?, base_url, warnings))
    })?;
    Ok(lookup.map(|Match { unvalidated, mut warnings, unused }| {
        warnings.extend(base_url_warnings);
        let text = format!("{} ({})", path.display(), names_of(&unvalidated));
        let source = Source::from_store(text, Store::Dotenv(path.to_owned()), files, unused);
        Candidate { unvalidated, warnings, source, base_url }
    }))
}

fn credentials_in(lines: Lines, path: &Path) -> Result<Lookup, Error> {
    let Lines { mut entries, unread, broken, .. } = lines;
    let mut ambiguous = HashSet::new();
    let get = |name| {
        let Some(entry) = entries.remove(name) else { return Ok(None) };
        let location = location(&entry, name, path);
        if entry.is_ambiguous {
            ambiguous.insert(name);
        }
        let broken =
            |fault| Error::file(path, FileFault::BrokenLine { position: entry.position, fault });
        Ok(Some(Value { text: entry.text.map_err(broken)?, location }))
    };
    let is_set = |name: &str| unread.contains(&name);
    let lookup = search_names(&VARIABLES, get, &is_set);
    // If a key is missing, a line with its name but no `=` is the likely reason.
    if let (Err(Error::Partial { .. }) | Ok(Lookup::Nothing { .. }), Some((position, fault))) =
        (&lookup, broken)
    {
        return Err(Error::file(path, FileFault::BrokenLine { position, fault }));
    }
    Ok(match lookup? {
        Lookup::Nothing { hint } => {
            Lookup::Nothing { hint: hint + &UnreadNames(&is_set).to_string() }
        }
        Lookup::Found(mut found) => {
            let locations = found.unvalidated.values().map(|value| &value.location);
            let ambiguous = locations.filter(|location| ambiguous.contains(location.name()));
            found.warnings.extend(ambiguous.map(|location| EventKind::Ambiguous(location).into()));
            Lookup::Found(found)
        }
    })
}

/// The base URL in the lines of a file in `.env` format.
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
        Ok(Some((text.to_string(), location(entry, name, path))))
    };
    BaseUrlSetting::find(get, warnings)
}

fn location(entry: &Entry, name: &str, path: &Path) -> Location {
    Location::Line { name: name.to_owned(), path: path.to_owned(), position: entry.position }
}

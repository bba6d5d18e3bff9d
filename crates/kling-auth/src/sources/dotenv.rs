//! The `.env` file of a project: where it is, and what it says of credentials and their base URL.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use kling_jwt_core::{
    Note as CoreNote,
    names::{Unread, VARIABLES},
};

use super::{
    Note, Place, Source,
    address::Address,
    file::{is_absent, settled},
    found::{Layer, Value, names_of},
    lines::{Entry, Lines},
    names::{Look, Under, under},
    source::Origin,
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
pub(super) fn read(path: &Path) -> Result<Look<Layer>, Error> {
    let (found, watch) = settled(|watch| {
        let lines = Lines::parse(&watch.read(path)?);
        let mut notes = Vec::new();
        let base_url = base_url_in(&lines, path, &mut notes)?;
        Ok((credentials_in(lines, path)?, base_url, notes))
    })?;
    let (look, base_url, of_base_url) = found;
    Ok(look.map(|Under { raw, mut notes, unused }| {
        notes.extend(of_base_url);
        let text = format!("{} ({})", path.display(), names_of(&raw));
        let source = Source::place(text, Origin::Dotenv(path.to_owned()), watch, unused);
        Layer { raw, notes, source, base_url }
    }))
}

fn credentials_in(lines: Lines, path: &Path) -> Result<Look, Error> {
    let Lines { mut entries, unread, broken, .. } = lines;
    let mut ambiguous = HashSet::new();
    let get = |name| {
        let Some(entry) = entries.remove(name) else { return Ok(None) };
        let place = place(&entry, name, path);
        if entry.is_ambiguous {
            ambiguous.insert(name);
        }
        let broken = |fault| Error::file(path, FileFault::BrokenLine(entry.at, fault));
        Ok(Some(Value { text: entry.text.map_err(broken)?, place }))
    };
    let is_set = |name: &str| unread.contains(&name);
    let look = under(&VARIABLES, get, &is_set);
    // A line that names a key and assigns nothing is a slip, and worth a word where a key lacks.
    if let (Err(Error::Partial { .. }) | Ok(Err(_)), Some((at, fault))) = (&look, broken) {
        return Err(Error::file(path, FileFault::BrokenLine(at, fault)));
    }
    Ok(match look? {
        Err(blank) => Err(blank + &Unread(&is_set).to_string()),
        Ok(mut found) => {
            let places = found.raw.values().map(|value| &value.place);
            let told = places.filter(|place| ambiguous.contains(place.name()));
            found.notes.extend(told.map(|place| CoreNote::Ambiguous(place).into()));
            Ok(found)
        }
    })
}

/// The base URL in a `.env` file, or in one of that form.
pub(super) fn base_url_in(
    lines: &Lines,
    path: &Path,
    notes: &mut Vec<Note>,
) -> Result<Option<Address>, Error> {
    let get = |name| {
        let Some(entry) = lines.entries.get(name) else { return Ok(None) };
        let broken = |fault: &LineFault| FileFault::BrokenLine(entry.at, *fault);
        let text = entry.text.as_ref().map_err(|fault| Error::file(path, broken(fault)))?;
        Ok(Some((text.to_string(), place(entry, name, path))))
    };
    Address::find(get, notes)
}

fn place(entry: &Entry, name: &str, path: &Path) -> Place {
    Place::Line { name: name.to_owned(), path: path.to_owned(), at: entry.at }
}

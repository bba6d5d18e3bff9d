//! The `.env` file of a project.
//!
//! Only the lines of our own names are read, by the grammar of `dotenvy`: what else stands in
//! the file is no business of ours, and no reason to refuse it. `$` in a value is a `$`: a key is
//! never put together from other variables.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{
    Place, Source,
    file::{is_absent, settled},
    found::{Layer, Value, names_of},
    names::by_name,
    source::Origin,
};
use crate::{Error, error::FileFault};

const FILE_NAME: &str = ".env";

/// Stands for `$` while dotenvy reads, which would put variables in its place. No text has it:
/// it is a noncharacter of Unicode.
const DOLLAR: &str = "\u{fdd0}";

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

/// The credentials in a `.env` file, if it has any.
pub(super) fn read(path: &Path) -> Result<Option<Layer>, Error> {
    let (found, watch) = settled(|watch| {
        let text = watch.read(path)?;
        let mut entries = parse(&text, path)?;
        by_name(|name| {
            let place = || Place::Entry(name.to_owned(), path.to_owned());
            Ok(entries.remove(name).map(|text| Value { text, place: place() }))
        })
    })?;
    Ok(found.map(|(raw, notes)| {
        let text = format!("{} ({})", path.display(), names_of(&raw));
        let origin = Origin::Dotenv(path.to_owned());
        Layer { raw, notes, source: Source::place(text, origin, watch) }
    }))
}

/// The entries of our own names; the last of a name counts.
fn parse(text: &str, path: &Path) -> Result<HashMap<&'static str, Zeroizing<String>>, Error> {
    let mut entries = HashMap::new();
    // A byte order mark would become part of the first name.
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if let Some(name) = our_name(line) {
            let broken = || Error::file(path, FileFault::BrokenLine(index + 1));
            entries.insert(name, value(line).ok_or_else(broken)?);
        }
    }
    Ok(entries)
}

/// The name that a line assigns to, if it is one of ours.
fn our_name(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, _) = line.split_once('=')?;
    kling_jwt_core::names::all().find(|ours| *ours == name.trim())
}

/// The value that a line assigns.
fn value(line: &str) -> Option<Zeroizing<String>> {
    let line = Zeroizing::new(line.replace("\\$", DOLLAR));
    let line = Zeroizing::new(line.replace('$', DOLLAR));
    let entry = dotenvy::from_read_iter(line.as_bytes()).next()?;
    let value = Zeroizing::new(entry.ok()?.1);
    Some(Zeroizing::new(value.replace(DOLLAR, "$")))
}

//! The `.env` file of a project.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{
    Place, Source,
    file::Watch,
    found::{Layer, Value},
    names::{self, Named},
    source::Origin,
};
use crate::{Error, error::FileFault};

const FILE_NAME: &str = ".env";

/// The first `.env` from this directory up to the root of its repository. Outside of a
/// repository only the directory itself is searched, so that a stranger's file is not found.
pub(super) fn search(working_directory: &Path) -> Option<PathBuf> {
    let root = working_directory.ancestors().find(|directory| directory.join(".git").exists());
    let root = root.unwrap_or(working_directory);
    working_directory
        .ancestors()
        .take_while(|directory| directory.starts_with(root))
        .map(|directory| directory.join(FILE_NAME))
        .find(|path| path.is_file())
}

/// The credentials in a `.env` file, if it has any.
pub(super) fn read(path: &Path) -> Result<Option<Layer>, Error> {
    let mut watch = Watch::default();
    let text = watch.read(path)?;
    let mut entries = parse(&text, path)?;
    let found = names::by_name(|name| {
        let place = || Place::Entry(name.to_owned(), path.to_owned());
        Ok(entries.remove(name).map(|text| Value { text, place: place() }))
    })?;
    Ok(found.map(|Named { raw, names, notes }| {
        let text = format!("{} ({names})", path.display());
        let origin = Origin::Dotenv(path.to_owned());
        Layer { raw, notes, source: Source { text, origin, watch } }
    }))
}

/// The entries by their names; the last of a name counts.
fn parse(text: &str, path: &Path) -> Result<HashMap<String, Zeroizing<String>>, Error> {
    // A byte order mark would become part of the first name.
    let text = text.trim_start_matches('\u{feff}');
    dotenvy::from_read_iter(text.as_bytes())
        .map(|entry| match entry {
            Ok((name, value)) => Ok((name, Zeroizing::new(value))),
            Err(error) => Err(Error::File(path.to_owned(), broken_line(&error, text))),
        })
        .collect()
}

/// Which line is broken. What stands there may be a secret: only its number is told.
fn broken_line(error: &dotenvy::Error, text: &str) -> FileFault {
    let number = match error {
        dotenvy::Error::LineParse(broken, _) => {
            let start = broken.lines().next().unwrap_or_default().trim();
            text.lines().position(|line| line.trim().starts_with(start)).map_or(0, |i| i + 1)
        }
        _ => 0,
    };
    FileFault::BrokenLine(number)
}

//! The profile of Kling's command line: its file `.credentials`, which is only read.

use std::path::PathBuf;

use ini_core::{Item, Parser};
use kling_jwt_core::env_names::PROFILE;
use zeroize::Zeroizing;

use super::{
    Event, Location, Source,
    base_url::BaseUrlSetting,
    dotenv::base_url_in,
    file::{TrackedFiles, is_absent, read_consistently},
    lines::Lines,
    names::{Lookup, Match, search_names},
    resolved::{Candidate, Value},
    source::{Profile, Store},
};
use crate::{Error, error::FileFault};

/// The variables that determine the file and its section.
pub(super) const VARIABLES: [&str; 4] =
    ["HOME", "USERPROFILE", "KLING_STORAGE_ROOT", "KLING_PROFILE"];

/// The file beside it, in which Kling's tools store their host.
const HOST_FILE_NAME: &str = "kling.env";

/// The file and the section to read; `None` if there is no home directory.
pub(super) fn locate(environment: &dyn Fn(&str) -> Option<String>) -> Option<Profile> {
    // An empty or relative path is ignored, because it depends on the working directory.
    let directory = |name| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let in_home = || {
        let home = directory("HOME").or_else(|| directory("USERPROFILE"))?;
        Some(home.join(".config").join("kling"))
    };
    let root = directory("KLING_STORAGE_ROOT").or_else(in_home)?;
    let name = environment("KLING_PROFILE").map(|name| name.trim().to_owned());
    let name = name.filter(|name| !name.is_empty());
    Some(Profile {
        path: root.join(".credentials"),
        is_requested: name.is_some(),
        name: name.unwrap_or_else(|| "default".to_owned()),
    })
}

impl Profile {
    /// The credentials in the section.
    pub(super) fn read(&self) -> Result<Lookup<Candidate>, Error> {
        if !self.is_requested && is_absent(&self.path) {
            return Ok(Lookup::Nothing { hint: String::new() });
        }
        let ((lookup, base_url, base_url_warnings), files) = read_consistently(|files| {
            let text = files.read_private(&self.path)?;
            let text = text.trim_start_matches('\u{feff}');
            let lookup = search_names(&PROFILE, |name| self.entry(text, name), &|_| false)?;
            let mut warnings = Vec::new();
            let base_url = self.base_url(files, &mut warnings)?;
            Ok((lookup, base_url, warnings))
        })?;
        match lookup {
            Lookup::Nothing { .. } if self.is_requested => {
                Err(Error::file(&self.path, FileFault::NoProfile { name: self.name.clone() }))
            }
            lookup => Ok(lookup.map(|Match { unvalidated, mut warnings, unused }| {
                warnings.extend(base_url_warnings);
                let text = format!("{} [{}]", self.path.display(), self.name);
                let source = Source::from_store(text, Store::Profile(self.clone()), files, unused);
                Candidate { unvalidated, warnings, source, base_url }
            })),
        }
    }

    fn base_url(
        &self,
        files: &mut TrackedFiles,
        warnings: &mut Vec<Event>,
    ) -> Result<Option<BaseUrlSetting>, Error> {
        let path = self.path.with_file_name(HOST_FILE_NAME);
        if is_absent(&path) {
            return Ok(None);
        }
        base_url_in(&Lines::parse(&files.read(&path)?), &path, warnings)
    }

    /// The value of a name in the section. If the name is repeated, the last value counts.
    fn entry(&self, text: &str, wanted: &str) -> Result<Option<Value>, Error> {
        let mut in_section = false;
        let mut found = None;
        let mut lines = Parser::new(text).auto_trim(true).comment_char(b'#');
        while let Some(item) = lines.next() {
            match item {
                Item::Section(name) => in_section = name == self.name,
                Item::Property(name, Some(value)) if in_section && name == wanted => {
                    found = Some(Value {
                        text: Zeroizing::new(value.to_owned()),
                        location: Location::Entry(
                            format!("{wanted} [{}]", self.name),
                            self.path.clone(),
                        ),
                    });
                }
                // Such files use both `#` and `;` for comments.
                Item::Property(name, _) if name.starts_with(';') => {}
                Item::Error(_) | Item::Property(_, None) => {
                    let fault = FileFault::BrokenProfileLine { line: lines.line() as usize };
                    return Err(Error::file(&self.path, fault));
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

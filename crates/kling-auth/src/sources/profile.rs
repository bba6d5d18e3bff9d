//! The file that Kling's official command-line skill keeps, read only.

use std::path::PathBuf;

use ini_core::{Item, Parser};
use kling_jwt_core::env_names::PROFILE;
use zeroize::Zeroizing;

use super::{
    Event, Location, Source,
    base_url::BaseUrlSetting,
    dotenv::base_url_in,
    file::{Watch, is_absent, settled},
    lines::Lines,
    names::{Lookup, Match, search_names},
    resolved::{Candidate, Value},
    source::{Profile, Store},
};
use crate::{Error, error::FileFault};

/// The variables that say where the file is, and which section counts.
pub(super) const VARIABLES: [&str; 4] =
    ["HOME", "USERPROFILE", "KLING_STORAGE_ROOT", "KLING_PROFILE"];

/// The file beside it, in which Kling's own tools keep their host.
const HOST_FILE_NAME: &str = "kling.env";

/// Where the file is, and which section counts. Nothing where there is no home.
pub(super) fn locate(environment: &dyn Fn(&str) -> Option<String>) -> Option<Profile> {
    // A path that is empty or relative is none: it would lead to wherever a program is started.
    let directory = |name| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let in_home = || {
        let home = directory("HOME").or_else(|| directory("USERPROFILE"))?;
        Some(home.join(".config").join("kling"))
    };
    let root = directory("KLING_STORAGE_ROOT").or_else(in_home)?;
    let asked_for = environment("KLING_PROFILE").map(|name| name.trim().to_owned());
    let asked_for = asked_for.filter(|name| !name.is_empty());
    Some(Profile {
        path: root.join(".credentials"),
        asked_for: asked_for.is_some(),
        name: asked_for.unwrap_or_else(|| "default".to_owned()),
    })
}

impl Profile {
    /// The section's credentials or, if it has none, what it has of their names.
    pub(super) fn read(&self) -> Result<Lookup<Candidate>, Error> {
        if !self.asked_for && is_absent(&self.path) {
            return Ok(Err(String::new()));
        }
        let ((look, base_url, warnings), watch) = settled(|watch| {
            let text = watch.read_private(&self.path)?;
            let text = text.trim_start_matches('\u{feff}');
            let look = search_names(&PROFILE, |name| self.entry(text, name), &|_| false)?;
            let mut warnings = Vec::new();
            let base_url = self.base_url(watch, &mut warnings)?;
            Ok((look, base_url, warnings))
        })?;
        match look {
            Err(_) if self.asked_for => {
                Err(Error::file(&self.path, FileFault::NoProfile { name: self.name.clone() }))
            }
            Err(blank) => Ok(Err(blank)),
            Ok(Match { raw, warnings: mut of_keys, unused }) => {
                of_keys.extend(warnings);
                let text = format!("{} [{}]", self.path.display(), self.name);
                let source = Source::place(text, Store::Profile(self.clone()), watch, unused);
                Ok(Ok(Candidate { raw, warnings: of_keys, source, base_url }))
            }
        }
    }

    fn base_url(
        &self,
        watch: &mut Watch,
        warnings: &mut Vec<Event>,
    ) -> Result<Option<BaseUrlSetting>, Error> {
        let path = self.path.with_file_name(HOST_FILE_NAME);
        if is_absent(&path) {
            return Ok(None);
        }
        base_url_in(&Lines::parse(&watch.read(&path)?), &path, warnings)
    }

    /// The value of a name in the section; the last one counts.
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
                // Both marks of a comment are in use.
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

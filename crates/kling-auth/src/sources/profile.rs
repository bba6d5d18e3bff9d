//! The file that Kling's official command-line skill keeps, read only.

use std::path::PathBuf;

use ini_core::{Item, Parser};
use zeroize::Zeroizing;

use super::{
    Place, Source,
    file::{is_absent, settled},
    found::{Layer, Raw, Value, partial},
    source::Origin,
};
use crate::{Error, error::FileFault};

/// A section of the file.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) path: PathBuf,
    name: String,
    /// Whether the user asked for this section by name.
    asked_for: bool,
}

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
    /// The section's key pair, if the file is there.
    pub(super) fn read(&self) -> Result<Option<Layer>, Error> {
        if !self.asked_for && is_absent(&self.path) {
            return Ok(None);
        }
        let (raw, watch) = settled(|watch| {
            let text = watch.read_private(&self.path)?;
            self.key_pair(text.trim_start_matches('\u{feff}'))
        })?;
        Ok(raw.map(|raw| {
            let text = format!("{} [{}]", self.path.display(), self.name);
            let source = Source::place(text, Origin::Profile(self.clone()), watch);
            Layer { raw, notes: Vec::new(), source }
        }))
    }

    fn key_pair(&self, text: &str) -> Result<Option<Raw>, Error> {
        let names = ("access_key_id", "secret_access_key");
        let (access_key, secret_key) = (self.entry(text, names.0)?, self.entry(text, names.1)?);
        match Raw::key_pair(access_key, secret_key, names, partial)? {
            None if self.asked_for => {
                Err(Error::file(&self.path, FileFault::NoProfile(self.name.clone())))
            }
            found => Ok(found),
        }
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
                        place: Place::Entry(format!("{wanted} [{}]", self.name), self.path.clone()),
                    });
                }
                // Both marks of a comment are in use.
                Item::Property(name, _) if name.starts_with(';') => {}
                Item::Error(_) | Item::Property(_, None) => {
                    let fault = FileFault::BrokenLine(lines.line() as usize);
                    return Err(Error::file(&self.path, fault));
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

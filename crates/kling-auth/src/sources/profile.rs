//! The file that Kling's official command-line skill keeps, read only.

use std::path::PathBuf;

use ini_core::{Item, Parser};
use zeroize::Zeroizing;

use super::{
    Place, Source,
    file::{Watch, refuse_world_readable},
    found::{Layer, Raw, Value},
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
    // An empty variable is none: shells and compose files leave such behind.
    let variable = |name| environment(name).filter(|value| !value.is_empty());
    let in_home = || {
        let home = variable("HOME").or_else(|| variable("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".config").join("kling"))
    };
    let root = variable("KLING_STORAGE_ROOT").map(PathBuf::from).or_else(in_home)?;
    let asked_for = variable("KLING_PROFILE");
    Some(Profile {
        path: root.join(".credentials"),
        asked_for: asked_for.is_some(),
        name: asked_for.unwrap_or_else(|| "default".to_owned()),
    })
}

impl Profile {
    /// The section's key pair, if the file is there.
    pub(super) fn read(&self) -> Result<Option<Layer>, Error> {
        if !self.path.exists() && !self.asked_for {
            return Ok(None);
        }
        let mut watch = Watch::default();
        let text = watch.read(&self.path)?;
        refuse_world_readable(&self.path)?;
        let Some(raw) = self.key_pair(&text)? else { return Ok(None) };
        let text = format!("{} [{}]", self.path.display(), self.name);
        let source = Source { text, origin: Origin::Profile(self.clone()), watch };
        Ok(Some(Layer { raw, notes: Vec::new(), source }))
    }

    fn key_pair(&self, text: &str) -> Result<Option<Raw>, Error> {
        let access_key = self.entry(text, "access_key_id")?;
        let secret_key = self.entry(text, "secret_access_key")?;
        match (access_key, secret_key) {
            (Some(access_key), Some(secret_key)) => {
                Ok(Some(Raw::KeyPair { access_key, secret_key }))
            }
            (Some(half), None) => Err(Error::partial(half.place.to_string(), "secret_access_key")),
            (None, Some(half)) => Err(Error::partial(half.place.to_string(), "access_key_id")),
            (None, None) if self.asked_for => {
                Err(Error::File(self.path.clone(), FileFault::NoProfile(self.name.clone())))
            }
            (None, None) => Ok(None),
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
                    return Err(Error::File(self.path.clone(), fault));
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

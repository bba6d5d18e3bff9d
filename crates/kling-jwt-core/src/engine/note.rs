//! One note, as hosts hand it on.

use alloc::string::{String, ToString};
use core::fmt;

use crate::{Level, messages::event::Note as Told};

/// Something that was mended, that looks odd, or that happened. Its text holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    code: &'static str,
    level: Level,
    text: String,
}

impl Note {
    /// The stable code: its level and upper case, the same in all languages.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// How much it matters to whoever reads a log.
    pub fn level(&self) -> Level {
        self.level
    }
}

impl From<Told<'_>> for Note {
    fn from(note: Told<'_>) -> Self {
        Self { code: note.code(), level: note.level(), text: note.to_string() }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Hears of what happens, at once and on the thread where it happens.
pub type Listener = fn(Note);

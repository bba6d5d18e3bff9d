//! One note, as hosts hand it on.

use alloc::string::{String, ToString};
use core::fmt;

use crate::{Level, messages::event::EventKind};

/// Something that was corrected, looks unusual, or happened. Its text contains no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    code: &'static str,
    level: Level,
    text: String,
}

impl Event {
    /// The stable code: its level and upper case, the same in all languages.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// How much it matters to whoever reads a log.
    pub fn level(&self) -> Level {
        self.level
    }
}

impl From<EventKind<'_>> for Event {
    fn from(note: EventKind<'_>) -> Self {
        Self { code: note.code(), level: note.level(), text: note.to_string() }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Hears of what happens, at once and on the thread where it happens.
pub type Listener = fn(Event);

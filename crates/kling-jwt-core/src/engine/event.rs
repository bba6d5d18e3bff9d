//! An event, as a host passes it to a program.

use alloc::string::{String, ToString};
use core::fmt;

use crate::{Level, messages::event::EventKind};

/// Something that happened, or that somebody should look at. Its text contains no secret.
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

    /// How important it is.
    pub fn level(&self) -> Level {
        self.level
    }
}

impl From<EventKind<'_>> for Event {
    fn from(kind: EventKind<'_>) -> Self {
        Self { code: kind.code(), level: kind.level(), text: kind.to_string() }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A function that receives each event at once, on the thread that emits it.
pub type Listener = fn(Event);

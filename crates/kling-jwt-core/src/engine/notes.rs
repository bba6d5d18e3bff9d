//! What there is to tell: told to a listener at once, or kept until somebody takes it.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use crate::{
    engine::host::{Cell, Host},
    messages::event::{Level, Note as Told},
};

/// How many warnings are kept for somebody to take.
const MAX_KEPT: usize = 32;

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

#[derive(Debug)]
pub(super) struct Notes<H: Host> {
    listener: Option<Listener>,
    /// Nothing while there is nothing to tell: that is for nearly all, and always.
    kept: H::Cell<Vec<Note>>,
}

impl<H: Host> Notes<H> {
    pub(super) fn new(listener: Option<Listener>) -> Self {
        Self { listener, kept: H::Cell::new(None) }
    }

    /// Tells of something, if anybody wants to hear of it: a text is made only then.
    pub(super) fn tell(&self, note: Told<'_>) {
        if H::HEARS || self.listener.is_some() || note.level() == Level::Warning {
            self.keep(Vec::from([note.into()]));
        }
    }

    /// Tells a listener of notes, or keeps the warnings among them until they are taken, each once.
    /// Those that nobody takes do not pile up.
    pub(super) fn keep(&self, notes: Vec<Note>) {
        notes.iter().for_each(H::hear);
        if let Some(listener) = self.listener {
            return notes.into_iter().for_each(listener);
        }
        let warnings = notes.iter().filter(|note| note.level() == Level::Warning);
        if warnings.clone().next().is_none() {
            return;
        }
        self.kept.update(|kept| {
            let mut all = kept.cloned().unwrap_or_default();
            let held = all.len();
            for note in warnings.clone() {
                if all.len() < MAX_KEPT && !all.iter().take(held).any(|one| one == note) {
                    all.push(note.clone());
                }
            }
            Some(all)
        });
    }

    pub(super) fn take(&self) -> Vec<Note> {
        if self.kept.read(|kept| kept.is_none()) {
            return Vec::new();
        }
        self.kept.swap(None).map(|kept| kept.to_vec()).unwrap_or_default()
    }
}

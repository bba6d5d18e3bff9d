//! What there is to tell: told to a listener at once, or kept until somebody takes it.

use alloc::vec::Vec;

use crate::{
    Level,
    engine::{
        host::{Cell, Host},
        note::{Listener, Note},
    },
    messages::event::Note as Told,
};

/// How many warnings are kept for somebody to take.
const MAX_KEPT: usize = 32;

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
        if H::HEARS || self.listener.is_some() || is_to_be_kept::<H>(note.level()) {
            self.keep(Vec::from([note.into()]));
        }
    }

    /// Tells a listener of notes, or keeps them until they are taken, each once.
    /// Those that nobody takes do not pile up.
    pub(super) fn keep(&self, notes: Vec<Note>) {
        notes.iter().for_each(H::hear);
        if let Some(listener) = self.listener {
            return notes.into_iter().for_each(listener);
        }
        let new = notes.iter().filter(|note| is_to_be_kept::<H>(note.level()));
        if new.clone().next().is_none() {
            return;
        }
        self.kept.update(|kept| {
            let mut all = kept.cloned().unwrap_or_default();
            let held = all.len();
            for note in new.clone() {
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

fn is_to_be_kept<H: Host>(level: Level) -> bool {
    H::KEEPS_ALL || level == Level::Warning
}

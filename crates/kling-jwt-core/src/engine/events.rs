//! Events: passed to a listener at once, or pending until a host takes them.

use alloc::vec::Vec;

use crate::{
    Level,
    engine::{
        event::{Event, Listener},
        host::{Cell, Host},
    },
    messages::event::EventKind,
};

/// How many warnings are pending for somebody to take.
const MAX_PENDING: usize = 32;

#[derive(Debug)]
pub(super) struct Events<H: Host> {
    listener: Option<Listener>,
    /// `None` while there is nothing, which is nearly always.
    pending: H::Cell<Vec<Event>>,
}

impl<H: Host> Events<H> {
    pub(super) fn new(listener: Option<Listener>) -> Self {
        Self { listener, pending: H::Cell::new(None) }
    }

    /// Emits an event. Its text is made only if somebody listens.
    pub(super) fn emit(&self, note: EventKind<'_>) {
        if H::LISTENS || self.listener.is_some() || is_pending::<H>(note.level()) {
            self.emit_all(Vec::from([note.into()]));
        }
    }

    /// Passes events to the listener, or keeps each of them once until they are taken.
    /// Those that nobody takes do not pile up.
    pub(super) fn emit_all(&self, events: Vec<Event>) {
        events.iter().for_each(H::on_event);
        if let Some(listener) = self.listener {
            return events.into_iter().for_each(listener);
        }
        let new = events.iter().filter(|note| is_pending::<H>(note.level()));
        if new.clone().next().is_none() {
            return;
        }
        self.pending.update(|pending| {
            let mut all = pending.cloned().unwrap_or_default();
            let generation = all.len();
            for note in new.clone() {
                if all.len() < MAX_PENDING && !all.iter().take(generation).any(|one| one == note) {
                    all.push(note.clone());
                }
            }
            Some(all)
        });
    }

    pub(super) fn take(&self) -> Vec<Event> {
        if self.pending.read(|pending| pending.is_none()) {
            return Vec::new();
        }
        self.pending.swap(None).map(|pending| pending.to_vec()).unwrap_or_default()
    }
}

fn is_pending<H: Host>(level: Level) -> bool {
    H::KEEPS_ALL_EVENTS || level == Level::Warning
}

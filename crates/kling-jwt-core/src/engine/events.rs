//! Emits events: to a listener at once, or to a list from which the host takes them.

use alloc::vec::Vec;

use crate::{
    Level,
    engine::{
        event::{Event, Listener},
        host::{Cell, Host},
    },
    messages::event::EventKind,
};

/// How many events are pending at most.
const MAX_PENDING: usize = 32;

#[derive(Debug)]
pub(super) struct Events<H: Host> {
    listener: Option<Listener>,
    /// `None` if no event is pending, which is nearly always.
    pending: H::Cell<Vec<Event>>,
}

impl<H: Host> Events<H> {
    pub(super) fn new(listener: Option<Listener>) -> Self {
        Self { listener, pending: H::Cell::new(None) }
    }

    /// Emits an event. Its text is formatted only if a listener, the host or the list receives it.
    pub(super) fn emit(&self, kind: EventKind<'_>) {
        if H::LISTENS || self.listener.is_some() || is_kept::<H>(kind.level()) {
            self.emit_all(Vec::from([kind.into()]));
        }
    }

    /// Passes events to the listener, or adds them to the pending ones. The same event is added
    /// once, and at most [`MAX_PENDING`] are kept, in case nobody takes them.
    pub(super) fn emit_all(&self, events: Vec<Event>) {
        events.iter().for_each(H::on_event);
        if let Some(listener) = self.listener {
            return events.into_iter().for_each(listener);
        }
        let new = events.iter().filter(|event| is_kept::<H>(event.level()));
        if new.clone().next().is_none() {
            return;
        }
        self.pending.update(|pending| {
            let mut all = pending.cloned().unwrap_or_default();
            let len_before = all.len();
            for event in new.clone() {
                if all.len() < MAX_PENDING && !all.iter().take(len_before).any(|one| one == event) {
                    all.push(event.clone());
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

fn is_kept<H: Host>(level: Level) -> bool {
    H::KEEPS_ALL_EVENTS || level == Level::Warning
}

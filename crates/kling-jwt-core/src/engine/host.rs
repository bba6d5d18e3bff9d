//! What a host brings: how its threads share what changes, and where its credentials come from.

use alloc::sync::Arc;
use core::fmt::{Debug, Display};

use crate::engine::event::Event;

/// A host of the engine.
pub trait Host: Debug {
    /// Where credentials come from.
    type CredentialSource: CredentialSource;
    /// A number that threads change.
    type Word: Word;
    /// A value that threads replace whole.
    type Cell<T: Debug>: Cell<T>;

    /// Whether [`on_event`](Self::on_event) does anything: an event is made only if somebody listens.
    const LISTENS: bool = false;

    /// Whether all events stay pending until they are taken, and not the warnings alone.
    const KEEPS_ALL_EVENTS: bool = false;

    /// Hears every note.
    fn on_event(_: &Event) {}
}

/// Where credentials come from. Its `Display` is for people.
pub trait CredentialSource: Clone + Debug + Display {
    /// The stable name.
    fn kind(&self) -> &'static str;

    /// The name of an API key that stands beside these credentials and is not used.
    fn unused_api_key(&self) -> Option<&'static str>;

    /// Whether there is a place to look again, rather than the caller's hand.
    fn can_reload(&self) -> bool;

    /// Whether the credentials came from files, which may change.
    fn has_files(&self) -> bool {
        false
    }
}

/// A number that threads change.
pub trait Word: Debug {
    /// One with this value.
    fn new(value: u64) -> Self;

    /// Its value.
    fn load(&self) -> u64;

    /// Takes another value if it still has this one.
    fn replace(&self, current: u64, new: u64) -> bool;

    /// Takes what a function makes of its value, which may be asked more than once, and returns the
    /// value before.
    fn update(&self, mut change: impl FnMut(u64) -> u64) -> u64 {
        loop {
            let current = self.load();
            let new = change(current);
            if new == current || self.replace(current, new) {
                return current;
            }
        }
    }
}

/// A value that threads replace whole, or nothing.
pub trait Cell<T>: Debug {
    /// One with this value.
    fn new(value: Option<T>) -> Self;

    /// Lends its value.
    fn read<R>(&self, read: impl FnOnce(Option<&T>) -> R) -> R;

    /// Takes what a function makes of its value, which may be asked more than once. Nothing changes
    /// where that is `None`. Returns the value before.
    fn update(&self, change: impl FnMut(Option<&T>) -> Option<T>) -> Option<Arc<T>>;

    /// Takes another value, and returns the one before.
    fn swap(&self, new: Option<T>) -> Option<Arc<T>>;
}

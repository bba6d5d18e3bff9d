//! What a host provides: values that its threads share, and the source of its credentials.

use alloc::sync::Arc;
use core::fmt::{Debug, Display};

use crate::engine::event::Event;

/// A host of the engine, such as Rust with std, or Python.
pub trait Host: Debug {
    /// Where credentials come from.
    type CredentialSource: CredentialSource;
    /// A number that threads share.
    type Word: Word;
    /// A value that threads share.
    type Cell<T: Debug>: Cell<T>;

    /// Whether [`on_event`](Self::on_event) does anything. If not, no event is formatted for it.
    const LISTENS: bool = false;

    /// Whether all events are kept until they are taken, not only warnings.
    const KEEPS_ALL_EVENTS: bool = false;

    /// Receives every event.
    fn on_event(_: &Event) {}
}

/// Where credentials come from. Its `Display` is for messages.
pub trait CredentialSource: Clone + Debug + Display {
    /// The stable name.
    fn kind(&self) -> &'static str;

    /// The name of an API key that was found with these credentials, but is not used.
    fn unused_api_key(&self) -> Option<&'static str>;

    /// Whether the credentials can be read again; not if the caller passed them as arguments.
    fn can_reload(&self) -> bool;

    /// Whether the credentials came from files, which may change.
    fn has_files(&self) -> bool {
        false
    }
}

/// A number that threads share, such as an `AtomicU64`.
pub trait Word: Debug {
    /// Makes a word with this value.
    fn new(value: u64) -> Self;

    /// The value.
    fn load(&self) -> u64;

    /// Replaces the value if it still is `current`, and returns whether it did.
    fn replace(&self, current: u64, new: u64) -> bool;

    /// Replaces the value by what `change` returns for it, and returns the value before. `change`
    /// may be called more than once.
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

/// An optional value that threads share, and replace as a whole.
pub trait Cell<T>: Debug {
    /// Makes a cell with this value.
    fn new(value: Option<T>) -> Self;

    /// Calls `read` with the value.
    fn read<R>(&self, read: impl FnOnce(Option<&T>) -> R) -> R;

    /// Replaces the value by what `change` returns for it, unless that is `None`, and returns the
    /// value before. `change` may be called more than once.
    fn update(&self, change: impl FnMut(Option<&T>) -> Option<T>) -> Option<Arc<T>>;

    /// Replaces the value, and returns the one before.
    fn swap(&self, new: Option<T>) -> Option<Arc<T>>;
}

//! What threads share: a word, and pointers that are exchanged whole. Reading takes no lock, so that
//! nobody ever waits, and a fork or a killed thread leaves no lock behind.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwapOption;
use kling_jwt_core::engine::{Cell, Event, Host, Word};

use crate::sources::Source;

/// A process with threads.
#[derive(Debug)]
pub struct Process;

impl Host for Process {
    type CredentialSource = Source;
    type Word = Shared;
    type Cell<T: std::fmt::Debug> = Pointer<T>;

    const LISTENS: bool = cfg!(feature = "tracing");

    fn on_event(note: &Event) {
        #[cfg(feature = "tracing")]
        trace(note);
        #[cfg(not(feature = "tracing"))]
        let _ = note;
    }
}

/// Passes a note on to `tracing`, whose levels are constants.
#[cfg(feature = "tracing")]
fn trace(note: &Event) {
    use kling_jwt_core::Level;
    let code = note.code();
    match note.level() {
        Level::Debug => tracing::debug!(target: "kling_auth", code, "{note}"),
        Level::Info => tracing::info!(target: "kling_auth", code, "{note}"),
        _ => tracing::warn!(target: "kling_auth", code, "{note}"),
    }
}

/// An atomic word.
#[derive(Debug)]
pub struct Shared(AtomicU64);

impl Word for Shared {
    fn new(value: u64) -> Self {
        Self(AtomicU64::new(value))
    }

    fn load(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    fn replace(&self, current: u64, new: u64) -> bool {
        self.0.compare_exchange(current, new, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

/// An atomic pointer.
#[derive(Debug)]
pub struct Pointer<T>(ArcSwapOption<T>);

impl<T: std::fmt::Debug> Cell<T> for Pointer<T> {
    fn new(value: Option<T>) -> Self {
        Self(ArcSwapOption::from_pointee(value))
    }

    fn read<R>(&self, read: impl FnOnce(Option<&T>) -> R) -> R {
        read(self.0.load().as_deref())
    }

    fn update(&self, mut change: impl FnMut(Option<&T>) -> Option<T>) -> Option<Arc<T>> {
        self.0.rcu(|generation| match change(generation.as_deref()) {
            Some(new) => Some(Arc::new(new)),
            None => generation.clone(),
        })
    }

    fn swap(&self, new: Option<T>) -> Option<Arc<T>> {
        self.0.swap(new.map(Arc::new))
    }
}

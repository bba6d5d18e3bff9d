//! The state that threads share: an atomic number, and pointers that are replaced atomically.
//!
//! There is no lock, so no thread waits, and neither a fork nor a killed thread leaves one locked.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwapOption;
use kling_jwt_core::engine::{Cell, Event, Host, Word};

use crate::sources::Source;

/// The engine's host: a process with threads.
#[derive(Debug)]
pub struct Process;

impl Host for Process {
    type CredentialSource = Source;
    type Word = Shared;
    type Cell<T: std::fmt::Debug> = Pointer<T>;

    const LISTENS: bool = cfg!(feature = "tracing");

    fn on_event(event: &Event) {
        #[cfg(feature = "tracing")]
        trace(event);
        #[cfg(not(feature = "tracing"))]
        let _ = event;
    }
}

/// Passes an event to `tracing`, whose macros need the level at compile time.
#[cfg(feature = "tracing")]
fn trace(event: &Event) {
    use kling_jwt_core::Level;
    let code = event.code();
    match event.level() {
        Level::Debug => tracing::debug!(target: "kling_auth", code, "{event}"),
        Level::Info => tracing::info!(target: "kling_auth", code, "{event}"),
        _ => tracing::warn!(target: "kling_auth", code, "{event}"),
    }
}

/// An atomic number.
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
        self.0.rcu(|current| match change(current.as_deref()) {
            Some(new) => Some(Arc::new(new)),
            None => current.clone(),
        })
    }

    fn swap(&self, new: Option<T>) -> Option<Arc<T>> {
        self.0.swap(new.map(Arc::new))
    }
}

//! A Python object that is handed out again as long as it is what a reader would be given anew.
//!
//! The current token changes every half hour and is read with each request. To sign it again and to
//! make its `str` takes ten times as long as to read what is kept (580 and 60 ns, medians of 31 runs
//! in turn), so the `str` is kept, with the engine's stamp of its token and the seconds in which it
//! may be used. A rotation, a refresh or a corrected clock changes the stamp, so a reader that begins
//! afterwards cannot be given the token from before.
//!
//! Nobody ever waits here: where another thread is at the object, the reader makes its own.

use std::ops::Range;

use kling_auth::bindings::Stamp;
use pyo3::prelude::*;
use spin::mutex::SpinMutex;

/// The place of one object. Nobody spins: it is taken by `try_lock` alone. A fork in the middle costs
/// the child this short way, no more.
pub(crate) struct Kept<T>(SpinMutex<Option<Made<T>>>);

/// An object, and for how long it may be used.
pub(crate) struct Made<T> {
    pub(crate) object: Py<T>,
    pub(crate) stamp: Stamp,
    /// In Unix seconds.
    pub(crate) fresh: Range<u64>,
}

impl<T> Kept<T> {
    pub(crate) const fn new() -> Self {
        Self(SpinMutex::new(None))
    }

    /// The kept object, if it is of this stamp and may be used at `now` (Unix seconds).
    pub(crate) fn read<'py>(
        &self,
        py: Python<'py>,
        stamp: Stamp,
        now: u64,
    ) -> Option<Bound<'py, T>> {
        let kept = self.0.try_lock()?;
        let kept = kept.as_ref()?;
        (kept.stamp == stamp && kept.fresh.contains(&now))
            .then(|| kept.object.clone_ref(py).into_bound(py))
    }

    pub(crate) fn keep(&self, made: Made<T>) {
        let replaced = match self.0.try_lock() {
            Some(mut kept) => kept.replace(made),
            None => None,
        };
        // Only now, out of the lock: who knows what a destructor does.
        drop(replaced);
    }
}

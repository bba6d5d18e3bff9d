//! A Python object that is handed out again as long as it is what a reader would be given anew.
//!
//! The current token changes every half hour and is read with each request. To sign it again and to
//! make its `str` takes ten times as long as to read what is cached (580 and 60 ns, medians of 31 runs
//! in turn), so the `str` is cached, with the engine's version of its token and the seconds in which it
//! may be used. A rotation, a refresh or a corrected clock changes the version, so a reader that begins
//! afterwards cannot be given the token from before.
//!
//! Nobody ever waits here: where another thread is at the object, the reader makes its own.

use std::ops::Range;

use kling_auth::bindings::TokenVersion;
use pyo3::prelude::*;
use spin::mutex::SpinMutex;

/// The place of one object. Nobody spins: it is taken by `try_lock` alone. A fork in the middle costs
/// the child this short way, no more.
pub(crate) struct CachedObject<T>(SpinMutex<Option<Made<T>>>);

/// An object, and for how long it may be used.
pub(crate) struct Made<T> {
    pub(crate) object: Py<T>,
    pub(crate) token_version: TokenVersion,
    /// In Unix seconds.
    pub(crate) fresh: Range<u64>,
}

impl<T> CachedObject<T> {
    pub(crate) const fn new() -> Self {
        Self(SpinMutex::new(None))
    }

    /// The cached object, if it is of this version and may be used at `now` (Unix seconds).
    pub(crate) fn read<'py>(
        &self,
        py: Python<'py>,
        token_version: TokenVersion,
        now: u64,
    ) -> Option<Bound<'py, T>> {
        let cached = self.0.try_lock()?;
        let cached = cached.as_ref()?;
        (cached.token_version == token_version && cached.fresh.contains(&now))
            .then(|| cached.object.clone_ref(py).into_bound(py))
    }

    pub(crate) fn keep(&self, made: Made<T>) {
        let replaced = match self.0.try_lock() {
            Some(mut cached) => cached.replace(made),
            None => None,
        };
        // Only now, out of the lock: who knows what a destructor does.
        drop(replaced);
    }
}

//! A Python object that is handed out again as long as it is what a reader would be given anew.
//!
//! The current token changes every half hour and is read with each request. To make its `str` each
//! time costs more than all the rest of the reading, so the `str` is kept beside the native token,
//! with the seconds in which it may be used.
//!
//! Nobody ever waits here: where another thread is at the object, the reader makes its own. What is
//! kept is known by a number, which changes with every change of the token. Whoever makes an
//! object reads the number first, and what was made by an old number is never handed out again: a
//! reader that begins after `rotate()` has returned cannot be given the token from before.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use pyo3::prelude::*;
use spin::mutex::SpinMutex;

/// The place of one object.
pub(crate) struct Kept<T> {
    number: AtomicU64,
    /// Nobody spins: it is taken by `try_lock` alone. A fork in the middle costs the child this
    /// short way, no more.
    made: SpinMutex<Option<Made<T>>>,
}

struct Made<T> {
    object: Py<T>,
    number: u64,
    /// In Unix seconds.
    fresh: Range<u64>,
}

impl<T> Kept<T> {
    pub(crate) const fn new() -> Self {
        Self { number: AtomicU64::new(0), made: SpinMutex::new(None) }
    }

    /// Hands out nothing any more that was made before. To be called when the token has changed.
    pub(crate) fn retire(&self) {
        self.number.fetch_add(1, Ordering::AcqRel);
    }

    /// The kept object, if it may be used at `now` (Unix seconds).
    pub(crate) fn read<'py>(&self, py: Python<'py>, now: u64) -> Option<Bound<'py, T>> {
        let number = self.number.load(Ordering::Acquire);
        let kept = self.made.try_lock()?;
        let kept = kept.as_ref()?;
        (kept.number == number && kept.fresh.contains(&now))
            .then(|| kept.object.clone_ref(py).into_bound(py))
    }

    /// The object for `now` (Unix seconds): the kept one, or one made with the seconds in which it
    /// may be used.
    pub(crate) fn at<'py>(
        &self,
        py: Python<'py>,
        now: u64,
        make: impl FnOnce() -> PyResult<(Bound<'py, T>, Range<u64>)>,
    ) -> PyResult<Bound<'py, T>> {
        let number = self.number.load(Ordering::Acquire);
        if let Some(kept) = self.read(py, now) {
            return Ok(kept);
        }
        let (object, fresh) = make()?;
        self.keep(&object, number, fresh);
        Ok(object)
    }

    /// Keeps what was made by a number. The first to come back with it takes the next number for
    /// its object; whoever comes later may have seen another token, and retires that object.
    fn keep(&self, object: &Bound<'_, T>, number: u64, fresh: Range<u64>) {
        let next = number.wrapping_add(1);
        if self.number.compare_exchange(number, next, Ordering::AcqRel, Ordering::Relaxed).is_err()
        {
            return self.retire();
        }
        let made = Made { object: object.clone().unbind(), number: next, fresh };
        let replaced = match self.made.try_lock() {
            Some(mut kept) => kept.replace(made),
            None => None,
        };
        // Only now, out of the lock: who knows what a destructor does.
        drop(replaced);
    }
}

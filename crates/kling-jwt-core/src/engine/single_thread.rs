//! What one thread shares with itself: plain cells, for WebAssembly.

use alloc::sync::Arc;
use core::{
    cell::{Cell as Number, RefCell},
    fmt::Debug,
};

use crate::engine::host::{Cell, Word};

/// A number.
#[derive(Debug)]
pub struct LocalWord(Number<u64>);

impl Word for LocalWord {
    fn new(value: u64) -> Self {
        Self(Number::new(value))
    }

    fn load(&self) -> u64 {
        self.0.get()
    }

    fn replace(&self, _: u64, new: u64) -> bool {
        self.0.set(new);
        true
    }
}

/// An optional value.
#[derive(Debug)]
pub struct LocalCell<T>(RefCell<Option<Arc<T>>>);

impl<T: Debug> Cell<T> for LocalCell<T> {
    fn new(value: Option<T>) -> Self {
        Self(RefCell::new(value.map(Arc::new)))
    }

    fn read<R>(&self, read: impl FnOnce(Option<&T>) -> R) -> R {
        read(self.0.borrow().as_deref())
    }

    fn update(&self, mut change: impl FnMut(Option<&T>) -> Option<T>) -> Option<Arc<T>> {
        let changed = self.read(&mut change);
        match changed {
            Some(new) => self.swap(Some(new)),
            None => self.0.borrow().clone(),
        }
    }

    fn swap(&self, new: Option<T>) -> Option<Arc<T>> {
        self.0.replace(new.map(Arc::new))
    }
}

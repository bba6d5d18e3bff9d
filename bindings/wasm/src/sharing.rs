//! The engine's shared state: plain cells, because an isolate has one thread.

use alloc::sync::Arc;
use core::{
    cell::{Cell as Number, RefCell},
    fmt::Debug,
};

use kling_jwt_core::engine::{Cell, Host, Word};

use crate::credentials::Source;

/// An isolate of JavaScript, as host of the engine.
#[derive(Debug)]
pub(crate) struct Isolate;

impl Host for Isolate {
    type CredentialSource = Source;
    type Word = IsolateWord;
    type Cell<T: Debug> = IsolateCell<T>;

    /// JavaScript takes the events after each call, and decides which ones it emits.
    const KEEPS_ALL_EVENTS: bool = true;
}

#[derive(Debug)]
pub(crate) struct IsolateWord(Number<u64>);

impl Word for IsolateWord {
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

#[derive(Debug)]
pub(crate) struct IsolateCell<T>(RefCell<Option<Arc<T>>>);

impl<T: Debug> Cell<T> for IsolateCell<T> {
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

//! As much of arc-swap as kling-auth uses, with a lock of loom's inside: at each operation loom
//! decides which thread goes on, and tries the others in turn.
//!
//! So kling-auth is built as it ships, without a word of loom in it, and what is tried is the
//! protocol that it builds of these operations. That each of them is atomic is arc-swap's own
//! promise. Loom rather than shuttle: it tries every order, and these are few.

use std::sync::Arc;

use loom::sync::Mutex;

/// A pointer that is exchanged whole.
#[derive(Debug)]
pub struct ArcSwapAny<T>(Mutex<T>);

/// One that always points to something.
pub type ArcSwap<T> = ArcSwapAny<Arc<T>>;
/// One that may point to nothing.
pub type ArcSwapOption<T> = ArcSwapAny<Option<Arc<T>>>;

/// What can be told from another by where it is.
pub trait Pointer: Clone {
    /// Where it is.
    fn address(&self) -> *const ();
}

impl<T> Pointer for Arc<T> {
    fn address(&self) -> *const () {
        Arc::as_ptr(self).cast()
    }
}

impl<T> Pointer for Option<Arc<T>> {
    fn address(&self) -> *const () {
        self.as_ref().map_or(std::ptr::null(), Pointer::address)
    }
}

impl<T> ArcSwap<T> {
    /// Points to `value`.
    pub fn from_pointee(value: T) -> Self {
        Self(Mutex::new(Arc::new(value)))
    }
}

impl<T> ArcSwapOption<T> {
    /// Points to `value`, if there is one.
    pub fn from_pointee(value: impl Into<Option<T>>) -> Self {
        Self(Mutex::new(value.into().map(Arc::new)))
    }

    /// Points to nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Pointer> ArcSwapAny<T> {
    fn with<R>(&self, then: impl FnOnce(&mut T) -> R) -> R {
        then(&mut self.0.lock().expect("nobody panics while holding it"))
    }

    /// What it points to.
    pub fn load(&self) -> T {
        self.with(|held| held.clone())
    }

    /// Points to another.
    pub fn store(&self, new: T) {
        drop(self.swap(new));
    }

    /// Points to another, and returns the one before.
    pub fn swap(&self, new: T) -> T {
        self.with(|held| std::mem::replace(held, new))
    }

    /// Points to another if it points to `current`, and returns the one before.
    pub fn compare_and_swap(&self, current: &T, new: T) -> T {
        self.with(|held| {
            if held.address() == current.address() {
                std::mem::replace(held, new)
            } else {
                held.clone()
            }
        })
    }

    /// Points to what `change` makes of the one before, which it may be asked for more than once.
    pub fn rcu<R: Into<T>>(&self, mut change: impl FnMut(&T) -> R) -> T {
        let mut current = self.load();
        loop {
            let before = self.compare_and_swap(&current, change(&current).into());
            if before.address() == current.address() {
                return before;
            }
            current = before;
        }
    }
}

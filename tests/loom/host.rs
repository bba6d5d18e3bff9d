//! A host of the engine with loom's threads: at each operation on shared state, loom chooses which
//! thread continues, and later tries the others.
//!
//! The engine itself is the released code, without loom in it. The models check its protocol over
//! these operations; that each operation is atomic is guaranteed by the host (arc-swap and the
//! processor). Loom and not shuttle, because it tries every order, and there are few.

use std::{
    fmt::{self, Debug, Display},
    sync::Arc,
};

use kling_jwt_core::engine::{Cell, CredentialSource, Host, Word};
use loom::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering::SeqCst},
};

/// A process under loom.
#[derive(Debug)]
pub(crate) struct Loom;

impl Host for Loom {
    type CredentialSource = Caller;
    type Word = Permuted;
    type Cell<T: Debug> = Exchanged<T>;
}

/// Explicit credentials, as far as the engine needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Caller;

impl CredentialSource for Caller {
    fn kind(&self) -> &'static str {
        "arguments"
    }

    fn unused_api_key(&self) -> Option<&'static str> {
        None
    }

    fn can_reload(&self) -> bool {
        false
    }
}

impl Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

#[derive(Debug)]
pub(crate) struct Permuted(AtomicU64);

impl Word for Permuted {
    fn new(value: u64) -> Self {
        Self(AtomicU64::new(value))
    }

    fn load(&self) -> u64 {
        self.0.load(SeqCst)
    }

    fn replace(&self, current: u64, new: u64) -> bool {
        self.0.compare_exchange(current, new, SeqCst, SeqCst).is_ok()
    }
}

/// A pointer that is exchanged atomically, with one of loom's locks.
#[derive(Debug)]
pub(crate) struct Exchanged<T>(Mutex<Option<Arc<T>>>);

impl<T> Exchanged<T> {
    fn load(&self) -> Option<Arc<T>> {
        self.with(|held| held.clone())
    }

    fn with<R>(&self, then: impl FnOnce(&mut Option<Arc<T>>) -> R) -> R {
        then(&mut self.0.lock().expect("no thread panics while holding the lock"))
    }
}

impl<T: Debug> Cell<T> for Exchanged<T> {
    fn new(value: Option<T>) -> Self {
        Self(Mutex::new(value.map(Arc::new)))
    }

    fn read<R>(&self, read: impl FnOnce(Option<&T>) -> R) -> R {
        read(self.load().as_deref())
    }

    fn update(&self, mut change: impl FnMut(Option<&T>) -> Option<T>) -> Option<Arc<T>> {
        let address = |held: &Option<Arc<T>>| held.as_ref().map(Arc::as_ptr);
        loop {
            let before = self.load();
            let Some(new) = change(before.as_deref()) else { return before };
            let is_still = self.with(|held| {
                let is_still = address(held) == address(&before);
                if is_still {
                    *held = Some(Arc::new(new));
                }
                is_still
            });
            if is_still {
                return before;
            }
        }
    }

    fn swap(&self, new: Option<T>) -> Option<Arc<T>> {
        self.with(|held| std::mem::replace(held, new.map(Arc::new)))
    }
}

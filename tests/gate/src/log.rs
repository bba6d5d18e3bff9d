//! The requests seen at the front door, so that a test can ask what was really sent.
//!
//! Neither a token nor a query string is kept, and the list is bounded.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};

/// How many requests are kept; older ones are forgotten.
const CAPACITY: usize = 1000;

/// One request and what came of it.
#[derive(Serialize)]
pub(crate) struct Entry {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) code: u16,
    /// `jwt`, `api_key` or `none`.
    pub(crate) scheme: &'static str,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, status, code, scheme } = self;
        write!(f, "{method} {path} {status} {code} {scheme}")
    }
}

/// The latest requests, oldest first.
#[derive(Default)]
pub(crate) struct Log(Mutex<VecDeque<Entry>>);

impl Log {
    pub(crate) fn push(&self, entry: Entry) {
        let mut entries = self.entries();
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    pub(crate) fn to_json(&self) -> Value {
        json!(*self.entries())
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        // No change to the list can be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

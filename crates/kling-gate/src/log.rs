//! The requests received, so that a test can check what was sent.
//!
//! Tokens and query strings are not stored, and the list is bounded. Bearers are numbered in the
//! order in which they first arrived, so that a test sees whether a request was repeated
//! with the same token or with a new one.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};

/// How many requests are stored; older ones are dropped, together with their bearers.
const CAPACITY: usize = 10_000;

/// One request and its answer.
#[derive(Serialize)]
pub(crate) struct Entry {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    /// `None` for a scripted body without a code.
    pub(crate) code: Option<u16>,
    /// `jwt`, `api_key` or `none`.
    pub(crate) scheme: &'static str,
}

/// The latest requests, oldest first.
#[derive(Default)]
pub(crate) struct Log {
    entries: Mutex<Entries>,
    /// Keyed per process, so that a hash reveals nothing about the bearer.
    hasher: RandomState,
}

#[derive(Default)]
struct Entries {
    list: VecDeque<Numbered>,
    /// How many distinct bearers there were.
    bearers: u64,
}

#[derive(Serialize)]
struct Numbered {
    #[serde(flatten)]
    entry: Entry,
    #[serde(rename = "bearer")]
    number: Option<u64>,
    #[serde(skip)]
    hash: Option<u64>,
}

impl Log {
    pub(crate) fn push(&self, entry: Entry, bearer: Option<&str>) {
        let hash = bearer.map(|bearer| self.hasher.hash_one(bearer));
        let mut entries = self.entries();
        let number = hash.map(|hash| entries.number(hash));
        if entries.list.len() == CAPACITY {
            entries.list.pop_front();
        }
        entries.list.push_back(Numbered { entry, number, hash });
    }

    /// Removes all entries and restarts the numbers of bearers.
    pub(crate) fn clear(&self) {
        *self.entries() = Entries::default();
    }

    pub(crate) fn to_json(&self) -> Value {
        json!(self.entries().list)
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // The list is consistent even after a panic.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn number(&mut self, hash: u64) -> u64 {
        // From the latest: a repeated bearer was usually sent recently.
        let seen = self.list.iter().rev().find(|numbered| numbered.hash == Some(hash));
        seen.and_then(|numbered| numbered.number).unwrap_or_else(|| {
            self.bearers += 1;
            self.bearers
        })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, status, code, scheme } = self;
        let code = code.map_or_else(|| "-".to_owned(), |code| code.to_string());
        write!(f, "{method} {path} {status} {code} {scheme}")
    }
}

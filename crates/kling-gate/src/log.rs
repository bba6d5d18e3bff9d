//! The requests received, so that a test can check what was sent.
//!
//! Tokens and query strings are not stored, and the list is bounded. Bearers are numbered in the
//! order in which they first arrived, so that a test sees whether a request was repeated
//! with the same token or with a new one.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;

/// How many requests are stored; older ones are dropped, together with their bearers.
const CAPACITY: usize = 10_000;
/// In bytes: a longer body, such as one with a picture, is not stored.
const MAX_BODY: usize = 64 * 1024;
/// In bytes: how long the bodies of stored requests are in all.
const MAX_BODIES: usize = 64 * 1024 * 1024;

/// A request that the gate received, and its answer. Its bearer and its query are not kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Received {
    /// `GET`, `POST`, …
    pub method: String,
    /// Without the query, which may have a secret.
    pub path: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Kling's code in the answer; `None` for a scripted body without a code.
    pub code: Option<u16>,
    /// `jwt`, `api_key` or `none`.
    pub scheme: &'static str,
    /// The number of its bearer, in the order in which they first arrived, from 1.
    pub bearer: Option<u64>,
    /// When it arrived, in Unix seconds of the gate's clock.
    pub time: u64,
    /// Its body; `None` if that was not JSON, or longer than 64 KiB.
    pub body: Option<Value>,
}

/// The latest requests, oldest first.
#[derive(Default)]
pub(crate) struct Log {
    entries: Mutex<Entries>,
    /// Keyed per process, so that a hash reveals nothing about the bearer.
    hasher: RandomState,
}

struct Entry {
    /// Without its body.
    received: Received,
    /// As it arrived: parsed, it would be many times as long.
    body: Box<[u8]>,
    /// The hash of its bearer.
    bearer: Option<u64>,
}

#[derive(Default)]
struct Entries {
    list: VecDeque<Entry>,
    /// How long their bodies are in all.
    bodies: usize,
    /// By the hash of a bearer: its number, and how many requests in `list` have it.
    bearers: HashMap<u64, (u64, usize)>,
    /// How many distinct bearers there were.
    distinct: u64,
}

impl Log {
    /// `received` has no body and no number of a bearer yet.
    pub(crate) fn push(&self, mut received: Received, body: &[u8], bearer: Option<&str>) {
        let bearer = bearer.map(|bearer| self.hasher.hash_one(bearer));
        let body: Box<[u8]> = if body.len() > MAX_BODY { Box::default() } else { body.into() };
        let mut entries = self.entries();
        while entries.list.len() == CAPACITY || entries.bodies + body.len() > MAX_BODIES {
            entries.drop_oldest();
        }
        received.bearer = bearer.map(|hash| entries.number(hash));
        entries.bodies += body.len();
        entries.list.push_back(Entry { received, body, bearer });
    }

    /// Removes all entries and restarts the numbers of bearers.
    pub(crate) fn clear(&self) {
        *self.entries() = Entries::default();
    }

    pub(crate) fn list(&self) -> Vec<Received> {
        self.entries().list.iter().map(Entry::to_received).collect()
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // The list is consistent even after a panic.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn number(&mut self, hash: u64) -> u64 {
        let (number, uses) = self.bearers.entry(hash).or_insert_with(|| {
            self.distinct += 1;
            (self.distinct, 0)
        });
        *uses += 1;
        *number
    }

    fn drop_oldest(&mut self) {
        let Some(Entry { body, bearer, .. }) = self.list.pop_front() else { return };
        self.bodies -= body.len();
        let Some(hash) = bearer else { return };
        if let Some((_, uses)) = self.bearers.get_mut(&hash) {
            *uses -= 1;
            if *uses == 0 {
                self.bearers.remove(&hash);
            }
        }
    }
}

impl Entry {
    fn to_received(&self) -> Received {
        let body = serde_json::from_slice(&self.body).ok();
        Received { body, ..self.received.clone() }
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, status, code, scheme, .. } = self;
        let code = code.map_or_else(|| "-".to_owned(), |code| code.to_string());
        write!(f, "{method} {path} {status} {code} {scheme}")
    }
}

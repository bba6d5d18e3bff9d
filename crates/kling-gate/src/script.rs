//! The script: answers that a test prepares, each for one request.
//!
//! Each request takes the next entry. If the entry is `null`, or after the last one, the gate
//! answers by itself.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::answer::Answer;

/// The entries that are left, the next one first.
#[derive(Default)]
pub(crate) struct Script(Mutex<VecDeque<Entry>>);

struct Entry {
    /// As the test wrote it, for `GET`.
    written: Value,
    /// `None`: the gate answers by itself.
    answer: Option<Answer>,
}

impl Script {
    /// Replaces the remaining entries with a JSON list. If one entry is invalid, the whole list is
    /// refused and nothing changes.
    pub(crate) fn replace(&self, list: Vec<Value>) -> Result<(), String> {
        *self.entries() = parsed(list)?;
        Ok(())
    }

    /// Adds a JSON list of entries behind those that are left. If one entry is invalid, the whole
    /// list is refused and nothing changes.
    pub(crate) fn append(&self, list: Vec<Value>) -> Result<(), String> {
        let entries = parsed(list)?;
        self.entries().extend(entries);
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    /// Takes the next entry. `None`: the gate answers by itself.
    pub(crate) fn next(&self) -> Option<Answer> {
        self.entries().pop_front()?.answer
    }

    pub(crate) fn to_json(&self) -> Value {
        self.entries().iter().map(|entry| entry.written.clone()).collect()
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        // The list is consistent even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn parsed(list: Vec<Value>) -> Result<VecDeque<Entry>, String> {
    let entries = list.into_iter().enumerate().map(|(index, written)| {
        Entry::parse(written).map_err(|reason| format!("[{index}]{reason}"))
    });
    entries.collect()
}

impl Entry {
    fn parse(written: Value) -> Result<Self, String> {
        let answer = match &written {
            Value::Null => None,
            Value::Object(fields) => Some(Answer::parse(fields)?),
            _ => return Err(": must be an object or null".to_owned()),
        };
        Ok(Self { written, answer })
    }
}

//! The script: answers that a test lays out beforehand, each for one request.
//!
//! The front door takes the next entry for each request, so that a test can say what comes
//! first, second and third. Where the entry is `null`, and after the last one, the gate judges
//! for itself.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::answer::Answer;

/// The entries that are left, the next one first.
#[derive(Default)]
pub(crate) struct Script(Mutex<VecDeque<Entry>>);

struct Entry {
    /// As the test wrote it, to be shown again.
    written: Value,
    /// `None`: the gate judges.
    answer: Option<Answer>,
}

impl Script {
    /// Puts a JSON list in the place of what is left. With one faulty entry the whole list is
    /// refused, and nothing changes.
    pub(crate) fn replace(&self, json: &[u8]) -> Result<(), String> {
        let list: Vec<Value> = serde_json::from_slice(json)
            .map_err(|error| format!("the body must be a JSON list of answers: {error}"))?;
        let entries = list.into_iter().enumerate().map(|(index, written)| {
            Entry::parse(written).map_err(|reason| format!("[{index}]{reason}"))
        });
        *self.entries() = entries.collect::<Result<_, _>>()?;
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    /// Takes the next entry. `None`: the gate judges.
    pub(crate) fn next(&self) -> Option<Answer> {
        self.entries().pop_front()?.answer
    }

    pub(crate) fn to_json(&self) -> Value {
        self.entries().iter().map(|entry| entry.written.clone()).collect()
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        // No change to the list can be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

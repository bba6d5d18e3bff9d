//! An authenticated request, and what the older and the newer paths have in common: to create tasks,
//! to query them, and to list them.

use hyper::http::request::Parts;
use serde_json::Value;

use crate::envelope::Outcome;
use crate::results::host_of_results;
use crate::scheme::Scheme;
use crate::task::Moment;
use crate::tasks::{Order, Page, Tasks};

/// The size of a page of tasks, from Kling's documentation: by default, and at most.
const PAGE_SIZE: (usize, usize) = (30, 500);

/// An authenticated request.
pub(crate) struct Call<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a [u8],
    /// How it was authenticated.
    pub(crate) scheme: Scheme,
    pub(crate) now: Moment,
    pub(crate) tasks: &'a Tasks,
}

impl Call<'_> {
    /// Creates a task, if the body is an object with a string for each of the required parameters.
    pub(crate) fn create_task(&self, required: &[&str], lacking: Outcome) -> (Outcome, Value) {
        let body: Value = serde_json::from_slice(self.body).unwrap_or_default();
        if !body.is_object() || !required.iter().all(|name| body[*name].is_string()) {
            return (lacking, Value::Null);
        }
        let order = Order {
            path: self.parts.uri.path(),
            external_id: text(&body["external_task_id"]),
            callback_url: text(&body["callback_url"]),
        };
        match self.tasks.create(&order, self.now) {
            Ok(task) => (Outcome::SUCCEED, task),
            Err(refusal) => (refusal, Value::Null),
        }
    }

    /// The current state of a task, or `None` if its id is unknown.
    pub(crate) fn look(&self, id: &str) -> Option<Value> {
        self.tasks.look(id, self.now, &host_of_results(&self.parts.headers))
    }

    /// The tasks that this path created.
    pub(crate) fn list(&self) -> (Outcome, Value) {
        let number = |name, default, most| match self.parameter(name) {
            None => Some(default),
            Some(text) => text.parse().ok().filter(|number| (1..=most).contains(number)),
        };
        let (default_size, largest) = PAGE_SIZE;
        let page = number("pageNum", 1, 1000).zip(number("pageSize", default_size, largest));
        let Some((number, size)) = page else { return (Outcome::PAGE_PARAMETERS, Value::Null) };
        let host = host_of_results(&self.parts.headers);
        let page = Page { number, size };
        (Outcome::SUCCEED, self.tasks.page(self.parts.uri.path(), page, self.now, &host).into())
    }

    /// The value of a name in the query, as it is written.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.parts.uri.query()?.split('&');
        let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    }
}

/// What a client has percent-encoded, such as the slash in an external id.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = encoded_byte(rest).unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The byte of `%` and two digits, and what follows.
fn encoded_byte(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, after @ ..] = text else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let byte = digit(high)? * 16 + digit(low)?;
    Some((u8::try_from(byte).ok()?, after))
}

/// Blank counts as absent.
fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

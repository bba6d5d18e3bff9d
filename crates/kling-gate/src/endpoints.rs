//! The API: tasks on the older paths, and the account's costs.
//!
//! Only authenticated requests get here, so every answer from here, even 400 or 404, means that
//! the credentials are valid. The newer paths are in `new_paths`.

use hyper::Method;
use hyper::http::request::Parts;
use serde_json::{Value, json};

use crate::envelope::Outcome;
use crate::new_paths::NewPath;
use crate::results::host_of_results;
use crate::task::Moment;
use crate::tasks::{Order, Page, Tasks};
use crate::verify::Scheme;

/// The first time in milliseconds with 13 digits, September 2001. A smaller number is a time in
/// seconds, a common mistake.
const EARLIEST_MILLISECONDS: u64 = 1_000_000_000_000;

/// What the older paths begin with; the name of one kind of task follows.
const BEFORE_THE_KIND: [&str; 3] = ["/v1/videos/", "/v1/images/", "/v1/audio/"];
/// The kinds whose parameters are checked: enough to find a body that is not the one of a task.
const CHECKED: [&str; 2] = ["/v1/videos/text2video", "/v1/videos/image2video"];

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

/// One of the older paths.
enum OldPath<'a> {
    /// Creates tasks and lists them.
    Kind,
    /// Returns one task.
    Task(&'a str),
}

impl<'a> OldPath<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let rest = BEFORE_THE_KIND.iter().find_map(|before| path.strip_prefix(before))?;
        let mut names = rest.split('/');
        match (names.next(), names.next(), names.next()) {
            (Some(kind), None, None) if !kind.is_empty() => Some(Self::Kind),
            (Some(kind), Some(id), None) if !kind.is_empty() && !id.is_empty() => {
                Some(Self::Task(id))
            }
            _ => None,
        }
    }
}

impl Call<'_> {
    /// The outcome and the envelope's `data`.
    pub(crate) fn answer(&self) -> (Outcome, Value) {
        let path = self.parts.uri.path();
        if let Some(new_path) = NewPath::of(path) {
            return new_path.answer(self);
        }
        match (&self.parts.method, OldPath::of(path)) {
            (&Method::GET, Some(OldPath::Kind)) => self.list(),
            (&Method::POST, Some(OldPath::Kind)) if CHECKED.contains(&path) => {
                self.create_task(&["model_name", "prompt"], Outcome::TASK_PARAMETERS)
            }
            (&Method::POST, Some(OldPath::Kind)) => self.create_task(&[], Outcome::BODY),
            (&Method::GET, Some(OldPath::Task(id))) => match self.look(&decoded(id)) {
                Some(task) => (Outcome::SUCCEED, task),
                None => (Outcome::TASK_UNKNOWN, Value::Null),
            },
            (&Method::GET, None) if path == "/account/costs" => self.account_costs(),
            _ => (Outcome::METHOD_UNKNOWN, Value::Null),
        }
    }

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

    fn account_costs(&self) -> (Outcome, Value) {
        match (self.milliseconds("start_time"), self.milliseconds("end_time")) {
            (Some(start), Some(end)) if start <= end => {
                let costs = json!({
                    "code": 0,
                    "msg": "SUCCEED",
                    "resource_pack_subscribe_infos": [],
                });
                (Outcome::SUCCEED, costs)
            }
            _ => (Outcome::COSTS_PARAMETERS, Value::Null),
        }
    }

    /// A time in the query.
    fn milliseconds(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok().filter(|&time| time >= EARLIEST_MILLISECONDS)
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

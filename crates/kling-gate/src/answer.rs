//! One scripted answer: what it says and how it is delivered.
//!
//! It is sent to any client, with or without a bearer. `notation` has its JSON form.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use serde_json::Value;

use crate::body::{Body, Response};
use crate::envelope::{JSON, Outcome, envelope};

/// An answer. Every field has a default: `200`, `0`, `SUCCEED`, at once.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<u16>,
    pub(crate) message: Option<String>,
    pub(crate) data: Option<Value>,
    /// Replaces the envelope.
    pub(crate) body: Option<String>,
    /// Each replaces the gate's header of that name.
    pub(crate) headers: HeaderMap,
    pub(crate) date: Date,
    /// How many spaces follow the body.
    pub(crate) pad: usize,
    /// The pause before the head.
    pub(crate) delay: Duration,
    /// The pause between head and body.
    pub(crate) stall: Duration,
    /// Whether the connection ends after half of the body.
    pub(crate) cut: bool,
}

/// The `Date` of one answer.
#[derive(Default)]
pub(crate) enum Date {
    /// The same as in other answers.
    #[default]
    Usual,
    Absent,
    Text(HeaderValue),
}

impl Answer {
    pub(crate) fn status(&self) -> StatusCode {
        self.status.unwrap_or(self.line().status)
    }

    /// `None` for a scripted body, unless the test sets it.
    pub(crate) fn code(&self) -> Option<u16> {
        if self.body.is_some() { self.code } else { Some(self.code.unwrap_or_default()) }
    }

    pub(crate) fn respond(&self, request_id: &str, usual_date: Option<HeaderValue>) -> Response {
        let mut response = Response::new(self.body(request_id));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        if let Some(date) = self.date.or(usual_date) {
            headers.insert(DATE, date);
        }
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        response
    }

    fn body(&self, request_id: &str) -> Body {
        let mut text = self.body.clone().unwrap_or_else(|| self.envelope(request_id));
        text.extend(std::iter::repeat_n(' ', self.pad));
        let body = if self.cut { Body::cut(text) } else { text.into() };
        if self.stall.is_zero() { body } else { body.stalled(self.stall) }
    }

    fn envelope(&self, request_id: &str) -> String {
        let message = self.message.as_deref().unwrap_or(self.line().message);
        let data = self.data.as_ref().unwrap_or(&Value::Null);
        envelope(self.code.unwrap_or_default(), message, request_id, data).to_string()
    }

    /// The line of Kling's table for this code. Unknown codes get the line of success.
    fn line(&self) -> Outcome {
        self.code.and_then(Outcome::of_code).unwrap_or(Outcome::SUCCEED)
    }
}

impl Date {
    fn or(&self, usual: Option<HeaderValue>) -> Option<HeaderValue> {
        match self {
            Self::Usual => usual,
            Self::Absent => None,
            Self::Text(text) => Some(text.clone()),
        }
    }
}

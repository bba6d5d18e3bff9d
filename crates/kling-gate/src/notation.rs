//! The JSON form of a scripted answer: an object with optional fields.
//!
//! | field | |
//! |---|---|
//! | `status` | the HTTP status, 200 to 599; default: that of the code |
//! | `code`, `message`, `data` | for Kling's envelope; default: 0, the code's message, `null` |
//! | `body` | a text that replaces the envelope; `code` then only sets the status and the log entry |
//! | `headers` | name → value; each replaces the gate's own |
//! | `date` | a text for the `Date`, or `null` for none; default: as in other answers |
//! | `pad` | how many spaces follow the body, up to 4 MiB |
//! | `delay`, `stall` | seconds before the head, and between head and body; up to 30 |
//! | `cut` | `true`: the connection ends after half of the promised body |
//!
//! Invalid values are refused with the name of the field, so that a wrong test does not pass.

use std::collections::BTreeMap;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONTENT_LENGTH, DATE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answer::{Answer, Date};

/// Above any limit that a client should have for such an answer.
const MAX_PAD: usize = 4 * 1024 * 1024;
/// Longer than any test should wait.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(30);

impl Answer {
    /// The error begins with the path of the field: `.status: …`.
    pub(crate) fn parse(fields: &Map<String, Value>) -> Result<Self, String> {
        let mut answer = Self::default();
        for (name, value) in fields {
            answer.set(name, value).map_err(|reason| format!(".{name}: {reason}"))?;
        }
        answer.consistent()
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        match name {
            "status" => self.status = Some(status(value)?),
            "code" => self.code = Some(typed(value)?),
            "message" => self.message = Some(typed(value)?),
            "data" => self.data = Some(value.clone()),
            "body" => self.body = Some(typed(value)?),
            "headers" => self.headers = headers(value)?,
            "date" => self.date = date(value)?,
            "pad" => self.pad = pad(value)?,
            "delay" => self.delay = wait(value)?,
            "stall" => self.stall = wait(value)?,
            "cut" => self.cut = typed(value)?,
            _ => return Err("is not a field of an answer".to_owned()),
        }
        Ok(())
    }

    fn consistent(self) -> Result<Self, String> {
        if self.body.is_some() && (self.message.is_some() || self.data.is_some()) {
            return Err(".body: takes the place of message and data".to_owned());
        }
        if self.cut && self.pad == 0 && self.body.as_ref().is_some_and(String::is_empty) {
            return Err(".cut: an empty body has no half".to_owned());
        }
        Ok(self)
    }
}

fn typed<'a, T: Deserialize<'a>>(value: &'a Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

/// Without 1xx, which is not a final answer.
fn status(value: &Value) -> Result<StatusCode, String> {
    let status: u16 = typed(value)?;
    StatusCode::from_u16(status)
        .ok()
        .filter(|_| (200..=599).contains(&status))
        .ok_or_else(|| "must be from 200 to 599".to_owned())
}

fn headers(value: &Value) -> Result<HeaderMap, String> {
    let written: BTreeMap<String, String> = typed(value)?;
    written.iter().map(|(name, value)| header(name, value)).collect()
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let refused = |reason: &str| format!("{name}: {reason}");
    let parsed: HeaderName = name.parse().map_err(|_| refused("is not a header's name"))?;
    if [CONTENT_LENGTH, TRANSFER_ENCODING].contains(&parsed) {
        return Err(refused("is the gate's to say; there are pad and cut"));
    }
    if parsed == DATE {
        return Err(refused("has a field of its own, date"));
    }
    let value = value.parse().map_err(|_| refused("has a value that no header can have"))?;
    Ok((parsed, value))
}

fn date(value: &Value) -> Result<Date, String> {
    let Some(text) = typed::<Option<String>>(value)? else { return Ok(Date::Absent) };
    text.parse().map(Date::Text).map_err(|_| "is a text that no header can have".to_owned())
}

fn pad(value: &Value) -> Result<usize, String> {
    let pad = typed(value)?;
    if pad > MAX_PAD {
        return Err(format!("must be at most {MAX_PAD}"));
    }
    Ok(pad)
}

fn wait(value: &Value) -> Result<Duration, String> {
    Duration::try_from_secs_f64(typed(value)?)
        .ok()
        .filter(|&wait| wait <= MAX_WAIT)
        .ok_or_else(|| format!("must be from 0 to {} seconds", MAX_WAIT.as_secs()))
}

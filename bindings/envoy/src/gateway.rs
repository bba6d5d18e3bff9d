//! What a filter asks of its gateway, and answers it.

use alloc::{string::String, vec::Vec};
use core::fmt::Display;

use kling_jwt_core::Level;

/// A gateway. Requests and responses are those of the call in which it is asked.
pub(crate) trait Gateway {
    /// The time in Unix seconds.
    fn now(&self) -> u64;

    /// The value of a header: in Envoy, the first one if there are several. One that is not UTF-8 has
    /// U+FFFD.
    fn header(&self, message: Message, name: &str) -> Option<String>;

    /// Sets a header, which replaces any others with this name, or removes them.
    fn set_header(&self, message: Message, name: &str, value: Option<&str>);

    /// At most this many bytes of a body, as far as it is buffered.
    fn body(&self, message: Message, max_len: usize) -> Vec<u8>;

    /// A value that the gateway knows, such as the number of an attempt. There is a 0 between the
    /// parts of its path.
    fn property(&self, path: &str) -> Option<Vec<u8>>;

    /// Sets a value that later attempts of the same request can read.
    fn set_property(&self, path: &str, value: &[u8]);

    /// Answers the request, instead of the server.
    fn answer(&self, status: u16, body: &str);

    /// Defines a counter, and returns its number.
    fn define_counter(&self, name: &str) -> Option<u32>;

    /// Adds to a counter.
    fn count(&self, counter: u32, by: u64);

    /// Writes a line to the gateway's log.
    fn log(&self, level: LogLevel, text: &str);
}

/// A message in the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    Request,
    /// What follows the body of a request, in the form of headers.
    RequestTrailers,
    Response,
}

/// A part of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// The headers, and whether the message ends with them.
    Headers(bool),
    /// How many bytes of the body are buffered, and whether it ends with them.
    Body(usize, bool),
    Trailers,
}

impl Part {
    /// Whether nothing follows.
    pub(crate) fn is_last(self) -> bool {
        match self {
            Self::Headers(is_last) | Self::Body(_, is_last) => is_last,
            Self::Trailers => true,
        }
    }
}

/// What the gateway does next with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    /// Wait for more of it, or for nothing after an answer.
    Pause,
}

/// The importance of a line in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogLevel {
    Debug,
    Info,
    Warning,
    Error,
}

impl From<Level> for LogLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Debug => Self::Debug,
            Level::Info => Self::Info,
            _ => Self::Warning,
        }
    }
}

/// An answer of the filter's own: a status, a stable code, and what to do.
pub(crate) struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, code: &str, message: &dyn Display) -> Self {
        let mut body = ["{\"code\":\"", code, "\",\"message\":\""].concat();
        for char in text(message).chars() {
            if matches!(char, '"' | '\\') {
                body.push('\\');
            }
            body.push(if char.is_control() { ' ' } else { char });
        }
        body.push_str("\"}\n");
        Self { status, body }
    }

    pub(crate) fn send(&self, gateway: &dyn Gateway) -> Flow {
        gateway.answer(self.status, &self.body);
        Flow::Pause
    }
}

/// A value as text. `format!` links code for padding and alignment.
pub(crate) fn text(value: &dyn Display) -> String {
    use core::fmt::Write;

    let mut text = String::new();
    // Writing to a string never fails, and neither does the `Display` of any value here.
    let _ = text.write_fmt(format_args!("{value}"));
    text
}

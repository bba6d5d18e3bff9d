//! Arguments and results: values in a block of memory, one after the other.
//!
//! A value is a tag and its content: nothing, text or bytes (a length, then the bytes), a number (an
//! `f64`), yes, no. Lengths are 32 bits, little-endian like WebAssembly's memory. Every other value of
//! JavaScript has one tag, so that the error names the argument, as in the native add-on.

use alloc::{boxed::Box, vec::Vec};
use core::{
    fmt::{self, Display, Write},
    str,
};

use kling_jwt_core::Error;

type Result<T> = core::result::Result<T, Error>;

const NONE: u8 = 0;
const TEXT: u8 = 1;
const NUMBER: u8 = 2;
const YES: u8 = 3;
const NO: u8 = 4;
/// An argument of another type. As the first result: the results are an error.
const OTHER: u8 = 5;
const BYTES: u8 = 6;

const A_NUMBER: &str = "a number of seconds";
const A_STRING: &str = "a string";

/// The arguments of a call.
#[derive(Clone, Copy)]
pub(crate) struct Arguments<'a>(&'a [u8]);

/// One of the values.
#[derive(Clone, Copy)]
enum Value<'a> {
    None,
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    Number(f64),
    Flag(bool),
    Other,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(block: &'a [u8]) -> Self {
        Self(block)
    }

    /// The next value; nothing after the last one.
    #[inline(never)]
    fn next(&mut self) -> Value<'a> {
        let Some((tag, rest)) = self.0.split_first() else { return Value::None };
        self.0 = rest;
        match *tag {
            NONE => Value::None,
            TEXT => Value::Text(self.sized()),
            BYTES => Value::Bytes(self.sized()),
            NUMBER => Value::Number(f64::from_le_bytes(self.fixed())),
            YES => Value::Flag(true),
            NO => Value::Flag(false),
            _ => Value::Other,
        }
    }

    fn sized(&mut self) -> &'a [u8] {
        let len = u32::from_le_bytes(self.fixed()) as usize;
        let (bytes, rest) = self.0.split_at_checked(len).unwrap_or_default();
        self.0 = rest;
        bytes
    }

    fn fixed<const N: usize>(&mut self) -> [u8; N] {
        let Some((bytes, rest)) = self.0.split_first_chunk() else { return [0; N] };
        self.0 = rest;
        *bytes
    }

    /// Text or bytes, if the argument was passed.
    #[inline(never)]
    pub(crate) fn bytes(&mut self, name: &'static str) -> Result<Option<&'a [u8]>> {
        match self.next() {
            Value::None => Ok(None),
            Value::Text(bytes) | Value::Bytes(bytes) => Ok(Some(bytes)),
            _ => Err(refused(name, A_STRING)),
        }
    }

    /// [`bytes`](Self::bytes) for an argument that must be passed.
    pub(crate) fn required_bytes(&mut self, name: &'static str) -> Result<&'a [u8]> {
        self.bytes(name)?.ok_or_else(|| refused(name, A_STRING))
    }

    /// Text, if the argument was passed.
    #[inline(never)]
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<&'a str>> {
        match self.next() {
            Value::None => Ok(None),
            // JavaScript's encoder writes UTF-8.
            Value::Text(bytes) => Ok(str::from_utf8(bytes).ok()),
            _ => Err(refused(name, A_STRING)),
        }
    }

    /// A number, if the argument was passed.
    #[inline(never)]
    pub(crate) fn number(&mut self, name: &'static str) -> Result<Option<f64>> {
        match self.next() {
            Value::None => Ok(None),
            Value::Number(number) => Ok(Some(number)),
            _ => Err(refused(name, A_NUMBER)),
        }
    }

    /// A time in whole Unix seconds.
    #[inline(never)]
    pub(crate) fn now(&mut self) -> Result<u64> {
        let now = self.number("now")?.ok_or_else(|| refused("now", A_NUMBER))?;
        kling_jwt_core::unix_seconds(now)
    }

    /// An HTTP status.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "JavaScript checked that it is one"
    )]
    pub(crate) fn status(&mut self) -> Result<u16> {
        Ok(self.number("status")?.unwrap_or_default() as u16)
    }

    pub(crate) fn flag(&mut self) -> bool {
        matches!(self.next(), Value::Flag(true))
    }

    /// Whether there is no further value.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[inline(never)]
fn refused(name: &'static str, expected: &'static str) -> Error {
    Error::Type { argument: name, expected }
}

/// The results of an export: a block that begins with its own length.
pub(crate) struct Results(Vec<u8>);

impl Results {
    pub(crate) fn new() -> Self {
        Self(Vec::from([0; LENGTH]))
    }

    /// Results that are an error.
    pub(crate) fn refused() -> Self {
        let mut results = Self::new();
        results.0.push(OTHER);
        results
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// Text that JavaScript decodes, with U+FFFD for invalid UTF-8.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let at = self.begin();
        self.0.extend_from_slice(bytes);
        self.end(at)
    }

    /// Several strings as one text.
    pub(crate) fn concat(&mut self, parts: &[&str]) -> &mut Self {
        let at = self.begin();
        for part in parts {
            self.0.extend_from_slice(part.as_bytes());
        }
        self.end(at)
    }

    /// Text, written directly into the block, so that there is no other copy of it.
    #[inline(never)]
    pub(crate) fn display(&mut self, text: &dyn Display) -> &mut Self {
        let at = self.begin();
        // `write_str` below never fails, and neither does the `Display` of any value here.
        let _ = write!(self, "{text}");
        self.end(at)
    }

    /// Writes the tag of a text and space for its length. Returns where the text begins.
    #[inline(never)]
    fn begin(&mut self) -> usize {
        self.0.extend_from_slice(&[TEXT, 0, 0, 0, 0]);
        self.0.len()
    }

    #[inline(never)]
    fn end(&mut self, at: usize) -> &mut Self {
        let len = length(self.0.len() - at);
        if let Some(space) = self.0.get_mut(..at).and_then(<[u8]>::last_chunk_mut) {
            *space = len;
        }
        self
    }

    /// A number: an offset, a code or a status, far below 2^53.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    pub(crate) fn number(&mut self, number: i64) -> &mut Self {
        self.float(number as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "a time beyond 2^53 need not be exact")]
    pub(crate) fn time(&mut self, time: u64) -> &mut Self {
        self.float(time as f64)
    }

    #[inline(never)]
    fn float(&mut self, number: f64) -> &mut Self {
        self.tag(NUMBER);
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    pub(crate) fn flag(&mut self, flag: bool) -> &mut Self {
        self.tag(if flag { YES } else { NO })
    }

    /// A value that may be absent.
    pub(crate) fn optional<T>(
        &mut self,
        value: Option<T>,
        write: fn(&mut Self, T) -> &mut Self,
    ) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => self.tag(NONE),
        }
    }

    pub(crate) fn into_block(mut self) -> Box<[u8]> {
        let len = length(self.0.len());
        if let Some(head) = self.0.first_chunk_mut() {
            *head = len;
        }
        self.0.into_boxed_slice()
    }

    #[inline(never)]
    fn tag(&mut self, tag: u8) -> &mut Self {
        self.0.push(tag);
        self
    }
}

/// Writes into the text that [`Results::begin`] began.
impl Write for Results {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

const LENGTH: usize = size_of::<u32>();

/// The memory of WebAssembly is at most 4 GiB, so every length fits into 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
fn length(len: usize) -> [u8; LENGTH] {
    (len as u32).to_le_bytes()
}

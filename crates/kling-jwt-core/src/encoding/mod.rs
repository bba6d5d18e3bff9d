//! Bytes and texts of tokens and messages: base64, JSON, dates, numbers.

pub(crate) mod base64;
pub(crate) mod bounded;
pub(crate) mod buffer;
pub(crate) mod chars;
pub(crate) mod date;
pub(crate) mod json;
pub(crate) mod json_string;
pub(crate) mod masked;
pub(crate) mod write;

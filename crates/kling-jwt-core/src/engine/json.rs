//! JSON for hosts, such as the configuration of a gateway.

use alloc::string::String;

use crate::{
    JsonString,
    encoding::{chars::digits, json},
};

/// The text of a JSON object with at most 32 levels; `None` for anything else.
pub fn object(text: &[u8]) -> Option<&str> {
    json::object(text)
}

/// The names and values of an object's members, as they are written. `object` should come from
/// [`object`].
pub fn members(object: &str) -> impl Iterator<Item = (&str, &str)> {
    json::members(object)
}

/// The values of a list, as they are written; `None` for any other value. `list` should be a value
/// of [`members`].
pub fn elements(list: &str) -> Option<impl Iterator<Item = &str>> {
    json::elements(list)
}

/// The text of a string without its escapes; `None` for a value that is not a string.
pub fn string(value: &str) -> Option<String> {
    // It never grows, so there is no other copy of what may be a secret.
    let mut text = String::with_capacity(value.len());
    text.extend(JsonString::of(value)?.chars());
    Some(text)
}

/// A whole number from 0; `None` for any other value.
pub fn number(value: &str) -> Option<u64> {
    digits(value.as_bytes())
}

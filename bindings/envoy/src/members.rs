//! The members of an object of the configuration: their names, types and values.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{self, Display};

use kling_jwt_core::{
    engine::{ValueLocation, json},
    is_blank,
};
use zeroize::Zeroizing;

use crate::{
    environment::Variables,
    refused::{Refused, Result, TWICE, not, refused},
};

/// A value of the configuration, or of a variable.
pub(crate) enum Text<'a> {
    Inline(Zeroizing<String>),
    Variable(&'a str),
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        match self {
            Self::Inline(text) => text,
            Self::Variable(text) => text,
        }
    }
}

/// The name of a variable, or a place in the configuration.
pub(crate) struct Location(String);

impl Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ValueLocation for &Location {}

/// The members of an object.
pub(crate) struct Members<'a> {
    /// Where the object is, for messages; empty for the whole configuration.
    place: &'a str,
    /// Names, and values as they are written.
    all: Vec<(&'static str, &'a str)>,
}

impl<'a> Members<'a> {
    /// Reads the members of an object. An unknown one may be a mistake in the name of one that
    /// restricts what is sent, so it is refused. `null` is like no member.
    pub(crate) fn read(object: &'a str, place: &'a str, known: &[&'static str]) -> Result<Self> {
        let mut all: Vec<(&str, &str)> = Vec::new();
        for (name, value) in json::members(object) {
            let Some(name) = known.iter().copied().find(|known| *known == name) else {
                let place = if place.is_empty() { "the configuration" } else { place };
                let known = known.join(", ");
                return refused(&[place, " has an unknown member; it may have ", &known]);
            };
            if all.iter().any(|(earlier, _)| *earlier == name) {
                return refused(&[&Location::new(place, name).0, TWICE]);
            }
            all.push((name, value));
        }
        Ok(Self { place, all })
    }

    #[inline(never)]
    pub(crate) fn location(&self, name: &str) -> Location {
        Location::new(self.place, name)
    }

    /// The value of a member, as it is written.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let value = self.all.iter().find_map(|(known, value)| (*known == name).then_some(*value));
        value.filter(|value| *value != "null")
    }

    /// A string. The caller wraps it if it is a secret.
    #[inline(never)]
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        json::string(value).map(Some).ok_or_else(|| self.not(name, "a string"))
    }

    #[inline(never)]
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        json::number(value).map(Some).ok_or_else(|| self.not(name, "a whole number of seconds"))
    }

    #[inline(never)]
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(self.not(name, "true or false")),
        }
    }

    /// A list of strings; empty if there is no such member.
    #[inline(never)]
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<Zeroizing<String>>> {
        let refused = || self.not(name, "a list of strings");
        let mut texts = Vec::new();
        if let Some(list) = self.get(name) {
            for value in json::elements(list).ok_or_else(refused)? {
                texts.push(Zeroizing::new(json::string(value).ok_or_else(refused)?));
            }
        }
        Ok(texts)
    }

    fn not(&self, name: &str, expected: &str) -> Refused {
        not(&self.location(name).0, expected)
    }

    /// A value that is written here, or in the variable that is named here.
    #[inline(never)]
    pub(crate) fn credential<'v>(
        &self,
        name: &str,
        name_env: &str,
        variables: &'v Variables,
    ) -> Result<Option<(Text<'v>, Location)>> {
        match (self.text(name)?.map(Zeroizing::new), self.text(name_env)?) {
            (None, None) => Ok(None),
            (Some(text), None) => Ok(Some((Text::Inline(text), self.location(name)))),
            (None, Some(variable_name)) => {
                let text = variable(variables, &variable_name, &self.location(name_env))?;
                Ok(Some((Text::Variable(text), Location(variable_name))))
            }
            (Some(_), Some(_)) => {
                refused(&["set only one of ", &self.location(name).0, " and ", name_env])
            }
        }
    }
}

impl Location {
    fn new(place: &str, name: &str) -> Self {
        Self(if place.is_empty() { name.to_string() } else { [place, ".", name].concat() })
    }
}

/// The value of a variable that a member of the configuration names. If there is none, the message
/// shows the member alone: somebody may have written a secret in place of the name.
#[inline(never)]
pub(crate) fn variable<'a>(
    variables: &'a Variables,
    name: &str,
    member: &Location,
) -> Result<&'a str> {
    match variables.get(name).filter(|value| !is_blank(value)) {
        Some(value) => Ok(value),
        None => refused(&[&member.0, NOT_SET]),
    }
}

const NOT_SET: &str = " names a variable that is not set, is blank, or is not given to the filter: set \
    it for Envoy, and name it in vm_config.environment_variables.host_env_keys";

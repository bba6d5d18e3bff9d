//! Why a configuration is refused, and what to change.

use alloc::string::String;
use core::fmt::{self, Display};

use kling_jwt_core::{
    Error,
    engine::{Concat, Failure, Plain},
};

use crate::gateway::text;

/// Why a configuration is refused. The message contains no value of it.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Failure for Refused {
    fn new(code: &'static str, message: &dyn Display) -> Self {
        Self { code, message: text(message) }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::new(error.code(), &error)
    }
}

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, code) = (Plain(&self.message), Plain(self.code));
        Concat(&[&Plain(REFUSES), &message, &Plain(" ("), &code, &Plain(")")]).fmt(f)
    }
}

const REFUSES: &str = "kling-auth refuses its configuration: ";

impl Refused {
    #[inline(never)]
    fn of_parts(code: &'static str, parts: &[&str]) -> Self {
        Self { code, message: parts.concat() }
    }
}

pub(crate) type Result<T, E = Refused> = core::result::Result<T, E>;

const CONFIGURATION: &str = "ERR_CONFIGURATION";

/// A configuration that cannot be used, whose message has these parts.
pub(crate) fn refused<T>(parts: &[&str]) -> Result<T> {
    Err(Refused::of_parts(CONFIGURATION, parts))
}

/// A value of the wrong type.
pub(crate) fn not(location: &str, expected: &str) -> Refused {
    Refused::of_parts("ERR_TYPE", &[location, " must be ", expected])
}

pub(crate) const TWICE: &str = " is there twice";

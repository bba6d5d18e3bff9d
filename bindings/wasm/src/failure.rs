//! The core's errors, as JavaScript throws them: a stable code and a sentence.

use alloc::string::{String, ToString};
use core::fmt::Display;

use kling_jwt_core::{Error, Problem};

use crate::values::Results;

pub(crate) type Result<T, E = Failure> = core::result::Result<T, E>;

/// What was refused, and what to do about it.
pub(crate) struct Failure {
    code: &'static str,
    message: String,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: &dyn Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// What the core says of the value at a place.
    pub(crate) fn at(place: &dyn Display, error: Error) -> Self {
        Self::new(error.code(), &format_args!("{place}: {error}"))
    }

    pub(crate) fn into_results(self) -> Results {
        let mut results = Results::refused();
        results.text(self.code).text(&self.message);
        results
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error.code(), &error)
    }
}

impl From<Problem<'_>> for Failure {
    fn from(problem: Problem<'_>) -> Self {
        Self::new(problem.code(), &problem)
    }
}

//! The core's errors, as JavaScript throws them: a stable code and a sentence.

use alloc::boxed::Box;
use core::fmt::Display;

use kling_jwt_core::{Error, HostError};

use crate::{
    strings::{Joined, Text},
    values::Results,
};

pub(crate) type Result<T, E = Failure> = core::result::Result<T, E>;

/// What was refused, and what to do about it: what JavaScript is to be told, made at once. Of one
/// word, since every function here returns it.
pub(crate) struct Failure(Box<Results>);

impl Failure {
    #[inline(never)]
    pub(crate) fn new(code: &str, message: &dyn Display) -> Self {
        let mut results = Results::refused();
        results.text(code).shown(message);
        Self(Box::new(results))
    }

    /// What the core says of the value at a place.
    #[inline(never)]
    pub(crate) fn at(place: &dyn Display, error: Error) -> Self {
        Self::new(error.code(), &Joined(&[place, &Text(": "), &error]))
    }

    pub(crate) fn into_results(self) -> Results {
        *self.0
    }
}

impl From<Error> for Failure {
    #[inline(never)]
    fn from(error: Error) -> Self {
        Self::new(error.code(), &error)
    }
}

impl From<HostError<'_>> for Failure {
    #[inline(never)]
    fn from(problem: HostError<'_>) -> Self {
        Self::new(problem.code(), &problem)
    }
}

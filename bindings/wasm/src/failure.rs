//! The core's errors for JavaScript: a stable code and a message.

use alloc::boxed::Box;
use core::fmt::Display;

use kling_jwt_core::{Error, HostError};

use crate::{
    display::{Concat, Verbatim},
    values::Results,
};

pub(crate) type Result<T, E = Failure> = core::result::Result<T, E>;

/// An error, already encoded for JavaScript. As small as a pointer, because every function here
/// returns it.
pub(crate) struct Failure(Box<Results>);

impl Failure {
    #[inline(never)]
    pub(crate) fn new(code: &str, message: &dyn Display) -> Self {
        let mut results = Results::refused();
        results.text(code).display(message);
        Self(Box::new(results))
    }

    /// The core's error about the value at a location.
    #[inline(never)]
    pub(crate) fn at(location: &dyn Display, error: Error) -> Self {
        Self::new(error.code(), &Concat(&[location, &Verbatim(": "), &error]))
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
    fn from(error: HostError<'_>) -> Self {
        Self::new(error.code(), &error)
    }
}

//! The core's errors for JavaScript: a stable code and a message.

use alloc::boxed::Box;
use core::fmt::Display;

use kling_jwt_core::{Error, HostError, engine};

use crate::values::Results;

pub(crate) type Result<T, E = Failure> = core::result::Result<T, E>;

/// An error, already encoded for JavaScript. As small as a pointer, because every function here
/// returns it.
pub(crate) struct Failure(Box<Results>);

impl engine::Failure for Failure {
    #[inline(never)]
    fn new(code: &'static str, message: &dyn Display) -> Self {
        let mut results = Results::refused();
        results.text(code).display(message);
        Self(Box::new(results))
    }
}

impl Failure {
    pub(crate) fn into_results(self) -> Results {
        *self.0
    }
}

impl From<Error> for Failure {
    #[inline(never)]
    fn from(error: Error) -> Self {
        engine::Failure::new(error.code(), &error)
    }
}

impl From<HostError<'_>> for Failure {
    fn from(error: HostError<'_>) -> Self {
        engine::Failure::of(error)
    }
}

//! Converts the core's errors to JavaScript errors with the same `code`.

use kling_auth::{CoreError, Error};

/// What every exported function returns; the status is the error's code.
pub(crate) type Result<T> = napi::Result<T, &'static str>;

/// The JavaScript error for an error of the core.
pub(crate) fn throw(error: impl Into<Error>) -> napi::Error<&'static str> {
    let error = error.into();
    napi::Error::new(error.code(), error)
}

/// The JavaScript error for an argument of the wrong type.
pub(crate) fn wrong_type(name: &'static str, expected: &'static str) -> napi::Error<&'static str> {
    throw(CoreError::Type { argument: name, expected })
}

//! Python objects as the core takes them. What is wrong with a value, the core says.

use std::borrow::Cow;

use kling_auth::{Credentials, Validity, buffer_seconds, sources, unix_now, unix_seconds};
use pyo3::{
    exceptions::{PyOverflowError, PyTypeError},
    prelude::*,
    types::{PyBool, PyString},
};

use crate::errors::{raise, wrong_type};

/// An argument that may be left out or `None`.
pub(crate) type Optional<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// The credentials that a caller gave, or those of the environment.
pub(crate) fn credentials<'py>(
    py: Python<'py>,
    access_key: Optional<'_, 'py>,
    secret_key: Optional<'_, 'py>,
    api_key: Optional<'_, 'py>,
) -> PyResult<Credentials> {
    let access_key = text(access_key, "access_key")?;
    let secret_key = text(secret_key, "secret_key")?;
    let api_key = text(api_key, "api_key")?;
    let given = sources::Given {
        access_key: access_key.as_deref(),
        secret_key: secret_key.as_deref(),
        api_key: api_key.as_deref(),
    };
    sources::find(given, sources::process_environment).map_err(|error| raise(py, error))
}

/// A lifetime in seconds, or the default.
pub(crate) fn validity(py: Python<'_>, lifetime: Optional<'_, '_>) -> PyResult<Validity> {
    match lifetime {
        None => Ok(Validity::default()),
        Some(lifetime) => {
            Validity::try_from(number(lifetime, "lifetime")?).map_err(|error| raise(py, error))
        }
    }
}

/// A buffer in seconds, or the default.
pub(crate) fn buffer(py: Python<'_>, buffer_sec: Optional<'_, '_>) -> PyResult<u64> {
    match buffer_sec {
        None => Ok(kling_auth::DEFAULT_BUFFER),
        Some(seconds) => {
            buffer_seconds(number(seconds, "buffer_sec")?).map_err(|error| raise(py, error))
        }
    }
}

/// A time in Unix seconds, or the system's.
pub(crate) fn now(py: Python<'_>, now: Optional<'_, '_>) -> PyResult<u64> {
    match now {
        None => Ok(unix_now()),
        Some(now) => unix_seconds(number(now, "now")?).map_err(|error| raise(py, error)),
    }
}

/// A `str`. Lone surrogates become replacement characters, which no key has.
fn text<'a>(value: Optional<'a, '_>, name: &'static str) -> PyResult<Option<Cow<'a, str>>> {
    let Some(value) = value else { return Ok(None) };
    match value.cast::<PyString>() {
        Ok(text) => Ok(Some(text.to_string_lossy())),
        Err(_) => Err(wrong_type(value.py(), name, "a str")),
    }
}

/// An `int`, a `float` or what converts to one. An integer beyond all floats is no number of
/// seconds: it becomes NaN, which the core refuses by the argument's own error.
fn number(value: &Bound<'_, PyAny>, name: &'static str) -> PyResult<f64> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Err(wrong_type(py, name, "a number of seconds"));
    }
    value.extract::<f64>().or_else(|error| {
        if error.is_instance_of::<PyOverflowError>(py) {
            Ok(f64::NAN)
        } else if error.is_instance_of::<PyTypeError>(py) {
            Err(wrong_type(py, name, "a number of seconds"))
        } else {
            Err(error)
        }
    })
}

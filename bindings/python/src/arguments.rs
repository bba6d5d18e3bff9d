//! Converts Python arguments to the types of the core, which validates the values.

use std::{borrow::Cow, time::Duration};

use kling_auth::{Validity, buffer_seconds, unix_seconds};
use pyo3::{
    exceptions::{PyLookupError, PyOverflowError, PyTypeError},
    intern,
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyBool, PyBytes, PyList, PyMemoryView, PyString},
};

use crate::errors::{not_of_type, raise, wrong_type};

/// An argument that may be left out or `None`.
pub(crate) type Optional<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Refuses an argument that is not callable.
pub(crate) fn callable(
    argument: Optional<'_, '_>,
    name: &'static str,
    expected: &'static str,
) -> PyResult<()> {
    match argument {
        Some(object) if !object.is_callable() => Err(not_of_type(object, name, expected)),
        _ => Ok(()),
    }
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
pub(crate) fn buffer(
    py: Python<'_>,
    buffer_sec: Optional<'_, '_>,
    validity: Validity,
) -> PyResult<u64> {
    match buffer_sec {
        None => Ok(validity.default_buffer()),
        Some(seconds) => {
            buffer_seconds(number(seconds, "buffer_sec")?).map_err(|error| raise(py, error))
        }
    }
}

/// A time in Unix seconds.
pub(crate) fn time(time: &Bound<'_, PyAny>) -> PyResult<u64> {
    unix_seconds(number(time, "now")?).map_err(|error| raise(time.py(), error))
}

/// What the caller's clock returned, in Unix seconds.
pub(crate) fn clock(returned: &Bound<'_, PyAny>) -> PyResult<u64> {
    let seconds = seconds(returned, "what clock() returns", "Unix seconds")?;
    unix_seconds(seconds).map_err(|error| raise(returned.py(), error))
}

/// A `str` that is not a secret.
pub(crate) fn string(value: Optional<'_, '_>, name: &'static str) -> PyResult<Option<String>> {
    Ok(text(value, name)?.map(|text| text.as_str().to_owned()))
}

/// A required `str`. No error message repeats it, in case a secret was passed by mistake.
pub(crate) fn required(value: &Bound<'_, PyAny>, name: &'static str) -> PyResult<String> {
    Ok(secret(value, name, "a str")?.as_str().to_owned())
}

/// An HTTP status.
pub(crate) fn status(value: &Bound<'_, PyAny>) -> PyResult<u16> {
    let py = value.py();
    value.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyTypeError>(py) || error.is_instance_of::<PyOverflowError>(py) {
            not_of_type(value, "status", "an HTTP status")
        } else {
            error
        }
    })
}

/// A `str` that may be a secret. It is read in place, so that there is no copy to wipe. Lone
/// surrogates become replacement characters, which no key contains.
pub(crate) fn secret(
    value: &Bound<'_, PyAny>,
    name: &'static str,
    expected: &'static str,
) -> PyResult<PyBackedStr> {
    let text = value.cast::<PyString>().map_err(|_| not_of_type(value, name, expected))?;
    PyBackedStr::try_from(text.clone())
        .or_else(|_| PyString::new(value.py(), &text.to_string_lossy()).try_into())
}

/// The value of a header, from a mapping or pairs, ignoring case. Names and values are `str` or
/// `bytes`. If the value is a list, this is its first item.
pub(crate) fn header(headers: Optional<'_, '_>, wanted: &str) -> PyResult<Option<String>> {
    header_by(headers, |name| name.eq_ignore_ascii_case(wanted))
}

/// The value of the first header whose name is wanted.
pub(crate) fn header_by(
    headers: Optional<'_, '_>,
    is_wanted: impl Fn(&str) -> bool,
) -> PyResult<Option<String>> {
    let Some(headers) = headers else { return Ok(None) };
    let pairs = match headers.getattr_opt(intern!(headers.py(), "items"))? {
        Some(items) => items.call0()?,
        None => headers.clone(),
    };
    let refuse = || wrong_type(headers.py(), "headers", "a mapping, or pairs of name and value");
    for pair in pairs.try_iter().map_err(|_| refuse())? {
        // Any sequence of two, since ASGI has lists; but not a string of two characters.
        let pair = pair?;
        if latin1(&pair).is_some() || !matches!(pair.len(), Ok(2)) {
            return Err(refuse());
        }
        let member = |index: usize| {
            let is_absent = |error: &PyErr| error.is_instance_of::<PyLookupError>(headers.py());
            pair.get_item(index).map_err(|error| if is_absent(&error) { refuse() } else { error })
        };
        let (name, value) = (member(0)?, member(1)?);
        if latin1(&name).is_some_and(|name| is_wanted(&name)) {
            return Ok(latin1(&first(&value)?));
        }
    }
    Ok(None)
}

/// The first item of a list; any other value as it is.
fn first<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match value.cast::<PyList>() {
        Ok(several) if !several.is_empty() => several.get_item(0),
        _ => Ok(value.clone()),
    }
}

fn latin1(text: &Bound<'_, PyAny>) -> Option<String> {
    let from_bytes = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect();
    text.extract().ok().or_else(|| text.extract::<&[u8]>().ok().map(from_bytes))
}

/// The body of a response: `bytes` or another buffer, a `str`, or nothing.
pub(crate) fn body<'a>(body: Optional<'a, '_>) -> PyResult<Cow<'a, [u8]>> {
    body.map_or(Ok(Cow::default()), |body| raw_body(body, "bytes or a str"))
}

/// A required body. `bytes`, the usual case, are not copied, since they may be long.
pub(crate) fn raw_body<'a>(
    body: &'a Bound<'_, PyAny>,
    expected: &'static str,
) -> PyResult<Cow<'a, [u8]>> {
    if let Ok(bytes) = body.cast::<PyBytes>() {
        return Ok(Cow::Borrowed(bytes.as_bytes()));
    }
    if let Ok(text) = body.cast::<PyString>() {
        return Ok(Cow::Owned(text.to_string_lossy().into_owned().into_bytes()));
    }
    let view = PyMemoryView::from(body).map_err(|_| not_of_type(body, "body", expected))?;
    let bytes = body.py().get_type::<PyBytes>().call1((view,))?;
    Ok(Cow::Owned(bytes.extract::<&[u8]>()?.to_vec()))
}

/// An optional `str` that may be a secret.
pub(crate) fn text(value: Optional<'_, '_>, name: &'static str) -> PyResult<Option<PyBackedStr>> {
    value.map(|value| secret(value, name, "a str")).transpose()
}

/// A timeout: a number of seconds above 0.
pub(crate) fn timeout(seconds: &Bound<'_, PyAny>) -> PyResult<Duration> {
    const EXPECTED: &str = "a number of seconds above 0";
    let refuse = || wrong_type(seconds.py(), "timeout", EXPECTED);
    let number = number(seconds, "timeout").map_err(|_| refuse())?;
    let timeout = Duration::try_from_secs_f64(number).map_err(|_| refuse())?;
    if timeout.is_zero() { Err(refuse()) } else { Ok(timeout) }
}

fn number(value: &Bound<'_, PyAny>, name: &'static str) -> PyResult<f64> {
    seconds(value, name, "a number of seconds")
}

/// An `int`, a `float` or an object that converts to one. An integer that is too large for a
/// float becomes NaN, which the core refuses with the error of that argument.
fn seconds(value: &Bound<'_, PyAny>, name: &'static str, expected: &'static str) -> PyResult<f64> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Err(not_of_type(value, name, expected));
    }
    value.extract::<f64>().or_else(|error| {
        if error.is_instance_of::<PyOverflowError>(py) {
            Ok(f64::NAN)
        } else if error.is_instance_of::<PyTypeError>(py) {
            Err(not_of_type(value, name, expected))
        } else {
            Err(error)
        }
    })
}

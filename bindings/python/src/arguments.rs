//! Python objects as the core takes them. What is wrong with a value, the core says.

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

/// Makes sure that an argument can be called.
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

/// What a caller's clock returned, in Unix seconds.
pub(crate) fn clock(returned: &Bound<'_, PyAny>) -> PyResult<u64> {
    let seconds = seconds(returned, "what clock() returns", "Unix seconds")?;
    unix_seconds(seconds).map_err(|error| raise(returned.py(), error))
}

/// A `str` that is no secret.
pub(crate) fn string(value: Optional<'_, '_>, name: &'static str) -> PyResult<Option<String>> {
    Ok(text(value, name)?.map(|text| text.as_str().to_owned()))
}

/// A `str` that has to be there, and is no secret; where it is passed as one, no error repeats it.
pub(crate) fn required(value: &Bound<'_, PyAny>, name: &'static str) -> PyResult<String> {
    Ok(secret(value, name, "a str")?.as_str().to_owned())
}

/// An HTTP status, as far as one can be written.
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

/// A `str` that may be a secret: read where Python keeps it, so that there is no copy to wipe.
/// Lone surrogates become replacement characters, which no key has.
pub(crate) fn secret(
    value: &Bound<'_, PyAny>,
    name: &'static str,
    expected: &'static str,
) -> PyResult<PyBackedStr> {
    let text = value.cast::<PyString>().map_err(|_| not_of_type(value, name, expected))?;
    PyBackedStr::try_from(text.clone())
        .or_else(|_| PyString::new(value.py(), &text.to_string_lossy()).try_into())
}

/// The value of a header: of a mapping, whatever the case of its names, or of pairs. Names and
/// values are `str` or `bytes`; of a list of values it is the first.
pub(crate) fn header(headers: Optional<'_, '_>, wanted: &str) -> PyResult<Option<String>> {
    header_by(headers, |name| name.eq_ignore_ascii_case(wanted))
}

/// The value of the first header with such a name.
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
        // Any sequence of two: ASGI has lists. A text is none, even of two characters.
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

/// The first of several values; one value is itself.
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

/// A body that is there. That of `bytes`, which is nearly always, is not copied: it may be long.
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

/// A `str` that may be a secret and may be left out.
pub(crate) fn text(value: Optional<'_, '_>, name: &'static str) -> PyResult<Option<PyBackedStr>> {
    value.map(|value| secret(value, name, "a str")).transpose()
}

/// How long something may take: a number of seconds above 0.
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

/// An `int`, a `float` or what converts to one. An integer beyond all floats is no number of
/// seconds: it becomes NaN, which the core refuses by the argument's own error.
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

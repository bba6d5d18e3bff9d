//! `verify_webhook`: verifies that a callback comes from Kling.

use kling_auth::webhook::{self, Delivery, Secret};
use pyo3::{
    prelude::*,
    types::{PyDict, PyIterator, PyList, PyString},
};

use crate::{
    arguments::{self, Optional},
    clock,
    errors::{raise, wrong_type},
    reduced::Reduced,
    repr,
};

/// A verified callback from Kling.
#[pyclass(frozen, eq, hash, module = "kling_auth")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Webhook {
    /// The id of the callback. If it is sent again, the id is the same.
    #[pyo3(get)]
    pub(crate) id: String,
    /// The time at which it was sent, in Unix seconds.
    #[pyo3(get)]
    pub(crate) timestamp: u64,
}

#[pymethods]
impl Webhook {
    /// Return the callback as a new ``dict``, with the names of the command line's ``--json``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("id", &self.id)?;
        dict.set_item("timestamp", self.timestamp)?;
        Ok(dict)
    }

    /// The table that a notebook shows.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        repr::table("Webhook", &self.to_dict(py)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let id = PyString::new(py, &self.id).repr()?;
        Ok(format!("Webhook(id={id}, timestamp={})", self.timestamp))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        self.reduced(py)
    }
}

/// Verify that a callback comes from Kling, and return its id and time.
///
/// Args:
///     secret: The webhook secret (``whsec_...``), or several while Kling replaces one.
///     headers: The request's headers, in any case: a mapping, pairs, a WSGI environ, or AWS Lambda's
///         lists of values.
///     body: The raw bytes of the body. A body that was parsed and serialized again does not match.
///     now: The time in Unix seconds. Default: the system's clock.
///
/// Raises:
///     WebhookError: The callback is not signed, is signed with another secret, or is more than 300
///         seconds old. ``ERR_WEBHOOK_UNSIGNED``: Kling's console has no webhook secret yet.
///     CredentialError: ``secret`` is malformed.
///     ArgumentError: ``now`` is out of range.
///     ArgumentTypeError: An argument has the wrong type.
///
/// >>> from kling_auth import verify_webhook
/// >>> headers = {
/// ...     "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
/// ...     "Webhook-Timestamp": "1614265330",
/// ...     "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
/// ... }
/// >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
/// >>> verify_webhook(secret, headers, b'{"test": 2432232314}', now=1614265335)
/// Webhook(id='msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp=1614265330)
#[pyfunction]
#[pyo3(signature = (secret, headers, body, *, now=None))]
pub(crate) fn verify_webhook<'py>(
    py: Python<'py>,
    secret: &Bound<'py, PyAny>,
    headers: &Bound<'py, PyAny>,
    body: &Bound<'py, PyAny>,
    now: Optional<'_, 'py>,
) -> PyResult<Webhook> {
    let secrets = secrets(secret)?;
    let headers = &cached(headers)?;
    let header =
        |wanted| arguments::header_by(Some(headers), |name| webhook::is_header(name, wanted));
    let (id, timestamp) = (header(webhook::ID_HEADER)?, header(webhook::TIMESTAMP_HEADER)?);
    let signature = header(webhook::SIGNATURE_HEADER)?;
    let body = arguments::raw_body(body, RAW)?;
    let now = clock::given_or_now(py, now)?;
    let delivery =
        Delivery::from_parts(id.as_deref(), timestamp.as_deref(), signature.as_deref(), &body);
    let verified = webhook::verify(&secrets, &delivery, now).map_err(|error| raise(py, error))?;
    Ok(Webhook { id: verified.id.to_owned(), timestamp: verified.timestamp })
}

/// A list in place of an iterator, which could be read only once: there are three headers to find.
fn cached<'py>(headers: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match headers.cast::<PyIterator>() {
        Ok(iterator) => Ok(iterator.py().get_type::<PyList>().call1((iterator,))?),
        Err(_) => Ok(headers.clone()),
    }
}

const RAW: &str = "the raw bytes of the request's body, before they are parsed (FastAPI: await \
                   request.body(); Flask: request.get_data())";

/// One secret, or several.
fn secrets(secret: &Bound<'_, PyAny>) -> PyResult<Vec<Secret>> {
    const EXPECTED: &str = "a str, or several of them";
    let py = secret.py();
    let parse = |one: &Bound<'_, PyAny>| {
        let text = arguments::secret(one, "secret", EXPECTED)?;
        Secret::new(&text).map_err(|error| raise(py, error))
    };
    if secret.is_instance_of::<PyString>() {
        return Ok(vec![parse(secret)?]);
    }
    let several = secret.try_iter().map_err(|_| wrong_type(py, "secret", EXPECTED))?;
    several.map(|one| parse(&one?)).collect()
}

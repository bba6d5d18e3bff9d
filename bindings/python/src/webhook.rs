//! `verify_webhook`: whether a callback is Kling's.

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

/// A verified Kling callback.
#[pyclass(frozen, eq, hash, module = "kling_auth")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Webhook {
    /// Its id, to tell that it was here before.
    #[pyo3(get)]
    pub(crate) id: String,
    /// When it was sent, in Unix seconds.
    #[pyo3(get)]
    pub(crate) timestamp: u64,
}

#[pymethods]
impl Webhook {
    /// Return all of it as a new ``dict``, by the names that the command line's JSON has.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("id", &self.id)?;
        dict.set_item("timestamp", self.timestamp)?;
        Ok(dict)
    }

    /// For notebooks: a table.
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

/// Make sure that a callback is Kling's, and return its id and time.
///
/// ``secret`` is the webhook's secret (``whsec_...``), or several while one replaces another.
/// ``headers`` are those of the request, in whatever case: a mapping, or pairs; a WSGI environ, and
/// lists of values, as AWS Lambda has them, are fine too. ``body`` is the raw bytes as they
/// arrived: parsed and written again they are others. ``now`` is in Unix seconds, the system's
/// clock by default; a callback more than 300 seconds from it is refused. Raises a
/// ``WebhookError``: ``ERR_WEBHOOK_UNSIGNED`` while Kling's console has no webhook secret.
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

/// An iterator can be read only once, and there are three headers to find.
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

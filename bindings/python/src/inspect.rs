//! `inspect`: shows what is in a token.

use kling_auth::{Cause, Inspection as Inspected, Masked, json};
use pyo3::{
    intern,
    prelude::*,
    types::{IntoPyDict, PyDict, PyFloat},
};

use crate::{
    arguments::{self, Optional},
    clock,
    errors::raise,
    reduced::Reduced,
    repr,
};

/// The contents of a token, and whether Kling would accept it. ``str()`` is a readable report.
#[pyclass(frozen, eq, hash, module = "kling_auth")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Inspection {
    pub(crate) header: String,
    pub(crate) claims: String,
    pub(crate) text: String,
    pub(crate) json: String,
    pub(crate) cause: Cause,
    /// The reason for ``cause``, for people.
    #[pyo3(get)]
    pub(crate) reason: String,
    /// Whether the secret key signed the token; ``None`` if no key was passed.
    #[pyo3(get)]
    pub(crate) is_signature_valid: Option<bool>,
    /// The access key in the token, unmasked; ``str()`` shows it masked.
    #[pyo3(get)]
    pub(crate) issuer: Option<String>,
    /// The time at which the token expires, in Unix seconds; ``None`` without a whole number.
    #[pyo3(get)]
    pub(crate) expires_at: Option<u64>,
    /// The time from which the token is valid, in Unix seconds; ``None`` without a whole number.
    #[pyo3(get)]
    pub(crate) not_before: Option<u64>,
    /// The time of the inspection, in Unix seconds.
    #[pyo3(get)]
    pub(crate) now: u64,
}

impl From<Inspected<'_>> for Inspection {
    fn from(inspected: Inspected<'_>) -> Self {
        let (cause, reason) = inspected.prediction();
        Self {
            header: inspected.header.to_owned(),
            claims: inspected.claims.to_owned(),
            text: inspected.to_string(),
            json: json::of_inspection(&inspected),
            cause,
            reason: reason.to_owned(),
            is_signature_valid: inspected.is_signature_valid,
            issuer: inspected.issuer().map(|issuer| issuer.to_string()),
            expires_at: inspected.expires_at(),
            not_before: inspected.not_before(),
            now: inspected.now,
        }
    }
}

#[pymethods]
impl Inspection {
    /// The header, as a new dict.
    #[getter]
    fn header<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        parsed(py, &self.header)
    }

    /// The claims, as a new dict.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        parsed(py, &self.claims)
    }

    /// The cause that Kling would give now, for programs: ``accepted``, ``token_expired`` and so on.
    ///
    /// It is a prediction: only Kling knows whether the key is valid.
    #[getter]
    fn cause(&self) -> &'static str {
        self.cause.as_str()
    }

    /// Return the inspection as a new ``dict``, with the names of the command line's ``--json``.
    ///
    /// The access key is masked, as in ``str()``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = repr::dict(py, &self.json)?;
        // Rust's JSON has no integers of any length, as Python's does.
        dict.set_item("header", self.header(py)?)?;
        let claims = self.claims(py)?;
        if let Ok(issuer) = claims.get_item("iss").and_then(|issuer| issuer.extract::<String>()) {
            claims.set_item("iss", Masked(&issuer).to_string())?;
        }
        dict.set_item("claims", claims)?;
        Ok(dict)
    }

    /// The table that a notebook shows.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        repr::table("Inspection", &self.to_dict(py)?)
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("Inspection(cause='{}', now={})", self.cause(), self.now)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        self.reduced(py)
    }
}

/// JSON as Python objects. Python refuses integers of thousands of digits: then all integers become
/// floats, and those `inf`.
fn parsed<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    let loads = py.import(intern!(py, "json"))?.getattr(intern!(py, "loads"))?;
    loads.call1((json,)).or_else(|_| {
        let options = [("parse_int", py.get_type::<PyFloat>())].into_py_dict(py)?;
        loads.call((json,), Some(&options))
    })
}

/// Show what is in a token, and whether Kling would accept it now.
///
/// It does not matter which program created the token. ``print()`` of the result is a readable
/// report.
///
/// Args:
///     token: The token, without ``Bearer``.
///     secret_key: The secret key, to check the signature.
///     now: The time in Unix seconds. Default: the system's clock.
///
/// Raises:
///     TokenError: The string is not a token.
///     ArgumentError: ``now`` is out of range.
///     ArgumentTypeError: An argument has the wrong type.
///
/// >>> from kling_auth import generate_kling_token, inspect
/// >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
/// >>> token = generate_kling_token(*keys, now=1800000000)
/// >>> inspection = inspect(token, keys[1], now=1800001800)
/// >>> inspection.cause, inspection.is_signature_valid, inspection.expires_at
/// ('token_expired', True, 1800001800)
#[pyfunction]
#[pyo3(signature = (token, secret_key=None, *, now=None))]
pub(crate) fn inspect<'py>(
    py: Python<'py>,
    token: &Bound<'py, PyAny>,
    secret_key: Optional<'_, 'py>,
    now: Optional<'_, 'py>,
) -> PyResult<Inspection> {
    let token = arguments::secret(token, "token", "a str")?;
    let secret_key = secret_key.map(|key| arguments::secret(key, "secret_key", "a str"));
    let secret_key = secret_key.transpose()?;
    let now = clock::given_or_now(py, now)?;
    let mut buffer = vec![0; token.len()];
    let key = secret_key.as_ref().map(|key| key.as_bytes());
    let inspected = kling_auth::inspect(&token, key, now, &mut buffer);
    inspected.map(Inspection::from).map_err(|error| raise(py, error))
}

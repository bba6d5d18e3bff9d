//! `Verdict` and `verdict`: what a response means.

use kling_auth::{Response, json};
use pyo3::{prelude::*, types::PyDict};

use crate::{
    arguments::{self, Optional},
    reduced::Reduced,
    repr,
};

/// What a response means: why it was refused, and what to do next. It is true if it was accepted.
///
/// ``str()`` is a sentence for people, with Kling's message, the remedy and the request's id.
#[pyclass(frozen, eq, hash, module = "kling_auth")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Verdict(pub(crate) kling_auth::Verdict);

#[pymethods]
impl Verdict {
    /// Whether the request was accepted. The truth value of the verdict is the same.
    #[getter]
    fn is_accepted(&self) -> bool {
        self.0.is_accepted()
    }

    /// Why the request was refused, for programs, such as ``token_expired``; or ``accepted``.
    #[getter]
    fn cause(&self) -> &'static str {
        self.0.cause.as_str()
    }

    /// What to do next, for programs: ``accept``, ``retry``, ``backoff`` or ``fail``.
    ///
    /// ``retry``: send the request once more, with the current token. ``backoff``: send it later.
    #[getter]
    fn action(&self) -> &'static str {
        self.0.action.as_str()
    }

    /// The HTTP status.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    /// Kling's code; ``None`` if the response is not in Kling's format.
    #[getter]
    fn code(&self) -> Option<u32> {
        self.0.code
    }

    /// The message of Kling or a relay, at most 256 bytes, without control characters; may be ``""``.
    #[getter]
    fn message(&self) -> &str {
        self.0.message()
    }

    /// The id of the request, for Kling's support; ``None`` if the response has none.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// What the response means and what to do about it, for people.
    #[getter]
    fn remedy(&self) -> String {
        self.0.remedy().to_string()
    }

    /// Return the verdict as a new ``dict``, with the names of the command line's ``--json``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        repr::dict(py, &json::of_verdict(&self.0))
    }

    /// The table that a notebook shows.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        repr::table("Verdict", &self.to_dict(py)?)
    }

    fn __bool__(&self) -> bool {
        self.0.is_accepted()
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        let (cause, action, status) = (self.cause(), self.action(), self.status());
        let code = self.code().map_or_else(|| "None".to_owned(), |code| code.to_string());
        format!("Verdict(cause='{cause}', action='{action}', status={status}, code={code})")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        self.reduced(py)
    }
}

/// Explain a response: what it means, and what to do next.
///
/// It knows only the response. ``KlingAuth.handle_response()`` also knows the token and the clock.
///
/// Args:
///     status: The HTTP status.
///     body: The raw body.
///     sent: The ``Authorization`` header that was sent, ``""`` if there was none. With it, the
///         verdict distinguishes an API key from a key pair, and a bearer from another scheme.
///
/// Raises:
///     ArgumentTypeError: An argument has the wrong type.
///
/// >>> from kling_auth import verdict
/// >>> print(verdict(429, b'{"code":1102,"message":"resource pack exhausted"}').remedy)
/// the resource pack is used up or expired; the credentials are valid: buy one in Kling's console
#[pyfunction]
#[pyo3(signature = (status, body=None, *, sent=None))]
pub(crate) fn verdict(
    status: &Bound<'_, PyAny>,
    body: Optional<'_, '_>,
    sent: Optional<'_, '_>,
) -> PyResult<Verdict> {
    let status = arguments::status(status)?;
    let body = arguments::body(body)?;
    let sent = arguments::text(sent, "sent")?;
    let response = Response::new(status, &body);
    let verdict = response.verdict();
    Ok(Verdict(sent.map_or(verdict, |sent| verdict.with_authorization(&sent))))
}

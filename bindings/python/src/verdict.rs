//! `Verdict` and `verdict`: the core's reading of a response.

use kling_auth::{Response, json};
use pyo3::{prelude::*, types::PyDict};

use crate::{
    arguments::{self, Optional},
    reduced::Reduced,
    repr,
};

/// What a response means: why it was refused, and what to do next. It is true if it was not.
///
/// ``str()`` of it is a sentence for people, with Kling's message, the remedy and the request's
/// id.
#[pyclass(frozen, eq, hash, module = "kling_auth")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Verdict(pub(crate) kling_auth::Verdict);

#[pymethods]
impl Verdict {
    /// Whether it was not refused. A verdict is true or false by this.
    #[getter]
    fn is_accepted(&self) -> bool {
        self.0.is_accepted()
    }

    /// Why it was refused, as a stable name: ``token_expired``; ``accepted`` if it was not.
    #[getter]
    fn cause(&self) -> &'static str {
        self.0.cause.as_str()
    }

    /// What to do: ``accept``, ``retry`` (send it once more, with the token that is current
    /// now), ``backoff`` (send it again later) or ``fail``.
    #[getter]
    fn action(&self) -> &'static str {
        self.0.action.as_str()
    }

    /// The HTTP status.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    /// Kling's code; ``None`` if the answer is not in Kling's form.
    #[getter]
    fn code(&self) -> Option<u32> {
        self.0.code
    }

    /// Kling's message, or a relay's: at most 256 bytes of it, without control characters; ``""``
    /// without one.
    #[getter]
    fn message(&self) -> &str {
        self.0.message()
    }

    /// The id under which Kling's support finds the request; ``None`` if the answer has none.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// For people: what it means, and what to do about it.
    #[getter]
    fn remedy(&self) -> String {
        self.0.remedy().to_string()
    }

    /// Return all of it as a new ``dict``, by the names that the command line's JSON has.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        repr::dict(py, &json::of_verdict(&self.0))
    }

    /// For notebooks: a table.
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

/// Return what a response means, from its HTTP status and its raw body.
///
/// What to do next is said as far as the response alone tells; ``KlingAuth.handle_response`` knows the
/// token and the clock too.
///
/// ``sent`` is the request's ``Authorization`` header, ``""`` if it had none: where that was no
/// bearer, the remedy names its scheme. Kling refuses an API key that it does not know in the same
/// words as a key pair; what was sent tells them apart.
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

//! The exchange behind `check`: what to send, and what came of it. Python sends.

use kling_auth::probe::{self, Answer, Failure, Options};
use pyo3::{prelude::*, types::PyBool};

use crate::{
    arguments::{self, Optional},
    auth::KlingAuth,
    errors::{raise, wrong_type},
    verdict::Verdict,
};

/// A request to send: URL, headers, and the seconds to wait before.
pub(crate) type Request = (String, Vec<(&'static str, String)>, u64);

/// What came back: status, ``Date``, ``Location``, body.
pub(crate) type Response = (u16, Option<String>, Option<String>, Vec<u8>);

/// Checks the credential of a ``KlingAuth``, one request after the other.
#[pyclass(module = "kling_auth._native")]
pub(crate) struct Probe {
    probe: probe::Probe,
    auth: Py<KlingAuth>,
}

#[pymethods]
impl Probe {
    /// ``regions`` is whether the other region's host may be asked too, or another base URL.
    #[new]
    #[pyo3(signature = (auth, regions=None))]
    fn new(auth: &Bound<'_, KlingAuth>, regions: Optional<'_, '_>) -> PyResult<Self> {
        let options = options(regions)?;
        let probe = auth.get().probe(auth.py(), options)?;
        Ok(Self { probe, auth: auth.clone().unbind() })
    }

    /// The request to send next.
    fn request(&mut self, py: Python<'_>) -> PyResult<Request> {
        let probe::Request { url, headers, wait, .. } =
            self.probe.request(self.auth.get().now(py)?);
        Ok((url, headers, wait))
    }

    /// Takes in the answer. Without a result there is another request to send.
    fn take(&mut self, py: Python<'_>, response: Response) -> PyResult<Option<CheckResult>> {
        let now = self.auth.get().now(py)?;
        Ok(self.probe.take(&answer(response), now).map(CheckResult))
    }

    /// Takes in that there was no answer, and why.
    fn fail(&mut self, failure: &str) -> CheckResult {
        CheckResult(self.probe.fail(named(failure)))
    }
}

fn options(regions: Optional<'_, '_>) -> PyResult<Options> {
    let Some(regions) = regions else { return Ok(Options::default()) };
    if let Ok(is_asked) = regions.cast::<PyBool>() {
        let options = Options::default();
        return Ok(if is_asked.is_true() { options.asks_other_region() } else { options });
    }
    let py = regions.py();
    let url = arguments::string(Some(regions), "regions")
        .map_err(|_| wrong_type(py, "regions", "a bool, or the base URL of another host"))?;
    let url = url.unwrap_or_default();
    Options::default().asks(&url).map_err(|error| raise(py, error))
}

pub(crate) fn answer((status, date, location, body): Response) -> Answer {
    Answer { status, date, location, body }
}

/// A failure by its name; what nobody has a name for is another one.
pub(crate) fn named(failure: &str) -> Failure {
    Failure::named(failure).unwrap_or(Failure::Other)
}

/// What a check found. It is true if Kling took the credential; ``str()`` of it is a short list.
#[pyclass(frozen, module = "kling_auth")]
pub(crate) struct CheckResult(probe::CheckResult);

#[pymethods]
impl CheckResult {
    /// Whether Kling took the credential.
    #[getter]
    fn is_valid(&self) -> bool {
        self.0.is_valid
    }

    /// What was found, as a stable name: that of a verdict's cause, or ``clock_skew``,
    /// ``wrong_region``, ``redirect``, ``dns``, ``tls``, ``timeout``, ``proxy``, ``connection``.
    #[getter]
    fn cause(&self) -> &'static str {
        self.0.cause
    }

    /// For people: what it means, and what to do about it.
    #[getter]
    fn remedy(&self) -> &str {
        &self.0.remedy
    }

    /// The verdict on what the host answered last; ``None`` if it did not answer.
    #[getter]
    fn verdict(&self) -> Option<Verdict> {
        self.0.verdict.map(Verdict)
    }

    /// By how many seconds Kling's clock is ahead of this machine's.
    #[getter]
    fn clock_offset(&self) -> i64 {
        self.0.clock_offset
    }

    /// Whose host was asked.
    #[getter]
    fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The base URL at which the key is known, if it is another one and was asked too.
    #[getter]
    fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// Where the credential comes from, for people.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    /// The access key that signed; ``None`` for an API key.
    #[getter]
    fn access_key(&self) -> Option<&str> {
        self.0.access_key.as_deref()
    }

    /// How many requests were sent.
    #[getter]
    fn requests(&self) -> u8 {
        self.0.requests
    }

    fn __bool__(&self) -> bool {
        self.0.is_valid
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        let is_valid = if self.0.is_valid { "True" } else { "False" };
        format!("CheckResult(is_valid={is_valid}, cause='{}')", self.0.cause)
    }
}

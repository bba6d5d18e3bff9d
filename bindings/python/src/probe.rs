//! The requests of `check` and their results. Python sends them.

use std::time::Duration;

use kling_auth::{
    check::{self, CheckResponse, Failure, Options, Proxy},
    sources::env_var,
};
use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    types::{PyBool, PyDict},
};

use crate::{
    arguments::{self, Optional},
    auth::KlingAuth,
    errors::{raise, wrong_type},
    reduced::Reduced,
    repr,
    verdict::Verdict,
};

/// A request to send. ``repr()`` shows no headers, since one of them contains the token.
#[pyclass(frozen, module = "kling_auth._native")]
pub(crate) struct Request {
    #[pyo3(get)]
    url: String,
    #[pyo3(get)]
    headers: Vec<(&'static str, String)>,
    /// Seconds to wait before it is sent.
    #[pyo3(get)]
    wait: u64,
    /// Seconds until it times out.
    #[pyo3(get)]
    timeout: f64,
}

impl Request {
    pub(crate) fn new(request: check::CheckRequest, timeout: Duration) -> Self {
        let check::CheckRequest { url, headers, wait, .. } = request;
        Self { url, headers, wait, timeout: timeout.as_secs_f64() }
    }
}

/// Return the proxy for a URL, from the environment: scheme, host and port, user name, password.
///
/// ``None`` if there is no proxy, ``False`` if the environment names an invalid one.
#[pyfunction]
pub(crate) fn proxy_for<'py>(py: Python<'py>, url: &str) -> PyResult<Bound<'py, PyAny>> {
    match Proxy::of(url, &env_var) {
        Err(_) => false.into_bound_py_any(py),
        Ok(proxy) => proxy
            .map(|proxy| {
                let scheme = if proxy.is_https { "https" } else { "http" };
                (scheme, format!("{}:{}", proxy.host, proxy.port), proxy.username, proxy.password)
            })
            .into_bound_py_any(py),
    }
}

/// A response: status, ``Date``, ``Location``, body.
pub(crate) type Response = (u16, Option<String>, Option<String>, Vec<u8>);

/// Checks the credentials of a ``KlingAuth``, one request after the other.
#[pyclass(module = "kling_auth._native")]
pub(crate) struct Probe {
    exchange: check::Probe,
    auth: Py<KlingAuth>,
    timeout: Duration,
}

#[pymethods]
impl Probe {
    /// ``regions``: whether to ask the other region's host too, or another base URL. ``path``: the
    /// path to ask, in place of the default.
    #[new]
    #[pyo3(signature = (auth, timeout, regions=None, path=None))]
    fn new(
        auth: &Bound<'_, KlingAuth>,
        timeout: &Bound<'_, PyAny>,
        regions: Optional<'_, '_>,
        path: Optional<'_, '_>,
    ) -> PyResult<Self> {
        let timeout = arguments::timeout(timeout)?;
        let mut options = options(regions)?;
        if let Some(path) = arguments::string(path, "path")? {
            options = options.path(&path).map_err(|error| raise(auth.py(), error))?;
        }
        let exchange = auth.get().probe(auth.py(), options)?;
        Ok(Self { exchange, auth: auth.clone().unbind(), timeout })
    }

    /// Return the request to send next.
    fn request(&mut self, py: Python<'_>) -> PyResult<Request> {
        Ok(Request::new(self.exchange.next_request(self.auth.get().now(py)?), self.timeout))
    }

    /// Handle a response. Without a result, there is another request to send.
    fn take(&mut self, py: Python<'_>, response: Response) -> PyResult<Option<CheckResult>> {
        let now = self.auth.get().now(py)?;
        Ok(self.exchange.handle_response(&answer(response), now).map(CheckResult))
    }

    /// Return the result if there was no response, for this reason.
    fn fail(&mut self, failure: &str, has_proxy: bool) -> CheckResult {
        CheckResult(self.exchange.handle_failure(Failure::reported(failure, has_proxy)))
    }
}

fn options(regions: Optional<'_, '_>) -> PyResult<Options> {
    let Some(regions) = regions else { return Ok(Options::default()) };
    if let Ok(is_wanted) = regions.cast::<PyBool>() {
        let options = Options::default();
        return Ok(if is_wanted.is_true() { options.try_other_region() } else { options });
    }
    let py = regions.py();
    let url = arguments::string(Some(regions), "regions")
        .map_err(|_| wrong_type(py, "regions", "a bool, or the base URL of another host"))?;
    let url = url.unwrap_or_default();
    Options::default().try_base_url(&url).map_err(|error| raise(py, error))
}

pub(crate) fn answer((status, date, location, body): Response) -> CheckResponse {
    CheckResponse::new(status, body).with_date(date).with_location(location)
}

/// The result of a check. It is true if Kling accepted the credentials; ``str()`` is a short list.
#[pyclass(frozen, eq, hash, module = "kling_auth")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct CheckResult(pub(crate) check::CheckResult);

#[pymethods]
impl CheckResult {
    /// Whether Kling accepted the credentials. The truth value of the result is the same.
    #[getter]
    fn is_valid(&self) -> bool {
        self.0.is_valid
    }

    /// The result, for programs: a verdict's cause, or ``clock_skew``, ``wrong_region``, ``redirect``,
    /// ``dns``, ``tls``, ``timeout``, ``proxy`` or ``connection``.
    #[getter]
    fn cause(&self) -> &'static str {
        self.0.cause.as_str()
    }

    /// What is wrong and what to do about it, for people; ``""`` if nothing is wrong.
    #[getter]
    fn remedy(&self) -> &str {
        &self.0.remedy
    }

    /// The verdict on the last response; ``None`` if there was none.
    #[getter]
    fn verdict(&self) -> Option<Verdict> {
        self.0.verdict.map(Verdict)
    }

    /// The seconds by which Kling's clock is ahead of this machine's; negative if it is behind.
    #[getter]
    fn clock_offset(&self) -> i64 {
        self.0.clock_offset
    }

    /// The base URL that was asked.
    #[getter]
    fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The base URL that knows the key, if it is another one and was asked too; else ``None``.
    #[getter]
    fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// The source of the credentials, for people.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    /// The source of the credentials, for programs: ``arguments``, ``environment``, ``dotenv``,
    /// ``profile`` or ``function``.
    #[getter]
    fn source_kind(&self) -> &'static str {
        self.0.source_kind
    }

    /// The access key that was checked; ``None`` for an API key.
    #[getter]
    fn access_key(&self) -> Option<&str> {
        self.0.access_key.as_deref()
    }

    /// The number of requests that were sent.
    #[getter]
    fn requests(&self) -> u8 {
        self.0.requests
    }

    /// What valid credentials cannot do, for people; ``None`` if there is nothing.
    ///
    /// Kling's newer paths do not accept a key pair.
    #[getter]
    fn warning(&self) -> Option<&str> {
        self.0.warning.as_deref()
    }

    /// The names of other credentials in the same place, which are not used; ``None`` if none.
    #[getter]
    fn unused(&self) -> Option<&str> {
        self.0.unused.as_deref()
    }

    /// Return the result as a new ``dict``, with the names of the command line's ``--json``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        repr::dict(py, &self.0.to_json())
    }

    /// The table that a notebook shows.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        repr::table("CheckResult", &self.to_dict(py)?)
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

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        self.reduced(py)
    }
}

//! What the adapters of HTTP clients need of a `KlingAuth`. These are functions, not methods, so that
//! the class shows only its public names.

use kling_auth::{
    Response,
    bindings::{self, engine},
};
use pyo3::prelude::*;

use crate::{
    arguments::{self, Optional},
    auth::{Caller, KlingAuth},
    errors::raise,
    events,
    state::bearer,
    verdict::Verdict,
};

/// Return the ``Authorization`` header for a request; ``None`` if the token must not be sent there.
///
/// ``present`` is the header that the request has already.
#[pyfunction]
#[pyo3(signature = (auth, url, present=None))]
pub(crate) fn authorize<'py>(
    py: Python<'py>,
    auth: &Bound<'py, KlingAuth>,
    url: &Bound<'py, PyAny>,
    present: Optional<'_, 'py>,
) -> PyResult<Option<String>> {
    let state = auth.get().state()?;
    let url = arguments::required(url, "url")?;
    let present = present.map(|value| arguments::secret(value, "Authorization", "a str"));
    let present = present.transpose()?;
    let attaches = bindings::should_authorize(engine(&state.auth), &url, present.as_deref());
    if !attaches.map_err(|error| raise(py, error))? {
        return Ok(None);
    }
    state.with_token(py, bearer).map(Some)
}

/// Say whether a response from this URL is Kling's and its body should be read.
///
/// A 401 from another host is logged.
#[pyfunction]
#[pyo3(signature = (auth, url, status, headers=None))]
pub(crate) fn should_handle_response<'py>(
    py: Python<'py>,
    auth: &Bound<'py, KlingAuth>,
    url: &Bound<'py, PyAny>,
    status: u16,
    headers: Optional<'_, 'py>,
) -> PyResult<bool> {
    let auth = &auth.get().state()?.auth;
    let url = arguments::required(url, "url")?;
    let content_type = arguments::header(headers, "content-type")?;
    let length = arguments::header(headers, "content-length")?;
    let (content_type, length) = (content_type.as_deref(), length.as_deref());
    let is_kling = engine(auth).should_handle_response(&url, status, content_type, length);
    events::log(py)?;
    Ok(is_kling)
}

/// Do what ``KlingAuth.handle_response`` does, for a caller that awaits the asynchronous function.
#[pyfunction]
#[pyo3(signature = (auth, status, headers=None, body=None, *, token=None, sent=None))]
pub(crate) fn handle_response<'py>(
    py: Python<'py>,
    auth: &Bound<'py, KlingAuth>,
    status: &Bound<'py, PyAny>,
    headers: Optional<'_, 'py>,
    body: Optional<'_, 'py>,
    token: Optional<'_, 'py>,
    sent: Optional<'_, 'py>,
) -> PyResult<Verdict> {
    auth.get().handle(py, status, headers, body, token, sent, Caller::CanAwait)
}

/// Return the asynchronous ``credentials`` function of an object, if it has one.
#[pyfunction]
pub(crate) fn async_function(
    py: Python<'_>,
    auth: &Bound<'_, KlingAuth>,
) -> PyResult<Option<Py<PyAny>>> {
    let state = auth.get().state()?;
    let function = state.credentials.as_ref().filter(|_| state.is_async(py));
    Ok(function.map(|function| function.clone_ref(py)))
}

/// Say whether Kling does not know this token's credentials and they are still in use.
///
/// ``None`` if the verdict has another cause.
#[pyfunction]
pub(crate) fn is_unknown(
    auth: &Bound<'_, KlingAuth>,
    verdict: &Verdict,
    token: &str,
) -> PyResult<Option<bool>> {
    let auth = &auth.get().state()?.auth;
    Ok(verdict.0.is_unknown_credentials().then(|| engine(auth).issued(token)))
}

/// Say whether the caller should read the credentials again now.
#[pyfunction]
pub(crate) fn claim_reload(
    py: Python<'_>,
    auth: &Bound<'_, KlingAuth>,
    verdict: &Verdict,
    token: &str,
) -> PyResult<bool> {
    let state = auth.get().state()?;
    let response = Response::default().with_token(Some(token));
    Ok(engine(&state.auth).claim_reload(&verdict.0, &response, state.now(py)?))
}

/// Return a verdict as it is after other credentials came into use.
#[pyfunction]
pub(crate) fn retry(auth: &Bound<'_, KlingAuth>, verdict: &Verdict) -> PyResult<Verdict> {
    Ok(Verdict(engine(&auth.get().state()?.auth).retry(&verdict.0)))
}

/// Log the events that wait in this thread.
#[pyfunction]
pub(crate) fn log_events(py: Python<'_>) -> PyResult<()> {
    events::log(py)
}

/// Warn of the events that wait in this thread.
#[pyfunction]
pub(crate) fn warn_of_events(py: Python<'_>) -> PyResult<()> {
    events::warn(py)
}

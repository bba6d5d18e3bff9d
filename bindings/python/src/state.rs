//! The state of a `KlingAuth`: the manager, the caller's clock and function, and cached objects.

use kling_auth::{
    KlingAuth, Token,
    bindings::{self, Lease, engine},
    sources::env_var,
};
use pyo3::{
    exceptions::PyException,
    intern,
    prelude::*,
    types::{PyDict, PyString},
};

use crate::{
    arguments,
    async_function::AsyncFunction,
    clock, events, explicit,
    fast::cached_object::{CachedObject, Made},
};

/// The state of one object.
pub(crate) struct State {
    pub(crate) auth: KlingAuth,
    pub(crate) lifetime: u64,
    pub(crate) buffer: u64,
    pub(crate) clock: Option<Py<PyAny>>,
    pub(crate) credentials: Option<Py<PyAny>>,
    pub(crate) token: CachedObject<PyString>,
    pub(crate) headers: CachedObject<PyDict>,
}

impl State {
    /// The time in Unix seconds, by this object's clock.
    pub(crate) fn now(&self, py: Python<'_>) -> PyResult<u64> {
        match &self.clock {
            None => clock::now(py),
            Some(clock) => arguments::clock(&clock.bind(py).call0()?),
        }
    }

    /// Calls the caller's function, and uses the credentials that it returns. If it raises, the current
    /// credentials stay in use, and a warning names only the type of the error: its text may be secret.
    pub(crate) fn reload(&self, py: Python<'_>, function: &Py<PyAny>) -> PyResult<()> {
        let generation = engine(&self.auth).generation();
        match explicit::credentials_of(function.bind(py)) {
            Ok(found) => {
                bindings::apply_if_current(engine(&self.auth), &generation, found);
            }
            Err(error) if error.is_instance_of::<PyException>(py) => {
                self.warn_failed(py, &error)?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Warns that the caller's function raised. The warning contains only the type of the error.
    pub(crate) fn warn_failed(&self, py: Python<'_>, error: &PyErr) -> PyResult<()> {
        let kind = error.get_type(py).name()?;
        engine(&self.auth).warn_reload_failed(&format!("the credentials function raised {kind}"));
        Ok(())
    }

    /// Whether the caller's function is asynchronous.
    pub(crate) fn is_async(&self, py: Python<'_>) -> bool {
        self.credentials
            .as_ref()
            .is_some_and(|function| function.bind(py).is_instance_of::<AsyncFunction>())
    }

    /// The current token: the same `str` object until it is renewed.
    pub(crate) fn token<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        match self.read_cached(py, &self.token) {
            Some(token) => Ok(token),
            None => self.renew(py, &self.token, |token| Ok(PyString::new(py, token.as_str()))),
        }
    }

    /// The current headers: the same dict until they change, so callers must get a copy.
    pub(crate) fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        match self.read_cached(py, &self.headers) {
            Some(headers) => Ok(headers),
            None => self.renew(py, &self.headers, |token| {
                let headers = PyDict::new(py);
                headers.set_item(intern!(py, "Authorization"), bearer(token))?;
                headers.set_item(intern!(py, "Content-Type"), intern!(py, "application/json"))?;
                Ok(headers)
            }),
        }
    }

    /// The cached object, if it may be used at the time of the last tick.
    fn read_cached<'py, T>(
        &self,
        py: Python<'py>,
        cached: &CachedObject<T>,
    ) -> Option<Bound<'py, T>> {
        match self.clock {
            None => cached.read(py, engine(&self.auth).token_version(), clock::tick(py)?),
            Some(_) => None,
        }
    }

    /// The cached object if it may be used by the exact clock, or a new one. A function of its own, so
    /// that the fast path stays short.
    #[cold]
    #[inline(never)]
    fn renew<'py, T>(
        &self,
        py: Python<'py>,
        cached: &CachedObject<T>,
        make: impl FnOnce(&Token) -> PyResult<Bound<'py, T>>,
    ) -> PyResult<Bound<'py, T>> {
        let now = self.now(py)?;
        if let Some(cached) = cached.read(py, engine(&self.auth).token_version(), now) {
            return Ok(cached);
        }
        let Lease { token, fresh, token_version } = self.lease(py, now)?;
        let object = make(&token)?;
        if let Some(token_version) = token_version {
            cached.keep(Made { object: object.clone().unbind(), token_version, fresh });
        }
        Ok(object)
    }

    /// Reads the current token, and logs events.
    pub(crate) fn with_token<R>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&Token) -> R,
    ) -> PyResult<R> {
        Ok(read(&self.lease(py, self.now(py)?)?.token))
    }

    /// The token to send at `now`, with the seconds in which it may be used. Logs events.
    fn lease(&self, py: Python<'_>, now: u64) -> PyResult<Lease> {
        let lease = bindings::lease(engine(&self.auth), &env_var, now);
        events::log(py)?;
        Ok(lease)
    }
}

/// The value of the `Authorization` header.
pub(crate) fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.as_str())
}

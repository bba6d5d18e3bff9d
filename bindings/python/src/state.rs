//! What a `KlingAuth` holds: the manager, the caller's clock and function, and the objects that are
//! read again and again.

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

/// What one object holds.
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
    /// The time by the clock that this object has, in Unix seconds.
    pub(crate) fn now(&self, py: Python<'_>) -> PyResult<u64> {
        match &self.clock {
            None => clock::now(py),
            Some(clock) => arguments::clock(&clock.bind(py).call0()?),
        }
    }

    /// Asks the caller's function for credentials, and goes on with those. If it fails, those held
    /// before stay; of what it raises only the type is told, the rest may be secret.
    pub(crate) fn ask_again(&self, py: Python<'_>, function: &Py<PyAny>) -> PyResult<()> {
        let held = engine(&self.auth).generation();
        match explicit::credentials_of(function.bind(py)) {
            Ok(found) => {
                bindings::apply_if_current(engine(&self.auth), &held, found);
            }
            Err(error) if error.is_instance_of::<PyException>(py) => {
                self.warn_failed(py, &error)?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Notes that the caller's function failed, by the type of what it raised alone.
    pub(crate) fn warn_failed(&self, py: Python<'_>, error: &PyErr) -> PyResult<()> {
        let kind = error.get_type(py).name()?;
        engine(&self.auth).warn_reload_failed(&format!("the credentials function raised {kind}"));
        Ok(())
    }

    /// Whether the caller's function has to be awaited.
    pub(crate) fn is_async(&self, py: Python<'_>) -> bool {
        self.credentials
            .as_ref()
            .is_some_and(|held| held.bind(py).is_instance_of::<AsyncFunction>())
    }

    /// The token to send now: the same `str` as long as it is the same token.
    pub(crate) fn token<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        match self.still(py, &self.token) {
            Some(token) => Ok(token),
            None => self.anew(py, &self.token, |token| Ok(PyString::new(py, token.as_str()))),
        }
    }

    /// The headers to send now: the same dict as long as they are the same, so not to be handed out.
    pub(crate) fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        match self.still(py, &self.headers) {
            Some(headers) => Ok(headers),
            None => self.anew(py, &self.headers, |token| {
                let headers = PyDict::new(py);
                headers.set_item(intern!(py, "Authorization"), bearer(token))?;
                headers.set_item(intern!(py, "Content-Type"), intern!(py, "application/json"))?;
                Ok(headers)
            }),
        }
    }

    /// What is cached, if the time of the last tick says that it may still be used. If that is before
    /// its first second, the clock itself knows better.
    fn still<'py, T>(&self, py: Python<'py>, cached: &CachedObject<T>) -> Option<Bound<'py, T>> {
        match self.clock {
            None => cached.read(py, engine(&self.auth).token_version(), clock::tick(py)?),
            Some(_) => None,
        }
    }

    /// What is cached, if the clock says that it may still be used, or what is made of the token to send
    /// now. Apart, so that a read of what is cached has nothing of it to step over.
    #[cold]
    #[inline(never)]
    fn anew<'py, T>(
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

    /// Reads the token to send now, and logs what came up on the way to it.
    pub(crate) fn with_token<R>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&Token) -> R,
    ) -> PyResult<R> {
        Ok(read(&self.lease(py, self.now(py)?)?.token))
    }

    /// The token to send at `now`, with the seconds in which it may be used. Logs what came up on the
    /// way to it.
    fn lease(&self, py: Python<'_>, now: u64) -> PyResult<Lease> {
        let lease = bindings::lease(engine(&self.auth), &env_var, now);
        events::log(py)?;
        Ok(lease)
    }
}

/// What stands behind `Authorization: `.
pub(crate) fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.as_str())
}

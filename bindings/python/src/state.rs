//! What a `KlingAuth` holds: the manager, the caller's clock and function, and the objects that are
//! read again and again.

use kling_auth::{
    KlingAuth, Token,
    bindings::{self, Lease, engine},
    sources::process_environment,
};
use pyo3::{
    exceptions::PyException,
    intern,
    prelude::*,
    types::{PyDict, PyString},
};

use crate::{
    arguments,
    asked::Asked,
    clock,
    fast::kept_object::{Kept, Made},
    given, telling,
};

/// What one object holds.
pub(crate) struct State {
    pub(crate) auth: KlingAuth,
    pub(crate) lifetime: u64,
    pub(crate) buffer: u64,
    pub(crate) clock: Option<Py<PyAny>>,
    pub(crate) credentials: Option<Py<PyAny>>,
    pub(crate) token: Kept<PyString>,
    pub(crate) headers: Kept<PyDict>,
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
        let held = engine(&self.auth).held();
        match given::credentials_of(function.bind(py)) {
            Ok(found) => {
                bindings::adopt_after(engine(&self.auth), &held, found);
            }
            Err(error) if error.is_instance_of::<PyException>(py) => {
                self.note_failed(py, &error)?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Notes that the caller's function failed, by the type of what it raised alone.
    pub(crate) fn note_failed(&self, py: Python<'_>, error: &PyErr) -> PyResult<()> {
        let kind = error.get_type(py).name()?;
        engine(&self.auth).note_kept(&format!("the credentials function raised {kind}"));
        Ok(())
    }

    /// Whether the caller's function has to be awaited.
    pub(crate) fn is_asynchronous(&self, py: Python<'_>) -> bool {
        self.credentials.as_ref().is_some_and(|held| held.bind(py).is_instance_of::<Asked>())
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

    /// What is kept, if the time of the last tick says that it may still be used. If that is before
    /// its first second, the clock itself knows better.
    fn still<'py, T>(&self, py: Python<'py>, kept: &Kept<T>) -> Option<Bound<'py, T>> {
        match self.clock {
            None => kept.read(py, engine(&self.auth).stamp(), clock::tick(py)?),
            Some(_) => None,
        }
    }

    /// What is kept, if the clock says that it may still be used, or what is made of the token to send
    /// now. Apart, so that a read of what is kept has nothing of it to step over.
    #[cold]
    #[inline(never)]
    fn anew<'py, T>(
        &self,
        py: Python<'py>,
        kept: &Kept<T>,
        make: impl FnOnce(&Token) -> PyResult<Bound<'py, T>>,
    ) -> PyResult<Bound<'py, T>> {
        let now = self.now(py)?;
        if let Some(kept) = kept.read(py, engine(&self.auth).stamp(), now) {
            return Ok(kept);
        }
        let Lease { token, fresh, stamp } = self.lease(py, now)?;
        let object = make(&token)?;
        if let Some(stamp) = stamp {
            kept.keep(Made { object: object.clone().unbind(), stamp, fresh });
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
        let lease = bindings::lease(engine(&self.auth), &process_environment, now);
        telling::log(py)?;
        Ok(lease)
    }
}

/// What stands behind `Authorization: `.
pub(crate) fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.as_str())
}

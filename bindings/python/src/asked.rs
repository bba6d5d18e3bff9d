//! An asynchronous ``credentials`` function: what it returned is handed over by Python, which awaits
//! it, and it is never called from here.

use std::{mem, sync::Mutex};

use kling_auth::bindings::{self, Held};
use pyo3::{PyTraverseError, PyVisit, exceptions::PyException, prelude::*};

use crate::{arguments, auth::KlingAuth, errors::wrong_type};

/// Stands for an asynchronous function where a function is held.
#[pyclass(frozen, subclass, module = "kling_auth._native")]
pub(crate) struct Asked {
    /// What the caller passed.
    #[pyo3(get)]
    function: Py<PyAny>,
    /// What it returned, until the manager that is made of it takes it.
    given: Mutex<Option<Py<PyAny>>>,
}

#[pymethods]
impl Asked {
    #[new]
    fn new(function: &Bound<'_, PyAny>) -> PyResult<Self> {
        arguments::callable(Some(function), "credentials", "a function that returns credentials")?;
        Ok(Self { function: function.clone().unbind(), given: Mutex::new(None) })
    }

    /// Hand over what the function returned.
    fn give(&self, returned: Py<PyAny>) {
        if let Ok(mut given) = self.given.lock() {
            *given = Some(returned);
        }
    }

    fn __call__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.take(py).map(Bound::unbind)
    }

    #[expect(clippy::needless_pass_by_value, reason = "Python passes it so")]
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)
    }
}

impl Asked {
    /// What was handed over. Where nothing was, somebody asks who cannot await.
    pub(crate) fn take<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let given = self.given.lock().map(|mut given| mem::take(&mut *given)).unwrap_or_default();
        given.map(|given| given.into_bound(py)).ok_or_else(|| {
            const AWAITED: &str = "awaited where the credentials function is asynchronous: \
                                   `await auth.arotate()`";
            wrong_type(py, "rotate()", AWAITED)
        })
    }
}

/// A look at credentials that takes its time: what was held when it began, and who asked.
#[pyclass(frozen, module = "kling_auth._native")]
pub(crate) struct Look {
    auth: Py<KlingAuth>,
    held: Held,
}

impl Look {
    pub(crate) fn new(auth: Py<KlingAuth>, held: Held) -> Self {
        Self { auth, held }
    }
}

#[pymethods]
impl Look {
    /// Go on with what the function returned; if that is no credential, those held before stay. So
    /// they do if somebody rotated meanwhile.
    fn adopt(&self, returned: &Bound<'_, PyAny>) -> PyResult<()> {
        let found = arguments::credentials_from(returned)?;
        let state = self.auth.get().state()?;
        bindings::adopt_after(&state.auth, &self.held, found);
        state.retire();
        Ok(())
    }

    /// Note that the function failed, by the type of the error alone.
    fn fail(&self, error: &Bound<'_, PyException>) -> PyResult<()> {
        self.auth
            .get()
            .state()?
            .note_failed(error.py(), &PyErr::from_value(error.clone().into_any()))
    }
}

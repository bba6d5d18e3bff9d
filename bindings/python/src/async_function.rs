//! An asynchronous ``credentials`` function. Python awaits it and passes the result here; this code
//! never calls it.

use std::{mem, sync::Mutex};

use pyo3::{PyTraverseError, PyVisit, prelude::*};

use crate::{arguments, errors::wrong_type};

/// Wraps an asynchronous function, so that ``KlingAuth`` can hold it like a function.
#[pyclass(frozen, subclass, module = "kling_auth._native")]
pub(crate) struct AsyncFunction {
    /// The function that the caller passed.
    #[pyo3(get)]
    function: Py<PyAny>,
    /// What it returned, until `take` is called.
    given: Mutex<Option<Py<PyAny>>>,
}

#[pymethods]
impl AsyncFunction {
    #[new]
    fn new(function: &Bound<'_, PyAny>) -> PyResult<Self> {
        arguments::callable(Some(function), "credentials", "a function that returns credentials")?;
        Ok(Self { function: function.clone().unbind(), given: Mutex::new(None) })
    }

    /// Pass what the function returned.
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

impl AsyncFunction {
    /// Takes what was passed. If there is nothing, the caller is synchronous and cannot await.
    pub(crate) fn take<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let given = self.given.lock().map(|mut given| mem::take(&mut *given)).unwrap_or_default();
        given.map(|given| given.into_bound(py)).ok_or_else(|| {
            const AWAITED: &str = "awaited where the credentials function is asynchronous: \
                                   `await auth.arotate()`";
            wrong_type(py, "rotate()", AWAITED)
        })
    }
}

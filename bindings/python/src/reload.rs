//! A reload of credentials that awaits a function.

use kling_auth::bindings::{self, Generation, engine};
use pyo3::{exceptions::PyException, prelude::*};

use crate::{auth::KlingAuth, explicit};

/// A reload of credentials that awaits a function. It remembers which credentials it replaces.
#[pyclass(frozen, module = "kling_auth._native")]
pub(crate) struct Reload {
    auth: Py<KlingAuth>,
    generation: Generation,
}

#[pymethods]
impl Reload {
    #[new]
    fn new(auth: Bound<'_, KlingAuth>) -> PyResult<Self> {
        let generation = engine(&auth.get().state()?.auth).generation();
        Ok(Self { auth: auth.unbind(), generation })
    }

    /// Use the credentials that the function returned, unless they were rotated meanwhile.
    ///
    /// If they are malformed, this raises and the current credentials stay in use.
    fn apply(&self, returned: &Bound<'_, PyAny>) -> PyResult<()> {
        let found = explicit::credentials_from(returned)?;
        let state = self.auth.get().state()?;
        bindings::apply_if_current(engine(&state.auth), &self.generation, found);
        Ok(())
    }

    /// Warn that the function raised. The warning contains only the type of the error.
    fn fail(&self, error: &Bound<'_, PyException>) -> PyResult<()> {
        self.auth
            .get()
            .state()?
            .warn_failed(error.py(), &PyErr::from_value(error.clone().into_any()))
    }
}

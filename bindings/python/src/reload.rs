//! A look at credentials that takes its time.

use kling_auth::bindings::{self, Generation, engine};
use pyo3::{exceptions::PyException, prelude::*};

use crate::{auth::KlingAuth, explicit};

/// A look at credentials that takes its time: what was held when it began, and who asked.
#[pyclass(frozen, module = "kling_auth._native")]
pub(crate) struct Reload {
    auth: Py<KlingAuth>,
    held: Generation,
}

#[pymethods]
impl Reload {
    #[new]
    fn new(auth: Bound<'_, KlingAuth>) -> PyResult<Self> {
        let held = engine(&auth.get().state()?.auth).generation();
        Ok(Self { auth: auth.unbind(), held })
    }

    /// Go on with what the function returned; if that is no credential, those held before stay. So
    /// they do if somebody rotated meanwhile.
    fn apply(&self, returned: &Bound<'_, PyAny>) -> PyResult<()> {
        let found = explicit::credentials_from(returned)?;
        let state = self.auth.get().state()?;
        bindings::apply_if_current(engine(&state.auth), &self.held, found);
        Ok(())
    }

    /// Warn that the function failed, by the type of the error alone.
    fn fail(&self, error: &Bound<'_, PyException>) -> PyResult<()> {
        self.auth
            .get()
            .state()?
            .warn_failed(error.py(), &PyErr::from_value(error.clone().into_any()))
    }
}

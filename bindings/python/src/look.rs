//! A look at credentials that takes its time.

use kling_auth::bindings::{self, Held, engine};
use pyo3::{exceptions::PyException, prelude::*};

use crate::{auth::KlingAuth, given};

/// A look at credentials that takes its time: what was held when it began, and who asked.
#[pyclass(frozen, module = "kling_auth._native")]
pub(crate) struct Look {
    auth: Py<KlingAuth>,
    held: Held,
}

#[pymethods]
impl Look {
    #[new]
    fn new(auth: Bound<'_, KlingAuth>) -> PyResult<Self> {
        let held = engine(&auth.get().state()?.auth).held();
        Ok(Self { auth: auth.unbind(), held })
    }

    /// Go on with what the function returned; if that is no credential, those held before stay. So
    /// they do if somebody rotated meanwhile.
    fn adopt(&self, returned: &Bound<'_, PyAny>) -> PyResult<()> {
        let found = given::credentials_from(returned)?;
        let state = self.auth.get().state()?;
        bindings::adopt_after(engine(&state.auth), &self.held, found);
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

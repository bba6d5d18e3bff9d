//! The return value of `__reduce__`, for `pickle` and `copy`.

use pyo3::{intern, prelude::*, types::PyDict};

/// What `__reduce__` returns: a function, the name of a class and its values.
pub(crate) type Reduced<'py> = (Bound<'py, PyAny>, (&'static str, Bound<'py, PyDict>));

/// A result as the name of its class and its values.
pub(crate) fn reduced<'py>(
    class: &'static str,
    values: Bound<'py, PyDict>,
) -> PyResult<Reduced<'py>> {
    let py = values.py();
    let native = py.import(intern!(py, "kling_auth._native"))?;
    Ok((native.getattr(intern!(py, "restored"))?, (class, values)))
}

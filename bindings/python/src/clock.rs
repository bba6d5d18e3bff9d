//! The time of the Python process: the system's clock, or the time that a test has set.
//!
//! A test sets the time by replacing `time.time` (freezegun, `mock.patch`, pytest's `monkeypatch`,
//! `kling_auth.testing`) or the clock below it (time-machine, libfaketime). Then `time.time` is called,
//! so that tokens have the same time as the rest of the program.
//!
//! To check this on each read would take half as long as the read. But all of these are modules that
//! a program in production does not import. So the count of imported modules is enough: while it
//! stays the same, none of these was imported.

use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyCFunction, PyDict},
};

use crate::{
    arguments::{self, Optional},
    fast::coarse_clock::last_tick,
};

/// If one of these is imported, `time.time` may be replaced, so it is checked.
const REPLACING: [&str; 5] = ["freezegun", "unittest", "mock", "pytest", "kling_gate"];

/// If one of these is imported, `time.time` may return another time, so it is called.
const BENEATH: [&str; 2] = ["time_machine", "libfaketime"];

/// The count of imported modules when none of those was among them. At first, an impossible one.
static HARMLESS: AtomicUsize = AtomicUsize::new(usize::MAX);

/// The time, in Unix seconds.
pub(crate) fn now(py: Python<'_>) -> PyResult<u64> {
    if is_harmless(py) {
        return Ok(kling_auth::unix_now());
    }
    match moved(py)? {
        None => Ok(kling_auth::unix_now()),
        Some(time) => arguments::time(&time.call0()?),
    }
}

/// The given time in Unix seconds, or the time of the process.
pub(crate) fn given_or_now(py: Python<'_>, now: Optional<'_, '_>) -> PyResult<u64> {
    now.map_or_else(|| self::now(py), arguments::time)
}

/// The Unix second of the last tick, if there is such a clock and no test has set the time.
#[inline]
pub(crate) fn tick(py: Python<'_>) -> Option<u64> {
    if is_harmless(py) || !is_moved(py) { last_tick() } else { None }
}

static MODULES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Whether no module was imported since the last check that found none that sets the time.
#[inline]
fn is_harmless(py: Python<'_>) -> bool {
    let count = MODULES.get(py).map(|modules| modules.bind(py).len());
    count == Some(HARMLESS.load(Ordering::Relaxed))
}

/// Whether a test has, or may have, set the time. An error here occurs again in `now`, which raises.
#[cold]
#[inline(never)]
fn is_moved(py: Python<'_>) -> bool {
    !matches!(moved(py), Ok(None))
}

/// `time.time`, if it may return another time than the system's clock.
#[cold]
fn moved(py: Python<'_>) -> PyResult<Option<Bound<'_, PyAny>>> {
    let modules = MODULES.get_or_try_init(py, || {
        let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
        Ok::<_, PyErr>(modules.cast_into::<PyDict>()?.unbind())
    })?;
    look(modules.bind(py))
}

/// `moved`, by the imported modules.
fn look<'py>(modules: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = modules.py();
    // Counted before the search: another thread may import a module meanwhile.
    let count = modules.len();
    let has = |names: &[&str]| {
        names.iter().try_fold(false, |found, name| Ok::<_, PyErr>(found || modules.contains(name)?))
    };
    let may_be_replaced = has(&REPLACING)?;
    let may_be_changed = has(&BENEATH)?;
    let is_harmless = !may_be_replaced && !may_be_changed;
    HARMLESS.store(if is_harmless { count } else { usize::MAX }, Ordering::Relaxed);
    if is_harmless {
        return Ok(None);
    }
    let module = py.import(intern!(py, "time"))?;
    let time = module.getattr(intern!(py, "time"))?;
    Ok((may_be_changed || !is_own(&time, &module)?).then_some(time))
}

/// Whether `time` is the original function of the module.
fn is_own(time: &Bound<'_, PyAny>, module: &Bound<'_, PyModule>) -> PyResult<bool> {
    let py = time.py();
    Ok(time.is_instance_of::<PyCFunction>()
        && time.getattr(intern!(py, "__self__"))?.is(module)
        && time.getattr(intern!(py, "__name__"))?.eq(intern!(py, "time"))?)
}

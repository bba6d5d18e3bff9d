//! The time as the Python process has it: the system's, or that of a test which froze or moved it.
//!
//! Whoever moves time in a test puts something in `time.time`'s place (freezegun, `mock.patch`,
//! pytest's `monkeypatch`), or beneath it (time-machine, libfaketime). Then `time.time` is asked,
//! so that tokens are of the time that the rest of the program has.
//!
//! To look at it with each read would cost half of the read. But all of these are modules that a
//! program in production does not import, so it is enough to look at how many are imported: as
//! long as none is added, there is none of these either.

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

/// With one of these imported, something else may be in the place of `time.time`: it is looked at.
const REPLACING: [&str; 4] = ["freezegun", "unittest", "mock", "pytest"];

/// These change what it returns, while it looks as ever: it is called.
const BENEATH: [&str; 2] = ["time_machine", "libfaketime"];

/// How many modules were imported when none of those was. At first, more than there can be.
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

/// A time in Unix seconds, or the process's.
pub(crate) fn given_or_now(py: Python<'_>, now: Optional<'_, '_>) -> PyResult<u64> {
    now.map_or_else(|| self::now(py), arguments::time)
}

/// The Unix second of the last tick, where there is such a clock and time is not moved.
#[inline]
pub(crate) fn tick(py: Python<'_>) -> Option<u64> {
    if is_harmless(py) || !is_moved(py) { last_tick() } else { None }
}

static MODULES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Whether as many modules are imported as when none was there that moves time.
#[inline]
fn is_harmless(py: Python<'_>) -> bool {
    let count = MODULES.get(py).map(|modules| modules.bind(py).len());
    count == Some(HARMLESS.load(Ordering::Relaxed))
}

/// Whether it is, or may be. What goes wrong here goes wrong in `now` again, which says so.
#[cold]
#[inline(never)]
fn is_moved(py: Python<'_>) -> bool {
    !matches!(moved(py), Ok(None))
}

/// `time.time`, if it returns another time than the system's, or may do so.
#[cold]
fn moved(py: Python<'_>) -> PyResult<Option<Bound<'_, PyAny>>> {
    let modules = MODULES.get_or_try_init(py, || {
        let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
        Ok::<_, PyErr>(modules.cast_into::<PyDict>()?.unbind())
    })?;
    look(modules.bind(py))
}

/// What `moved` says, of modules that may have one among them that moves time.
fn look<'py>(modules: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = modules.py();
    // Read before they are looked through: another thread may import one meanwhile.
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

/// Whether a module's `time` is the function that it was built with.
fn is_own(time: &Bound<'_, PyAny>, module: &Bound<'_, PyModule>) -> PyResult<bool> {
    let py = time.py();
    Ok(time.is_instance_of::<PyCFunction>()
        && time.getattr(intern!(py, "__self__"))?.is(module)
        && time.getattr(intern!(py, "__name__"))?.eq(intern!(py, "time"))?)
}

//! The engine's warnings, for Python: as warnings to whoever builds or rotates, and in a log to all.
//!
//! The engine tells of what happens while its state changes. Python's code must not run there, so
//! warnings wait in the thread until the engine has returned.
//!
//! A warning may be an error (`-W error`), which is right where a user passes a key, and wrong in a
//! running request, whose response would be lost: there everything goes to `logging`.

use std::{cell::RefCell, ffi::CString};

use kling_auth::{Level, sources::Event};
use pyo3::{
    exceptions::PyException,
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyType},
};

use crate::errors::MODULE;

thread_local! {
    static WAITING: RefCell<Vec<Event>> = const { RefCell::new(Vec::new()) };
}

/// The engine's listener.
pub(crate) fn on_event(event: Event) {
    WAITING.with_borrow_mut(|waiting| waiting.push(event));
}

/// Tells the caller, who builds or rotates, of what the engine told: warnings as warnings, with the
/// line of the user's own code, all else in the log.
pub(crate) fn warn(py: Python<'_>) -> PyResult<()> {
    let (warnings, rest): (Vec<_>, _) =
        taken().into_iter().partition(|event| event.level() == Level::Warning);
    write(py, rest)?;
    warn_of(py, &warnings)
}

/// Warns the caller of warnings, with the line of the user's own code.
pub(crate) fn warn_of(py: Python<'_>, warnings: &[Event]) -> PyResult<()> {
    static WARNING: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    if warnings.is_empty() {
        return Ok(());
    }
    let category = WARNING.import(py, MODULE, "KlingAuthWarning")?;
    let level = frames_of_ours(py)?;
    warnings.iter().try_for_each(|event| {
        let text = CString::new(format!("{event} ({})", event.code()))?;
        PyErr::warn(py, category, &text, level)
    })
}

/// Writes what the engine told into the log `kling_auth`.
pub(crate) fn log(py: Python<'_>) -> PyResult<()> {
    write(py, taken())
}

fn taken() -> Vec<Event> {
    WAITING.take()
}

fn write(py: Python<'_>, warnings: Vec<Event>) -> PyResult<()> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if warnings.is_empty() {
        return Ok(());
    }
    // Whoever has not imported `logging` did not ask for more than warnings, and it takes a while.
    let is_needed = || warnings.iter().any(|event| event.level() == Level::Warning);
    let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
    if LOGGER.get(py).is_none() && !modules.contains(intern!(py, "logging"))? && !is_needed() {
        return Ok(());
    }
    let logger = LOGGER.get_or_try_init(py, || {
        py.import("logging")?.getattr("getLogger")?.call1(("kling_auth",)).map(Bound::unbind)
    })?;
    let options = PyDict::new(py);
    options.set_item(intern!(py, "stacklevel"), frames_of_ours(py)?)?;
    for event in warnings {
        let level = match event.level() {
            Level::Debug => 10,
            Level::Info => 20,
            _ => 30,
        };
        let text = (level, "%s (%s)", event.to_string(), event.code());
        let written = logger.call_method(py, intern!(py, "log"), text, Some(&options));
        match written {
            // A handler that fails must not take a response away.
            Err(error) if error.is_instance_of::<PyException>(py) => {
                error.write_unraisable(py, Some(logger.bind(py)));
            }
            other => drop(other?),
        }
    }
    Ok(())
}

/// How many frames up the first is that is not of this package.
fn frames_of_ours(py: Python<'_>) -> PyResult<i32> {
    let sys = py.import(intern!(py, "sys"))?;
    // Without Python's code above, as in an embedded interpreter, there is no frame.
    let mut frame = sys.call_method0(intern!(py, "_getframe")).ok();
    let mut level = 1;
    while let Some(one) = frame {
        let globals = one.getattr(intern!(py, "f_globals"))?;
        let name =
            globals.get_item(intern!(py, "__name__")).and_then(|name| name.extract::<String>());
        let is_ours =
            name.is_ok_and(|name| name == "kling_auth" || name.starts_with("kling_auth."));
        if !is_ours {
            return Ok(level);
        }
        level += 1;
        frame = Some(one.getattr(intern!(py, "f_back"))?).filter(|frame| !frame.is_none());
    }
    Ok(1)
}

//! The engine's events, as Python warnings or in the log `kling_auth`.
//!
//! The engine emits events while its state changes. Python code must not run at that point, so the
//! events wait in the thread until the engine has returned.
//!
//! With `-W error`, a warning is raised. That is right if the user creates or rotates an object, but
//! in a running request the response would be lost. So during requests all events are logged.

use std::cell::RefCell;

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

/// Warns a caller that creates or rotates an object of the waiting warnings, and logs other events.
pub(crate) fn warn(py: Python<'_>) -> PyResult<()> {
    let (warnings, rest): (Vec<_>, _) =
        taken().into_iter().partition(|event| event.level() == Level::Warning);
    write(py, rest)?;
    warn_of(py, &warnings)
}

/// Emits Python warnings that name the line of the user's own code.
pub(crate) fn warn_of(py: Python<'_>, warnings: &[Event]) -> PyResult<()> {
    static WARNING: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    if warnings.is_empty() {
        return Ok(());
    }
    let class = WARNING.import(py, MODULE, "KlingAuthWarning")?;
    let options = PyDict::new(py);
    options.set_item(intern!(py, "stacklevel"), own_frames(py)?)?;
    let module = py.import(intern!(py, "warnings"))?;
    warnings.iter().try_for_each(|event| {
        let warning = class.call1((format!("{event} ({})", event.code()), event.code()))?;
        module.call_method(intern!(py, "warn"), (warning,), Some(&options)).map(drop)
    })
}

/// Logs the waiting events to `kling_auth`.
pub(crate) fn log(py: Python<'_>) -> PyResult<()> {
    write(py, taken())
}

fn taken() -> Vec<Event> {
    WAITING.take()
}

fn write(py: Python<'_>, events: Vec<Event>) -> PyResult<()> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if events.is_empty() {
        return Ok(());
    }
    // If `logging` is not imported, only warnings are shown, and the import takes time.
    let is_needed = || events.iter().any(|event| event.level() == Level::Warning);
    let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
    if LOGGER.get(py).is_none() && !modules.contains(intern!(py, "logging"))? && !is_needed() {
        return Ok(());
    }
    let logger = LOGGER.get_or_try_init(py, || {
        py.import("logging")?.getattr("getLogger")?.call1(("kling_auth",)).map(Bound::unbind)
    })?;
    let options = PyDict::new(py);
    options.set_item(intern!(py, "stacklevel"), own_frames(py)?)?;
    for event in events {
        let level = match event.level() {
            Level::Debug => 10,
            Level::Info => 20,
            _ => 30,
        };
        let text = (level, "%s (%s)", event.to_string(), event.code());
        let written = logger.call_method(py, intern!(py, "log"), text, Some(&options));
        match written {
            // If a logging handler raises, the response must not be lost.
            Err(error) if error.is_instance_of::<PyException>(py) => {
                error.write_unraisable(py, Some(logger.bind(py)));
            }
            other => drop(other?),
        }
    }
    Ok(())
}

/// The stack level of the first frame outside this package.
fn own_frames(py: Python<'_>) -> PyResult<i32> {
    let sys = py.import(intern!(py, "sys"))?;
    // An embedded interpreter may have no Python frame.
    let mut frame = sys.call_method0(intern!(py, "_getframe")).ok();
    let mut level = 1;
    while let Some(one) = frame {
        let globals = one.getattr(intern!(py, "f_globals"))?;
        let name =
            globals.get_item(intern!(py, "__name__")).and_then(|name| name.extract::<String>());
        let is_own = name.is_ok_and(|name| name == "kling_auth" || name.starts_with("kling_auth."));
        if !is_own {
            return Ok(level);
        }
        level += 1;
        frame = Some(one.getattr(intern!(py, "f_back"))?).filter(|frame| !frame.is_none());
    }
    Ok(1)
}

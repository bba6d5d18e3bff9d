//! Finds credentials: passed as arguments, returned by the caller's function, or on the machine.

use std::collections::HashMap;

use kling_auth::{
    KlingAuth,
    bindings::{Generation, engine, resolve_again},
    sources::{Explicit, Resolved, env_names, env_var, resolve_here, resolve_in_process},
};
use pyo3::{intern, prelude::*, types::PyString};
use zeroize::Zeroizing;

use crate::{
    arguments::{self, Optional},
    async_function::AsyncFunction,
    errors::{raise, wrong_type},
};

/// The credentials that were passed or, without any, those found on the machine.
pub(crate) fn credentials<'py>(
    py: Python<'py>,
    access_key: Optional<'_, 'py>,
    secret_key: Optional<'_, 'py>,
    api_key: Optional<'_, 'py>,
) -> PyResult<Resolved> {
    let access_key = arguments::text(access_key, "access_key")?;
    let secret_key = arguments::text(secret_key, "secret_key")?;
    let api_key = arguments::text(api_key, "api_key")?;
    let given = Explicit::new(access_key.as_deref(), secret_key.as_deref(), api_key.as_deref());
    // Without arguments, files may be read, so other threads may run meanwhile.
    let found = match given {
        Explicit { access_key: None, secret_key: None, api_key: None, .. } => {
            let environment = environment();
            py.detach(|| {
                resolve_here(given, &|name| environment.get(name).map(|value| value.to_string()))
            })
        }
        _ => resolve_in_process(given),
    };
    found.map_err(|error| raise(py, error))
}

/// The credentials that the caller's function returns: a key pair or an API key.
pub(crate) fn credentials_of(function: &Bound<'_, PyAny>) -> PyResult<Resolved> {
    let returned = match function.cast::<AsyncFunction>() {
        Ok(function) => function.get().take(function.py())?,
        Err(_) => function.call0()?,
    };
    credentials_from(&returned)
}

/// The credentials in the value that the caller's function returned.
pub(crate) fn credentials_from(returned: &Bound<'_, PyAny>) -> PyResult<Resolved> {
    let py = returned.py();
    let found = if returned.is_instance_of::<PyString>() {
        credentials(py, None, None, Some(returned))?
    } else if let Ok((access_key, secret_key)) =
        returned.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()
    {
        // `None` for a key raises a type error. It must not start a search.
        credentials(py, Some(&access_key), Some(&secret_key), None)?
    } else {
        return Err(not_credentials(returned));
    };
    Ok(found.from_function())
}

fn not_credentials(returned: &Bound<'_, PyAny>) -> PyErr {
    const EXPECTED: &str = "(access_key, secret_key) or an API key";
    const AWAITED: &str = "(access_key, secret_key) or an API key, without being awaited: of an \
                           asynchronous function, make the object by `await KlingAuth.afrom(function)`";
    let py = returned.py();
    let is_awaitable = returned.hasattr(intern!(py, "__await__")).unwrap_or(false);
    if is_awaitable && let Ok(Some(close)) = returned.getattr_opt(intern!(py, "close")) {
        // Or Python warns of a coroutine that was never awaited. An error of `close` does not matter.
        let _ = close.call0();
    }
    let expected = if is_awaitable { AWAITED } else { EXPECTED };
    wrong_type(py, "what the credentials function returns", expected)
}

/// The credentials that their source has now.
pub(crate) fn resolved_again(
    py: Python<'_>,
    auth: &KlingAuth,
    generation: &Generation,
) -> PyResult<Resolved> {
    let environment = environment();
    let environment = |name: &str| environment.get(name).map(|value| value.to_string());
    py.detach(|| resolve_again(engine(auth), &generation.source, &environment))
        .map_err(|error| raise(py, error))
}

/// The environment variables of a search, read while no other Python thread can change them.
fn environment() -> HashMap<String, Zeroizing<String>> {
    let read = |name: String| Some((env_var(&name).map(Zeroizing::new)?, name));
    env_names().filter_map(read).map(|(value, name)| (name, value)).collect()
}

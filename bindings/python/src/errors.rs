//! Converts the core's errors to exceptions of `kling_auth`.

use kling_auth::{CoreError, Error};
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

pub(crate) const MODULE: &str = "kling_auth.errors";

/// The exception for an error.
pub(crate) fn raise(py: Python<'_>, error: impl Into<Error>) -> PyErr {
    let error = error.into();
    match exception_class(py, &error) {
        Ok(class) => PyErr::from_type(class.clone(), (error.to_string(), error.code())),
        Err(import_failed) => import_failed,
    }
}

/// The exception for an argument of the wrong type.
pub(crate) fn wrong_type(py: Python<'_>, name: &'static str, expected: &'static str) -> PyErr {
    raise(py, CoreError::Type { argument: name, expected })
}

/// The exception for an argument of the wrong type. The message names that type.
pub(crate) fn not_of_type(
    object: &Bound<'_, PyAny>,
    name: &'static str,
    expected: &'static str,
) -> PyErr {
    let class = object.get_type();
    let class = class.name().map(|name| name.to_string()).unwrap_or_default();
    let error = CoreError::Type { argument: name, expected };
    // A client's request: the user passed the class KlingAuth in place of an object.
    let is_request =
        object.hasattr("headers").unwrap_or(false) && object.hasattr("url").unwrap_or(false);
    let hint =
        if is_request { "; did you pass the class KlingAuth instead of KlingAuth()?" } else { "" };
    match exception_class(object.py(), &error.into()) {
        Ok(exception) => {
            let message = format!("{error}, not {class}{hint}");
            PyErr::from_type(exception.clone(), (message, error.code()))
        }
        Err(import_failed) => import_failed,
    }
}

/// The class of an exception, imported when it is first raised.
fn exception_class<'py>(py: Python<'py>, error: &Error) -> PyResult<&'py Bound<'py, PyType>> {
    static CREDENTIAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static ARGUMENT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static ARGUMENT_TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static TOKEN: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static BASE: PyOnceLock<Py<PyType>> = PyOnceLock::new();

    static WEBHOOK: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static ORIGIN: PyOnceLock<Py<PyType>> = PyOnceLock::new();

    let core = match error {
        Error::Core(core) | Error::InvalidAt { error: core, .. } => core,
        Error::Origin { .. } => return ORIGIN.import(py, MODULE, "OriginError"),
        _ => return CREDENTIAL.import(py, MODULE, "CredentialError"),
    };
    match core {
        CoreError::WebhookUnsigned
        | CoreError::WebhookHeader { .. }
        | CoreError::WebhookTime { .. }
        | CoreError::WebhookSignature
        | CoreError::WebhookShortSecret => WEBHOOK.import(py, MODULE, "WebhookError"),
        CoreError::Credential { .. } | CoreError::WebhookSecret => {
            CREDENTIAL.import(py, MODULE, "CredentialError")
        }
        CoreError::Lifetime
        | CoreError::Buffer
        | CoreError::Time
        | CoreError::BaseUrl
        | CoreError::BaseUrlHost
        | CoreError::Region => ARGUMENT.import(py, MODULE, "ArgumentError"),
        CoreError::Type { .. } => ARGUMENT_TYPE.import(py, MODULE, "ArgumentTypeError"),
        CoreError::TokenSegments
        | CoreError::TokenEncoding
        | CoreError::TokenHeader
        | CoreError::TokenClaims
        | CoreError::Algorithm
        | CoreError::Signature => TOKEN.import(py, MODULE, "TokenError"),
        _ => BASE.import(py, MODULE, "KlingAuthError"),
    }
}

//! `generate_kling_token` and `KlingAuth`.

use kling_auth::{KlingAuth as Auth, TokenProvider};
use pyo3::{
    exceptions::PyTypeError,
    intern,
    prelude::*,
    types::{PyDict, PyString},
};

use crate::{
    arguments::{self, Optional},
    errors::wrong_type,
};

/// Return one token for a key pair, to be sent as ``Authorization: Bearer <token>``.
///
/// Without arguments the pair comes from the environment: ``KLING_ACCESS_KEY`` and
/// ``KLING_SECRET_KEY``. ``lifetime`` is in seconds, 1 to 1800; ``now`` in Unix seconds, the
/// system's clock by default. Bad input raises a ``KlingAuthError`` with a stable ``code``.
///
/// >>> from kling_auth import generate_kling_token
/// >>> token = generate_kling_token("access-key", "secret-key", now=1800000000)
/// >>> token.split(".")[0]
/// 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'
#[pyfunction]
#[pyo3(
    signature = (access_key=None, secret_key=None, *, lifetime=None, now=None),
    text_signature = "(access_key=None, secret_key=None, *, lifetime=1800, now=None)"
)]
pub(crate) fn generate_kling_token<'py>(
    py: Python<'py>,
    access_key: Optional<'_, 'py>,
    secret_key: Optional<'_, 'py>,
    lifetime: Optional<'_, 'py>,
    now: Optional<'_, 'py>,
) -> PyResult<Bound<'py, PyString>> {
    let credentials = arguments::credentials(py, access_key, secret_key, None)?;
    let validity = arguments::validity(py, lifetime)?;
    let now = arguments::now(py, now)?;
    let mut provider = TokenProvider::with_policy(&credentials, validity, 0);
    Ok(PyString::new(py, provider.refresh(now).as_str()))
}

/// Hands out the bearer token for requests to Kling, renewed before it ends.
///
/// Takes a key pair, or ``api_key``; without any of them the environment's pair. A token lives
/// ``lifetime`` seconds (1 to 1800) and is renewed ``buffer_sec`` seconds before its end.
/// ``clock`` is a function that returns Unix seconds, such as ``time.time``, for tests; the
/// system's clock is read without it. May be shared by threads: no method ever waits.
///
/// >>> from kling_auth import KlingAuth
/// >>> auth = KlingAuth("access-key", "secret-key")
/// >>> len(auth.token.split("."))
/// 3
#[pyclass(frozen, subclass, module = "kling_auth")]
pub(crate) struct KlingAuth {
    auth: Auth,
    clock: Option<Py<PyAny>>,
}

#[pymethods]
impl KlingAuth {
    #[new]
    #[pyo3(
        signature = (
            access_key=None, secret_key=None, buffer_sec=None, *,
            api_key=None, lifetime=None, clock=None,
        ),
        text_signature = "(access_key=None, secret_key=None, buffer_sec=300, *, api_key=None, \
                          lifetime=1800, clock=None)"
    )]
    fn new<'py>(
        py: Python<'py>,
        access_key: Optional<'_, 'py>,
        secret_key: Optional<'_, 'py>,
        buffer_sec: Optional<'_, 'py>,
        api_key: Optional<'_, 'py>,
        lifetime: Optional<'_, 'py>,
        clock: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let credentials = arguments::credentials(py, access_key, secret_key, api_key)?;
        let validity = arguments::validity(py, lifetime)?;
        let buffer = arguments::buffer(py, buffer_sec)?;
        if clock.as_ref().is_some_and(|clock| !clock.bind(py).is_callable()) {
            return Err(wrong_type(py, "clock", "a function that returns Unix seconds"));
        }
        let auth = TokenProvider::with_policy(&credentials, validity, buffer).into();
        Ok(Self { auth, clock })
    }

    /// The token to send now, without ``Bearer``.
    #[getter]
    fn token<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        let now = self.now(py)?;
        Ok(self.auth.with_token_at(now, |token| PyString::new(py, token.as_str())))
    }

    /// The headers to send now: ``Authorization`` and ``Content-Type``, in a new dict.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let now = self.now(py)?;
        let headers = PyDict::new(py);
        headers.set_item(intern!(py, "Authorization"), self.auth.authorization_at(now))?;
        headers.set_item(intern!(py, "Content-Type"), intern!(py, "application/json"))?;
        Ok(headers)
    }

    /// When the token to send now expires, in Unix seconds; ``None`` for an API key.
    #[getter]
    fn expires_at(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        let now = self.now(py)?;
        Ok(self.auth.with_token_at(now, kling_auth::Token::expires_at))
    }

    /// The access key that signs; ``None`` for an API key.
    #[getter]
    fn access_key(&self) -> Option<String> {
        self.auth.access_key()
    }

    /// Mint a new token in place of the current one, and return it.
    fn refresh<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        let now = self.now(py)?;
        Ok(PyString::new(py, self.auth.refresh_at(now).as_str()))
    }

    /// Go on with other credentials, at once for all threads.
    ///
    /// Tokens handed out before remain valid until their end.
    #[pyo3(signature = (access_key=None, secret_key=None, *, api_key=None))]
    fn rotate<'py>(
        &self,
        py: Python<'py>,
        access_key: Optional<'_, 'py>,
        secret_key: Optional<'_, 'py>,
        api_key: Optional<'_, 'py>,
    ) -> PyResult<()> {
        self.auth.rotate(&arguments::credentials(py, access_key, secret_key, api_key)?);
        Ok(())
    }

    fn __repr__(&self) -> String {
        match self.auth.access_key() {
            Some(access_key) => format!("KlingAuth(access_key='{access_key}')"),
            None => "KlingAuth(api_key=[elided])".to_owned(),
        }
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the object")]
    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a KlingAuth holds a secret and cannot be pickled or copied: make one from the \
             credentials where it is needed",
        ))
    }
}

impl KlingAuth {
    fn now(&self, py: Python<'_>) -> PyResult<u64> {
        match &self.clock {
            None => Ok(kling_auth::unix_now()),
            Some(clock) => arguments::now(py, Some(&clock.bind(py).call0()?)),
        }
    }
}

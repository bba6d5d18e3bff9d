//! `generate_kling_token` and `KlingAuth`.

use std::{mem, sync::OnceLock, time::Duration};

use kling_auth::{
    KlingAuth as Auth, Region, Response, Token,
    bindings::{self, engine},
    check::{Options, Probe},
    mint,
    sources::{Resolved, env_var},
};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyRuntimeError, PyTypeError},
    intern,
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};

use crate::{
    arguments::{self, Optional},
    clock,
    errors::raise,
    events, explicit,
    fast::cached_object::CachedObject,
    state::State,
    verdict::Verdict,
};

/// Create one token for a key pair, to be sent as ``Authorization: Bearer <token>``.
///
/// Without keys, the credentials are searched for in the environment (``KLING_ACCESS_KEY`` and
/// ``KLING_SECRET_KEY``), in ``.env`` and in Kling's own profile. A ``KlingAuthWarning`` says what
/// was corrected in a key, such as white space around it.
///
/// Args:
///     access_key: The access key of a key pair.
///     secret_key: The secret key of the same pair.
///     lifetime: Seconds for which the token is valid, from 1 to 1800.
///     now: The time in Unix seconds. Default: the system's clock.
///
/// Raises:
///     CredentialError: A key is missing or malformed.
///     ArgumentError: ``lifetime`` or ``now`` is out of range.
///     ArgumentTypeError: An argument has the wrong type.
///
/// >>> from kling_auth import generate_kling_token
/// >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
/// >>> generate_kling_token(*keys, now=1800000000).split(".")[0]
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
    let Resolved { credentials, warnings, .. } =
        explicit::credentials(py, access_key, secret_key, None)?;
    let validity = arguments::validity(py, lifetime)?;
    let now = clock::given_or_now(py, now)?;
    events::warn_of(py, &warnings)?;
    PyString::from_bytes(py, mint(&credentials, validity, now).as_bytes())
}

/// Whether the caller of `handle` can await an asynchronous `credentials` function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// It calls the function itself, if that is needed.
    CanAwait,
    /// If the function is needed, a warning says that it was not called.
    CannotAwait,
}

/// The native part of ``kling_auth.KlingAuth``, without the support for HTTP clients.
#[pyclass(frozen, subclass, module = "kling_auth._native")]
pub(crate) struct KlingAuth {
    /// Set by `__init__`, so that a subclass may have an `__init__` of its own.
    state: OnceLock<State>,
}

#[pymethods]
impl KlingAuth {
    #[new]
    #[pyo3(
        signature = (*_arguments, **_named),
        text_signature = "(access_key=None, secret_key=None, buffer_sec=300, *, api_key=None, \
                          lifetime=1800, credentials=None, clock=None, base_url=None, \
                          region=None)"
    )]
    fn new(_arguments: &Bound<'_, PyTuple>, _named: Option<&Bound<'_, PyDict>>) -> Self {
        Self { state: OnceLock::new() }
    }

    #[pyo3(
        signature = (
            access_key=None, secret_key=None, buffer_sec=None, *,
            api_key=None, lifetime=None, credentials=None, clock=None, base_url=None, region=None,
        )
    )]
    #[expect(clippy::too_many_arguments, reason = "Python's are named")]
    fn __init__<'py>(
        &self,
        py: Python<'py>,
        access_key: Optional<'_, 'py>,
        secret_key: Optional<'_, 'py>,
        buffer_sec: Optional<'_, 'py>,
        api_key: Optional<'_, 'py>,
        lifetime: Optional<'_, 'py>,
        credentials: Optional<'_, 'py>,
        clock: Optional<'_, 'py>,
        base_url: Optional<'_, 'py>,
        region: Optional<'_, 'py>,
    ) -> PyResult<()> {
        arguments::callable(clock, "clock", "a function that returns Unix seconds")?;
        arguments::callable(credentials, "credentials", "a function that returns credentials")?;
        let validity = arguments::validity(py, lifetime)?;
        let (lifetime, buffer) =
            (validity.lifetime(), arguments::buffer(py, buffer_sec, validity)?);
        let found = match credentials {
            Some(function) if [access_key, secret_key, api_key].iter().all(Option::is_none) => {
                explicit::credentials_of(function)?
            }
            Some(_) => return Err(raise(py, kling_auth::Error::Conflict)),
            None => explicit::credentials(py, access_key, secret_key, api_key)?,
        };
        let builder = Auth::builder()
            .resolved(found)
            .lifetime(Duration::from_secs(lifetime))
            .buffer(Duration::from_secs(buffer));
        let mut builder = builder.listener(events::on_event);
        if let Some(url) = arguments::string(base_url, "base_url")? {
            builder = builder.base_url(url);
        }
        if let Some(name) = arguments::string(region, "region")? {
            builder = builder.region(name.parse::<Region>().map_err(|error| raise(py, error))?);
        }
        let auth = builder.build().map_err(|error| raise(py, error))?;
        events::warn(py)?;
        let owned = |object: Optional<'_, 'py>| object.map(|object| object.clone().unbind());
        let (clock, credentials) = (owned(clock), owned(credentials));
        let (token, headers) = (CachedObject::new(), CachedObject::new());
        let state = State { auth, lifetime, buffer, clock, credentials, token, headers };
        self.state.set(state).map_err(|_| {
            PyTypeError::new_err("__init__() was called before: rotate() replaces the credentials")
        })
    }

    /// The current token, without ``Bearer``. It is renewed when it is due.
    #[getter]
    fn token<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        self.state()?.token(py)
    }

    /// The headers of a request to Kling: ``Authorization`` and ``Content-Type``, in a new dict.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        // A copy costs half as much as a new dict, and the caller may change it.
        self.state()?.headers(py)?.copy()
    }

    /// The time at which the current token expires, in Unix seconds; ``None`` for an API key.
    #[getter]
    fn expires_at(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        self.state()?.with_token(py, Token::expires_at)
    }

    /// The access key, unmasked; ``None`` for an API key. ``repr()`` shows it masked.
    #[getter]
    fn access_key(&self) -> PyResult<Option<String>> {
        Ok(self.state()?.auth.access_key())
    }

    /// The source of the credentials, for people: ``environment (KLING_ACCESS_KEY, …)``.
    #[getter]
    fn source(&self) -> PyResult<String> {
        Ok(self.state()?.auth.source())
    }

    /// The source of the credentials, for programs: ``arguments``, ``environment``, ``dotenv``,
    /// ``profile`` or ``function``.
    #[getter]
    fn source_kind(&self) -> PyResult<&'static str> {
        Ok(self.state()?.auth.source_kind())
    }

    /// The base URL of Kling's API, without a slash at its end.
    #[getter]
    fn base_url(&self) -> PyResult<&str> {
        Ok(self.state()?.auth.base_url())
    }

    /// The seconds by which Kling's clock is ahead of this machine's; negative if it is behind.
    ///
    /// It is 0 until Kling refuses a token because of its time.
    #[getter]
    fn clock_offset(&self) -> PyResult<i64> {
        Ok(self.state()?.auth.clock_offset())
    }

    /// The verdict on the last refused request, in any thread; ``None`` if there was none.
    ///
    /// The verdict on a refusal is falsy, so compare it with ``None``.
    #[getter]
    fn last_verdict(&self) -> PyResult<Option<Verdict>> {
        Ok(self.state()?.auth.last_verdict().map(Verdict))
    }

    /// Return ``headers`` for a request to a URL, unless the token must not be sent there.
    ///
    /// The token is sent over HTTPS to Kling's API hosts, and to the origin of ``base_url``.
    ///
    /// Args:
    ///     url: The absolute URL of the request.
    ///
    /// Raises:
    ///     OriginError: The token must not be sent to this URL.
    ///
    /// >>> from kling_auth import KlingAuth
    /// >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    /// >>> auth.headers_for("https://api.klingai.com/v1/videos/text2video") == auth.headers
    /// True
    fn headers_for<'py>(
        &self,
        py: Python<'py>,
        url: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let auth = &self.state()?.auth;
        let url = arguments::required(url, "url")?;
        bindings::require_origin(engine(auth), &url).map_err(|error| raise(py, error))?;
        self.headers(py)
    }

    /// Find out what a response means, and correct the clock or reload the credentials if needed.
    ///
    /// For HTTP clients that ``auth`` cannot be passed to. If the verdict's ``action`` is
    /// ``retry``, send the request once more with the current ``headers``.
    ///
    /// If a token was refused because of its time, the clock is corrected and the next token is
    /// valid. If Kling does not know the credentials, they are read again from their source, at most
    /// once a minute. If the source is an asynchronous function, call ``ahandle_response()``.
    ///
    /// Args:
    ///     status: The HTTP status.
    ///     headers: The response's headers: a mapping, or pairs of name and value.
    ///     body: The raw body.
    ///     token: The token that was sent. Default: the current one.
    ///     sent: The full ``Authorization`` header of the request, ``""`` if there was none. If it
    ///         was not a bearer, the verdict's ``remedy`` says so.
    ///
    /// Returns:
    ///     A ``Verdict``. Its ``action`` says what to do, its ``cause`` and ``remedy`` say why.
    ///
    /// Raises:
    ///     ArgumentTypeError: An argument has the wrong type.
    ///
    /// >>> from kling_auth import KlingAuth
    /// >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    /// >>> verdict = auth.handle_response(401, {}, b'{"code":1000,"message":"signature is invalid"}')
    /// >>> verdict.action, verdict.cause
    /// ('fail', 'wrong_secret_key')
    #[pyo3(signature = (status, headers=None, body=None, *, token=None, sent=None))]
    fn handle_response<'py>(
        &self,
        py: Python<'py>,
        status: &Bound<'py, PyAny>,
        headers: Optional<'_, 'py>,
        body: Optional<'_, 'py>,
        token: Optional<'_, 'py>,
        sent: Optional<'_, 'py>,
    ) -> PyResult<Verdict> {
        let verdict = self.handle(py, status, headers, body, token, sent, Caller::CannotAwait)?;
        events::log(py)?;
        Ok(verdict)
    }

    /// Create a new token now, replace the current one with it, and return it.
    ///
    /// Credentials that changed in a file are read again first.
    ///
    /// >>> from kling_auth import KlingAuth
    /// >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    /// >>> auth.refresh() == auth.token
    /// True
    fn refresh<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        let state = self.state()?;
        let now = state.now(py)?;
        let lease = bindings::refresh(engine(&state.auth), &env_var, now);
        events::log(py)?;
        PyString::from_bytes(py, lease.token.as_bytes())
    }

    /// Replace the credentials, immediately and in all threads.
    ///
    /// Without arguments, they are read again from where they were found, or the ``credentials``
    /// function is called. If that raises, the current credentials stay in use. Tokens of the
    /// replaced credentials stay valid until they expire.
    ///
    /// Args:
    ///     access_key: The access key of the new key pair.
    ///     secret_key: The secret key of the new key pair.
    ///     api_key: The new API key, in place of a key pair.
    ///
    /// Raises:
    ///     CredentialError: The new credentials are missing or malformed.
    ///     ArgumentTypeError: An argument has the wrong type, or the function has to be awaited:
    ///         call ``arotate()``.
    ///
    /// >>> from kling_auth import KlingAuth
    /// >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    /// >>> auth.rotate(access_key="f" * 32, secret_key="0123456789" * 3 + "ab")
    /// >>> auth.access_key == "f" * 32
    /// True
    #[pyo3(signature = (access_key=None, secret_key=None, *, api_key=None))]
    fn rotate<'py>(
        &self,
        py: Python<'py>,
        access_key: Optional<'_, 'py>,
        secret_key: Optional<'_, 'py>,
        api_key: Optional<'_, 'py>,
    ) -> PyResult<()> {
        let State { auth, credentials, .. } = self.state()?;
        let generation = engine(auth).generation();
        let is_explicit = [access_key, secret_key, api_key].iter().any(Option::is_some);
        let mut found = match credentials {
            _ if is_explicit => explicit::credentials(py, access_key, secret_key, api_key)?,
            Some(function) => explicit::credentials_of(function.bind(py))?,
            None => explicit::resolved_again(py, auth, &generation)?,
        };
        // Before anything changes: if a warning is raised as an error, the credentials stay.
        events::warn_of(py, &mem::take(&mut found.warnings))?;
        if is_explicit {
            bindings::apply(engine(auth), found);
        } else {
            // If another thread rotated while the function ran, its credentials are newer.
            bindings::apply_if_current(engine(auth), &generation, found);
        }
        events::warn(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let auth = &self.state()?.auth;
        let source = PyString::new(py, &auth.source()).repr()?;
        Ok(match engine(auth).masked_access_key() {
            Some(access_key) => {
                let access_key = PyString::new(py, &access_key).repr()?;
                format!("KlingAuth(access_key={access_key}, source={source})")
            }
            None => format!("KlingAuth(api_key=[elided], source={source})"),
        })
    }

    /// Copies of an object that holds it, such as a client's options, use the same tokens.
    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// The same object: nothing in it can be changed through a copy.
    #[pyo3(signature = (_memo=None))]
    fn __deepcopy__<'py>(slf: Bound<'py, Self>, _memo: Optional<'_, 'py>) -> Bound<'py, Self> {
        slf
    }

    /// The other process finds the credentials again. A secret is never written.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, ())> {
        let (py, state) = (slf.py(), slf.get().state()?);
        if !engine(&state.auth).can_reload() {
            return Err(PyTypeError::new_err(
                "a KlingAuth whose credentials were passed or come from a function holds a secret \
                 and cannot be pickled: create one in each process (an initializer of the pool, a \
                 function that returns it), or let it find the credentials in the environment",
            ));
        }
        let public = py.import(intern!(py, "kling_auth"))?.getattr(intern!(py, "KlingAuth"))?;
        if !slf.get_type().is(&public) {
            return Err(PyTypeError::new_err(
                "a subclass of KlingAuth must define __reduce__ to be pickled",
            ));
        }
        let options = PyDict::new(py);
        options.set_item("buffer_sec", state.buffer)?;
        options.set_item("lifetime", state.lifetime)?;
        options.set_item("clock", &state.clock)?;
        options.set_item("base_url", state.auth.base_url())?;
        let construct = py.import("functools")?.getattr("partial")?;
        Ok((construct.call((slf.get_type(),), Some(&options))?, ()))
    }

    /// For the garbage collector: a clock is often a method of the object that holds this one.
    #[expect(clippy::needless_pass_by_value, reason = "Python passes it so")]
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.state.get() {
            None => Ok(()),
            Some(state) => {
                visit.call(&state.clock)?;
                visit.call(&state.credentials)
            }
        }
    }
}

impl KlingAuth {
    #[expect(clippy::too_many_arguments, reason = "Python's are named")]
    pub(crate) fn handle<'py>(
        &self,
        py: Python<'py>,
        status: &Bound<'py, PyAny>,
        headers: Optional<'_, 'py>,
        body: Optional<'_, 'py>,
        token: Optional<'_, 'py>,
        sent: Optional<'_, 'py>,
        caller: Caller,
    ) -> PyResult<Verdict> {
        const AWAITED: &str = "the credentials function is asynchronous, so that only `await \
                               auth.arotate()` or an asynchronous client can call it";
        let state = self.state()?;
        let now = state.now(py)?;
        let status = arguments::status(status)?;
        let date = arguments::header(headers, "date")?;
        let body = arguments::body(body)?;
        let token = arguments::string(token, "token")?;
        let sent = arguments::text(sent, "sent")?;
        let (date, token) = (date.as_deref(), token.as_deref());
        let response = Response::new(status, &body).with_date(date).with_token(token);
        let engine = engine(&state.auth);
        let mut verdict = state.auth.handle_response_at(&response, now);
        if let Some(function) = &state.credentials {
            if !state.is_async(py) {
                if engine.claim_reload(&verdict, &response, now) {
                    state.reload(py, function)?;
                }
            } else if caller == Caller::CannotAwait
                && engine.should_reload(&verdict, &response, now)
            {
                engine.warn_reload_failed(&AWAITED);
            }
        }
        if let Some(sent) = sent {
            verdict = engine.with_authorization(&verdict, &sent);
        }
        Ok(Verdict(verdict))
    }

    /// A probe of the current credentials.
    pub(crate) fn probe(&self, py: Python<'_>, options: Options) -> PyResult<Probe> {
        let state = self.state()?;
        // Getting a token also reads files that changed.
        state.with_token(py, |_| ())?;
        Ok(Probe::new(&state.auth, options))
    }

    /// The time in Unix seconds, by this object's clock.
    pub(crate) fn now(&self, py: Python<'_>) -> PyResult<u64> {
        self.state()?.now(py)
    }

    pub(crate) fn state(&self) -> PyResult<&State> {
        self.state.get().ok_or_else(unmade)
    }
}

#[cold]
#[inline(never)]
fn unmade() -> PyErr {
    PyRuntimeError::new_err("call super().__init__() first, with the credentials")
}

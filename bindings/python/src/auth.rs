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
    state::{State, bearer},
    verdict::Verdict,
};

/// Return one token for a key pair, to be sent as ``Authorization: Bearer <token>``.
///
/// Without arguments the credentials are looked for: in the environment (``KLING_ACCESS_KEY``
/// and ``KLING_SECRET_KEY``), in ``.env``, in Kling's own profile. ``lifetime`` is in seconds, 1
/// to 1800; ``now`` in Unix seconds, the system's clock by default. Bad input raises a
/// ``KlingAuthError`` with a stable ``code``; what was mended in a key is told by a
/// ``KlingAuthWarning``.
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

/// What becomes of an asynchronous function where credentials are in doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asynchronous {
    /// That it cannot be asked here is told.
    Told,
    /// Whoever observes asks it.
    Left,
}

/// The native part of ``kling_auth.KlingAuth``, which adds how HTTP clients take it.
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
            .found(found)
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
        let held = |object: Optional<'_, 'py>| object.map(|object| object.clone().unbind());
        let (clock, credentials) = (held(clock), held(credentials));
        let (token, headers) = (CachedObject::new(), CachedObject::new());
        let state = State { auth, lifetime, buffer, clock, credentials, token, headers };
        self.state.set(state).map_err(|_| {
            PyTypeError::new_err("a KlingAuth is made once; rotate() changes its credentials")
        })
    }

    /// The token to send now, without ``Bearer``.
    #[getter]
    fn token<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        self.state()?.token(py)
    }

    /// The headers to send now: ``Authorization`` and ``Content-Type``, in a new dict.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        // A copy costs half of a dict that is filled, and what a caller adds stays its own.
        self.state()?.headers(py)?.copy()
    }

    /// When the token to send now expires, in Unix seconds; ``None`` for an API key.
    #[getter]
    fn expires_at(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        self.state()?.with_token(py, Token::expires_at)
    }

    /// The access key that signs, as it is; ``None`` for an API key. ``repr()`` shows it masked.
    #[getter]
    fn access_key(&self) -> PyResult<Option<String>> {
        Ok(self.state()?.auth.access_key())
    }

    /// Where the credentials come from, for people: ``environment (KLING_ACCESS_KEY, …)``.
    #[getter]
    fn source(&self) -> PyResult<String> {
        Ok(self.state()?.auth.source())
    }

    /// The stable name of where the credentials come from: ``arguments``, ``environment``,
    /// ``dotenv``, ``profile`` or ``function``.
    #[getter]
    fn source_kind(&self) -> PyResult<&'static str> {
        Ok(self.state()?.auth.source_kind())
    }

    /// What requests to Kling begin with, without a slash at its end.
    #[getter]
    fn base_url(&self) -> PyResult<&str> {
        Ok(self.state()?.auth.base_url())
    }

    /// By how many seconds the server's clock is ahead of this machine's, as far as refusals
    /// taught: 0 until then, negative where this machine's clock is ahead.
    #[getter]
    fn clock_offset(&self) -> PyResult<i64> {
        Ok(self.state()?.auth.clock_offset())
    }

    /// The verdict on the last refusal that was observed, by whichever thread; ``None`` before. It
    /// is false, as each refusal is: compare it with ``None``.
    #[getter]
    fn last_verdict(&self) -> PyResult<Option<Verdict>> {
        Ok(self.state()?.auth.last_verdict().map(Verdict))
    }

    /// Return the headers for a request to this absolute URL, as ``headers`` has them.
    ///
    /// Raises an ``OriginError`` where the bearer must not go: it is sent over https to Kling's
    /// API hosts, and to the origin of ``base_url``.
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

    /// Take in a response: what it means, and what to do next.
    ///
    /// A token that was refused for its time is replaced, and the clock corrected. Where Kling
    /// does not know the credentials they are looked for, or the ``credentials`` function asked,
    /// again, at most once a minute. ``headers`` are a mapping or pairs, ``body`` the raw bytes,
    /// ``token`` the bearer that was sent, if it is not the current one. ``sent`` is the request's
    /// ``Authorization`` header, ``""`` if it had none: where that was no bearer, the remedy names
    /// its scheme. An asynchronous function is asked by ``await auth.ahandle_response()`` instead.
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
        let verdict = self.take_in(py, status, headers, body, token, sent, Asynchronous::Told)?;
        events::log(py)?;
        Ok(verdict)
    }

    /// For adapters that await: ``handle_response``, without a word on an asynchronous function.
    #[pyo3(signature = (status, headers=None, body=None, *, token=None, sent=None))]
    fn _handle_response<'py>(
        &self,
        py: Python<'py>,
        status: &Bound<'py, PyAny>,
        headers: Optional<'_, 'py>,
        body: Optional<'_, 'py>,
        token: Optional<'_, 'py>,
        sent: Optional<'_, 'py>,
    ) -> PyResult<Verdict> {
        self.take_in(py, status, headers, body, token, sent, Asynchronous::Left)
    }

    /// For adapters that await: the asynchronous function of the caller, if there is one.
    #[getter]
    fn _async_function(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let state = self.state()?;
        let asked = state.credentials.as_ref().filter(|_| state.is_async(py));
        Ok(asked.map(|asked| asked.clone_ref(py)))
    }

    /// For adapters that await: whether Kling does not know the credentials of this bearer and they
    /// are still those that are held; ``None`` if that is not what the verdict says.
    fn _is_unknown(&self, verdict: &Verdict, token: &str) -> PyResult<Option<bool>> {
        let auth = &self.state()?.auth;
        Ok(verdict.0.is_unknown_credentials().then(|| engine(auth).issued(token)))
    }

    /// For adapters that await: whether it is time to ask for credentials again.
    fn _claim_reload(&self, py: Python<'_>, verdict: &Verdict, token: &str) -> PyResult<bool> {
        let state = self.state()?;
        let response = Response::new(200, b"").with_token(Some(token));
        Ok(engine(&state.auth).claim_reload(&verdict.0, &response, state.now(py)?))
    }

    /// For adapters that await: the verdict, where other credentials are held by now.
    fn _retry(&self, verdict: &Verdict) -> PyResult<Verdict> {
        Ok(Verdict(engine(&self.state()?.auth).retry(&verdict.0)))
    }

    /// For adapters that await: log what there is to tell.
    #[staticmethod]
    fn _log(py: Python<'_>) -> PyResult<()> {
        events::log(py)
    }

    /// For a rotation that awaits: warn of what there is to tell.
    #[staticmethod]
    fn _warn(py: Python<'_>) -> PyResult<()> {
        events::warn(py)
    }

    /// For adapters: the value of ``Authorization`` for a request, ``None`` to send it without.
    #[pyo3(signature = (url, present=None))]
    fn _authorize<'py>(
        &self,
        py: Python<'py>,
        url: &Bound<'py, PyAny>,
        present: Optional<'_, 'py>,
    ) -> PyResult<Option<String>> {
        let state = self.state()?;
        let url = arguments::required(url, "url")?;
        let present = present.map(|value| arguments::secret(value, "Authorization", "a str"));
        let present = present.transpose()?;
        let attaches = bindings::should_authorize(engine(&state.auth), &url, present.as_deref());
        if !attaches.map_err(|error| raise(py, error))? {
            return Ok(None);
        }
        state.with_token(py, bearer).map(Some)
    }

    /// For adapters: whether the response from this URL is Kling's, and its body to be read. A 401
    /// from elsewhere is logged.
    #[pyo3(signature = (url, status, headers=None))]
    fn _should_handle<'py>(
        &self,
        py: Python<'py>,
        url: &Bound<'py, PyAny>,
        status: u16,
        headers: Optional<'_, 'py>,
    ) -> PyResult<bool> {
        let auth = &self.state()?.auth;
        let url = arguments::required(url, "url")?;
        let content_type = arguments::header(headers, "content-type")?;
        let length = arguments::header(headers, "content-length")?;
        let (content_type, length) = (content_type.as_deref(), length.as_deref());
        let is_kling = engine(auth).should_handle_response(&url, status, content_type, length);
        events::log(py)?;
        Ok(is_kling)
    }

    /// Mint a new token in place of the current one, and return it; of credentials that changed
    /// in a file, the new ones.
    fn refresh<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        let state = self.state()?;
        let now = state.now(py)?;
        let lease = bindings::refresh(engine(&state.auth), &env_var, now);
        events::log(py)?;
        PyString::from_bytes(py, lease.token.as_bytes())
    }

    /// Go on with other credentials, at once for all threads.
    ///
    /// Without arguments they are looked for again where they were found, or asked for again of
    /// the ``credentials`` function. If that fails it raises, and those held before stay. Tokens
    /// handed out before remain valid until their end.
    #[pyo3(signature = (access_key=None, secret_key=None, *, api_key=None))]
    fn rotate<'py>(
        &self,
        py: Python<'py>,
        access_key: Optional<'_, 'py>,
        secret_key: Optional<'_, 'py>,
        api_key: Optional<'_, 'py>,
    ) -> PyResult<()> {
        let State { auth, credentials, .. } = self.state()?;
        let held = engine(auth).generation();
        let by_hand = [access_key, secret_key, api_key].iter().any(Option::is_some);
        let mut found = match credentials {
            _ if by_hand => explicit::credentials(py, access_key, secret_key, api_key)?,
            Some(function) => explicit::credentials_of(function.bind(py))?,
            None => explicit::found_again(py, auth)?,
        };
        // Before anything changes: a warning that is an error leaves all as it was.
        events::warn_of(py, &mem::take(&mut found.warnings))?;
        if by_hand {
            bindings::apply(engine(auth), found);
        } else {
            // Whoever rotated while a function was asked knows better.
            bindings::apply_if_current(engine(auth), &held, found);
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

    /// Copies of what holds it, as a client with its options, go on with the same tokens.
    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// The same: it has no parts that a copy could change.
    #[pyo3(signature = (_memo=None))]
    fn __deepcopy__<'py>(slf: Bound<'py, Self>, _memo: Optional<'_, 'py>) -> Bound<'py, Self> {
        slf
    }

    /// What can be found again is found again where it is unpickled; a secret is never written.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, ())> {
        let (py, state) = (slf.py(), slf.get().state()?);
        if !engine(&state.auth).can_reload() {
            return Err(PyTypeError::new_err(
                "a KlingAuth whose credentials were passed or come from a function holds a secret \
                 and cannot be pickled: make one in each process (an initializer of the pool, a \
                 function that returns it), or let it find the credentials in the environment",
            ));
        }
        let public = py.import(intern!(py, "kling_auth"))?.getattr(intern!(py, "KlingAuth"))?;
        if !slf.get_type().is(&public) {
            return Err(PyTypeError::new_err(
                "a subclass of KlingAuth has to say how it is pickled: define __reduce__",
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

    /// For the garbage collector: a clock is often a method of whoever holds this object.
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
    fn take_in<'py>(
        &self,
        py: Python<'py>,
        status: &Bound<'py, PyAny>,
        headers: Optional<'_, 'py>,
        body: Optional<'_, 'py>,
        token: Optional<'_, 'py>,
        sent: Optional<'_, 'py>,
        asynchronous: Asynchronous,
    ) -> PyResult<Verdict> {
        const AWAITED: &str = "the credentials function is asynchronous, so that only `await \
                               auth.arotate()` or an asynchronous client can ask it";
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
                    state.ask_again(py, function)?;
                }
            } else if asynchronous == Asynchronous::Told
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

    /// A probe of the credential held now.
    pub(crate) fn probe(&self, py: Python<'_>, options: Options) -> PyResult<Probe> {
        let state = self.state()?;
        // Files that changed are taken up with a token.
        state.with_token(py, |_| ())?;
        Ok(Probe::new(&state.auth, options))
    }

    /// The time by the clock that this object has, in Unix seconds.
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

//! One token, and the manager behind the JavaScript class `KlingAuth`.

use std::{cell::RefCell, ffi::CStr, time::Duration};

use kling_auth::{
    KlingAuth, Region, Response,
    bindings::{self, engine},
    mint,
    sources::{Event, Resolved},
};
use napi::bindgen_prelude::{Object, Uint8ArraySlice};
use napi_derive::napi;

use crate::{
    arguments::{self, Number, Text},
    errors::{Result, throw},
    function::{Call, Callable, Function, Value},
    probe::{self, Path, Probe, Regions},
    verdict::Verdict,
};

thread_local! {
    static PENDING: RefCell<Vec<Event>> = const { RefCell::new(Vec::new()) };
}

/// The engine's listener. It stores events until the engine has returned, because JavaScript must
/// not run while the engine's state changes.
fn on_event(event: Event) {
    PENDING.with_borrow_mut(|pending| pending.push(event));
}

/// An event. Its code begins with its level: `WARN_`, `INFO_` or `DEBUG_`.
#[napi(object)]
pub struct LogEvent {
    /// The stable code.
    pub code: String,
    /// The message, for people.
    pub message: String,
}

impl From<Event> for LogEvent {
    fn from(event: Event) -> Self {
        Self { code: event.code().to_owned(), message: event.to_string() }
    }
}

/// `generateKlingToken(accessKey, secretKey, lifetime, now, environment, emit)`: one token for a
/// key pair. `emit` is called with the events, if there are any.
pub(crate) struct GenerateKlingToken;

impl Callable for GenerateKlingToken {
    const NAME: &'static CStr = c"generateKlingToken";

    fn call(&self, call: &Call) -> Result<Value> {
        let keys = (call.text(0)?, call.text(1)?, None);
        let Resolved { credentials, warnings, .. } = arguments::credentials(keys, call.object(4))?;
        let validity = arguments::validity(call.number(2)?)?;
        let now = arguments::now(call.number(3)?)?;
        emit(call, 5, warnings)?;
        call.ascii(mint(&credentials, validity, now).as_bytes())
    }
}

/// `refresh(now, environment, emit)`: replaces the current token with a new one.
pub struct Refresh(KlingAuth);

impl Callable for Refresh {
    const NAME: &'static CStr = c"refresh";

    fn call(&self, call: &Call) -> Result<Value> {
        let now = arguments::now(call.number(0)?)?;
        let environment = arguments::variable(call.object(1));
        let lease = bindings::refresh(engine(&self.0), &environment, now);
        emit(call, 2, PENDING.take())?;
        call.ascii(lease.token.as_bytes())
    }
}

/// Passes events to the function that is argument `at`. Does not call it if there are none.
fn emit(call: &Call, at: usize, events: Vec<Event>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    call.call_function(at, events.into_iter().map(LogEvent::from).collect::<Vec<_>>())
}

/// A token, and the Unix seconds in which JavaScript may use it without asking again.
#[napi(object)]
pub struct Lease {
    /// The token.
    pub token: String,
    /// The first of the seconds.
    pub from: f64,
    /// The first second after them.
    pub until: f64,
    /// When the token expires, in Unix seconds; an API key does not.
    pub expires_at: Option<f64>,
}

/// A response without its body, and the bearer of its request.
#[napi(object, object_to_js = false)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The `Date` header.
    pub date: Option<String>,
    /// The bearer; `None` stands for the current one.
    pub token: Option<String>,
    /// The request's `Authorization`, empty without one; `None` if it is unknown.
    pub sent: Option<String>,
}

/// What a response means, and whether to reload the credentials.
#[napi(object)]
pub struct Handled {
    /// What it means.
    pub verdict: Verdict,
    /// Whether to call the caller's credentials function again.
    pub should_reload: bool,
}

/// The manager of one JavaScript object.
#[napi]
pub struct Manager(KlingAuth);

#[expect(clippy::unused_self, reason = "of `takeEvents`: in WebAssembly each manager has its own")]
#[napi]
impl Manager {
    /// A manager with the caller's credentials, or with those that are found on the machine.
    /// `by_function`: the caller's function returned them.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        access_key: Text<'_>,
        secret_key: Text<'_>,
        api_key: Text<'_>,
        by_function: bool,
        lifetime: Number<'_>,
        buffer_sec: Number<'_>,
        base_url: Text<'_>,
        region: Text<'_>,
        environment: Object<'_>,
    ) -> Result<Self> {
        let resolved = arguments::credentials((access_key, secret_key, api_key), environment)?;
        let resolved = if by_function { resolved.from_function() } else { resolved };
        let validity = arguments::validity(lifetime)?;
        let buffer = arguments::buffer(buffer_sec, validity)?;
        let builder = KlingAuth::builder().resolved(resolved).listener(on_event);
        let mut builder = builder
            .lifetime(Duration::from_secs(validity.lifetime()))
            .buffer(Duration::from_secs(buffer));
        if let Some(url) = arguments::string(base_url, "baseUrl")? {
            builder = builder.base_url(url);
        }
        if let Some(name) = arguments::string(region, "region")? {
            builder = builder.region(name.parse::<Region>().map_err(throw)?);
        }
        let auth = bindings::build(builder, &arguments::variable(environment));
        auth.map(Self).map_err(throw)
    }

    /// The token to send at `now`: the current one, or a new one in its place.
    #[napi(catch_unwind)]
    pub fn token(&self, now: Number<'_>, environment: Object<'_>) -> Result<Lease> {
        let now = arguments::now(now)?;
        Ok(bindings::lease(engine(&self.0), &arguments::variable(environment), now).into())
    }

    /// The function that replaces the current token with a new one.
    #[napi(catch_unwind)]
    pub fn refresher(&self) -> Function<Refresh> {
        Function(Refresh(self.0.clone()))
    }

    /// Starts to use other credentials.
    #[napi(catch_unwind)]
    pub fn rotate(
        &self,
        access_key: Text<'_>,
        secret_key: Text<'_>,
        api_key: Text<'_>,
        by_function: bool,
        environment: Object<'_>,
    ) -> Result<()> {
        let resolved = arguments::credentials((access_key, secret_key, api_key), environment)?;
        let resolved = if by_function { resolved.from_function() } else { resolved };
        bindings::apply(engine(&self.0), resolved);
        Ok(())
    }

    /// Reads the credentials again from where they were found.
    #[napi(catch_unwind)]
    pub fn reload(&self, environment: Object<'_>) -> Result<()> {
        bindings::reload(engine(&self.0), &arguments::variable(environment)).map_err(throw)
    }

    /// The value of `Authorization` for a request; `None` if it must be sent without. `present` is
    /// the value that the request already has.
    #[napi(catch_unwind)]
    pub fn authorize(
        &self,
        url: String,
        present: Option<String>,
        now: Number<'_>,
        environment: Object<'_>,
    ) -> Result<Option<String>> {
        let now = arguments::now(now)?;
        if !bindings::should_authorize(engine(&self.0), &url, present.as_deref()).map_err(throw)? {
            return Ok(None);
        }
        let lease = bindings::lease(engine(&self.0), &arguments::variable(environment), now);
        Ok(Some(format!("Bearer {}", lease.token.as_str())))
    }

    /// Whether a request to this URL may carry the bearer.
    #[napi(catch_unwind)]
    pub fn allows(&self, url: String) -> bool {
        self.0.allows(&url)
    }

    /// Whether to handle the response from this URL, and so to read its body. Warns about a 401 of
    /// another host.
    #[napi(catch_unwind)]
    pub fn should_handle_response(
        &self,
        url: String,
        status: u16,
        content_type: Option<String>,
        content_length: Option<String>,
    ) -> bool {
        let (content_type, length) = (content_type.as_deref(), content_length.as_deref());
        engine(&self.0).should_handle_response(&url, status, content_type, length)
    }

    /// Checks that the caller may add the bearer to a request to this URL.
    #[napi(catch_unwind)]
    pub fn require_origin(&self, url: String) -> Result<()> {
        bindings::require_origin(engine(&self.0), &url).map_err(throw)
    }

    /// Handles a response that was received at `now`. With `by_function`, also returns whether to
    /// call the caller's credentials function again.
    #[napi(catch_unwind)]
    pub fn handle_response(
        &self,
        head: Head,
        body: Uint8ArraySlice<'_>,
        by_function: bool,
        now: Number<'_>,
        environment: Object<'_>,
    ) -> Result<Handled> {
        let now = arguments::now(now)?;
        let (date, token) = (head.date.as_deref(), head.token.as_deref());
        let response = Response::new(head.status, &body).with_date(date).with_token(token);
        let environment = arguments::variable(environment);
        let verdict = bindings::handle_response(engine(&self.0), &environment, &response, now);
        let should_reload = by_function && engine(&self.0).claim_reload(&verdict, &response, now);
        let verdict = match &head.sent {
            Some(sent) => engine(&self.0).with_authorization(&verdict, sent),
            None => verdict,
        };
        Ok(Handled { verdict: verdict.into(), should_reload })
    }

    /// A probe of the current credentials.
    #[napi(catch_unwind)]
    pub fn probe(
        &self,
        regions: Regions<'_>,
        path: Path<'_>,
        now: Number<'_>,
        environment: Object<'_>,
    ) -> Result<Probe> {
        let options = probe::options(regions, path)?;
        // A lease applies the new credentials if their file has changed.
        bindings::lease(engine(&self.0), &arguments::variable(environment), arguments::now(now)?);
        Ok(Probe::new(&self.0, options))
    }

    /// Warns that the caller's credentials function failed.
    #[napi(catch_unwind)]
    pub fn warn_reload_failed(&self, reason: String) {
        engine(&self.0).warn_reload_failed(&reason);
    }

    /// The verdict on the last refusal.
    #[napi(getter, catch_unwind)]
    pub fn last_verdict(&self) -> Option<Verdict> {
        self.0.last_verdict().map(Verdict::from)
    }

    /// By how many seconds the server's clock is ahead, as learnt from refusals.
    #[napi(getter, catch_unwind)]
    pub fn clock_offset(&self) -> i64 {
        self.0.clock_offset()
    }

    /// The base URL of the API.
    #[napi(getter, catch_unwind)]
    pub fn base_url(&self) -> String {
        self.0.base_url().to_owned()
    }

    /// The events on this thread since the last call.
    #[napi(catch_unwind)]
    pub fn take_events(&self) -> Vec<LogEvent> {
        PENDING.take().into_iter().map(LogEvent::from).collect()
    }

    /// The access key that signs; `None` for an API key.
    #[napi(getter, catch_unwind)]
    pub fn access_key(&self) -> Option<String> {
        self.0.access_key()
    }

    /// The access key that signs, masked; `None` for an API key.
    #[napi(getter, catch_unwind)]
    pub fn masked_access_key(&self) -> Option<String> {
        engine(&self.0).masked_access_key()
    }

    /// Where the credentials come from, for people.
    #[napi(getter, catch_unwind)]
    pub fn source(&self) -> String {
        self.0.source()
    }

    /// The stable name of where the credentials come from.
    #[napi(getter, catch_unwind)]
    pub fn source_kind(&self) -> String {
        self.0.source_kind().to_owned()
    }
}

/// Times of tokens are far below 2^53. The lease of an API key never ends, and need not be exact.
#[expect(clippy::cast_precision_loss, reason = "see above")]
impl From<bindings::Lease> for Lease {
    fn from(bindings::Lease { token, fresh, .. }: bindings::Lease) -> Self {
        Self {
            token: token.as_str().to_owned(),
            from: fresh.start as f64,
            until: fresh.end as f64,
            expires_at: token.expires_at().map(|time| time as f64),
        }
    }
}

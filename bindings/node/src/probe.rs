//! `check`: decides what to send and what the responses mean. JavaScript sends.

use std::collections::HashMap;

use kling_auth::{
    KlingAuth,
    check::{self, CheckCause, CheckResponse, Failure, Options},
};
use napi::bindgen_prelude::{Either, Either3, Object, Uint8ArraySlice, Unknown};
use napi_derive::napi;

use crate::{
    arguments::{self, Number},
    errors::{Result, throw, wrong_type},
    verdict::Verdict,
};

/// Whether to ask the other region's host too, or the base URL of another host to ask.
pub(crate) type Regions<'a> = Option<Either3<bool, String, Unknown<'a>>>;

/// The path to ask instead of the usual one.
pub(crate) type Path<'a> = Option<Either<String, Unknown<'a>>>;

pub(crate) fn options(regions: Regions<'_>, path: Path<'_>) -> Result<Options> {
    let options = match path {
        None => Options::default(),
        Some(Either::A(path)) => Options::default().path(&path).map_err(throw)?,
        Some(Either::B(_)) => return Err(wrong_type("path", "a string")),
    };
    match regions {
        None | Some(Either3::A(false)) => Ok(options),
        Some(Either3::A(true)) => Ok(options.try_other_region()),
        Some(Either3::B(url)) => options.try_base_url(&url).map_err(throw),
        Some(Either3::C(_)) => {
            Err(wrong_type("regions", "a boolean, or the base URL of another host"))
        }
    }
}

/// A request to send.
#[napi(object, object_from_js = false)]
pub struct Request {
    /// The absolute URL.
    pub url: String,
    /// The headers, including the bearer.
    pub headers: HashMap<&'static str, String>,
    /// How many seconds to wait first.
    pub wait: f64,
}

impl From<check::CheckRequest> for Request {
    #[expect(clippy::cast_precision_loss, reason = "one or two seconds")]
    fn from(check::CheckRequest { url, headers, wait, .. }: check::CheckRequest) -> Self {
        Self { url, headers: headers.into_iter().collect(), wait: wait as f64 }
    }
}

/// A response without its body.
#[napi(object, object_to_js = false)]
pub struct AnswerHead {
    /// The HTTP status.
    pub status: u16,
    /// The `Date` header.
    pub date: Option<String>,
    /// The `Location` header.
    pub location: Option<String>,
}

pub(crate) fn answer(head: AnswerHead, body: &[u8]) -> CheckResponse {
    let AnswerHead { status, date, location } = head;
    CheckResponse::new(status, body.to_vec()).with_date(date).with_location(location)
}

/// Checks a credential with one or more requests.
#[napi]
pub struct Probe(check::Probe);

#[napi]
impl Probe {
    pub(crate) fn new(auth: &KlingAuth, options: Options) -> Self {
        Self(check::Probe::new(auth, options))
    }

    /// The request to send next.
    #[napi(catch_unwind)]
    pub fn request(&mut self, now: Number<'_>) -> Result<Request> {
        Ok(self.0.next_request(arguments::now(now)?).into())
    }

    /// Handles the response. `None`: there is another request to send.
    #[napi(catch_unwind)]
    pub fn take(
        &mut self,
        head: AnswerHead,
        body: Uint8ArraySlice<'_>,
        now: Number<'_>,
    ) -> Result<Option<CheckResult>> {
        let now = arguments::now(now)?;
        Ok(self.0.handle_response(&answer(head, &body), now).map(CheckResult::from))
    }

    /// Handles a request that got no response: the reason, and whether a proxy was used.
    #[napi(catch_unwind)]
    pub fn fail(&mut self, failure: String, has_proxy: bool) -> CheckResult {
        self.0.handle_failure(Failure::reported(&failure, has_proxy)).into()
    }
}

/// What a check found.
#[napi(object, object_from_js = false)]
pub struct CheckResult {
    /// Whether Kling took the credential.
    pub is_valid: bool,
    /// What was found, as a stable name.
    pub cause: String,
    /// What it means, and what to do.
    pub remedy: String,
    /// The verdict on the last response.
    pub verdict: Option<Verdict>,
    /// By how many seconds Kling's clock is ahead.
    pub clock_offset: i64,
    /// The base URL that was asked.
    pub base_url: String,
    /// The base URL of the host that knows the key, if it is another one.
    pub region: Option<String>,
    /// Where the credential comes from, for people.
    pub source: String,
    /// The stable name of where the credential comes from.
    pub source_kind: String,
    /// The access key that signed.
    pub access_key: Option<String>,
    /// How many requests were sent.
    pub requests: u8,
    /// What the credential cannot do, although it is valid.
    pub warning: Option<String>,
    /// The names of other credentials in the same place, which are not used.
    pub unused: Option<String>,
    /// The result as a short list.
    pub text: String,
}

impl From<check::CheckResult> for CheckResult {
    fn from(result: check::CheckResult) -> Self {
        Self {
            is_valid: result.is_valid,
            cause: result.cause.to_string(),
            text: result.to_string(),
            verdict: result.verdict.map(Verdict::from),
            clock_offset: result.clock_offset,
            remedy: result.remedy,
            base_url: result.base_url,
            region: result.region,
            source: result.source,
            source_kind: result.source_kind.to_owned(),
            access_key: result.access_key,
            requests: result.requests,
            warning: result.warning,
            unused: result.unused,
        }
    }
}

/// A proxy.
#[napi(object, object_from_js = false)]
pub struct Proxy {
    /// Whether the connection to it uses TLS.
    pub is_https: bool,
    /// Its name or address; an IPv6 address in brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user name for it.
    pub username: Option<String>,
    /// The password for it.
    pub password: Option<String>,
}

/// The proxy that the environment names for a URL.
#[napi(catch_unwind)]
pub fn proxy_for(url: String, environment: Object<'_>) -> Result<Option<Proxy>> {
    let proxy = check::Proxy::of(&url, &arguments::variable(environment));
    let proxy = proxy.map_err(|failure| {
        napi::Error::new(CheckCause::from(failure).as_str(), failure.remedy())
    })?;
    Ok(proxy.map(|check::Proxy { is_https, host, port, username, password }| Proxy {
        is_https,
        host,
        port,
        username,
        password,
    }))
}

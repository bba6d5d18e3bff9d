//! The probe: which requests to send, and what the responses mean together.

use kling_jwt_core::{
    Action, ApiKey, BaseUrl, Origin, TokenProvider, Verdict, engine::CredentialSource as _,
    parse_http_date,
};

use super::{CheckCause, CheckRequest, CheckResponse, CheckResult, Failure, finding::Finding};
use crate::{CoreError, Error, KlingAuth, Masked, bindings::engine};

/// The maximum number of requests: one, one more with a corrected clock, one to a second host.
const MAX_REQUESTS: u8 = 3;
/// The pause between two requests, in seconds.
const PAUSE: u64 = 1;
/// Clock differences up to this many seconds are not reported: the network delays a `Date`.
const MAX_UNREPORTED_OFFSET: i64 = 60;

/// The path in Kling's guide. It accepts both kinds of credentials, and relays have it too.
const LIST: &str = "/v1/videos/text2video?pageNum=1&pageSize=1";
/// A newer path of Kling's, which accepts only API keys.
const TASKS: &str = "/tasks?task_ids=1";

/// Each region's host, with that of the other region. The older host belongs to Singapore's region.
const OTHER_REGION: [(&str, &str); 3] = [
    ("https://api-singapore.klingai.com", "https://api-beijing.klingai.com"),
    ("https://api-beijing.klingai.com", "https://api-singapore.klingai.com"),
    ("https://api.klingai.com", "https://api-beijing.klingai.com"),
];

/// Which path to request, and whether to try a second host.
///
/// ```
/// use kling_auth::check::Options;
///
/// let neither = Options::default();
/// let both = Options::default().try_other_region();
/// let this = Options::default().try_base_url("https://api-beijing.klingai.com")?;
/// assert!(Options::default().try_base_url("http://example.com").is_err());
/// let path = Options::default().path("/v1/images/generations")?;
/// # Ok::<_, kling_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    second_host: SecondHost,
    path: Option<String>,
}

#[derive(Clone, Debug, Default)]
enum SecondHost {
    #[default]
    None,
    OtherRegion,
    BaseUrl(String),
}

impl Options {
    /// If the host does not know the key, tries the host of Kling's other region once.
    ///
    /// Both hosts then receive the bearer. It has no effect if the base URL is not a region's host.
    #[must_use]
    pub fn try_other_region(self) -> Self {
        Self { second_host: SecondHost::OtherRegion, ..self }
    }

    /// If the host does not know the key, tries this base URL once.
    ///
    /// Both hosts then receive the bearer.
    ///
    /// # Errors
    ///
    /// [`CoreError::BaseUrl`](crate::CoreError::BaseUrl) if it is not a valid base URL.
    pub fn try_base_url(self, base_url: &str) -> Result<Self, Error> {
        let base_url = BaseUrl::parse(base_url)?.to_string();
        Ok(Self { second_host: SecondHost::BaseUrl(base_url), ..self })
    }

    /// Requests this path instead of Kling's list of tasks, which some relays do not have.
    ///
    /// It is requested with `GET`. It is appended to the base URL without its `/v1`, and may contain a query.
    ///
    /// # Errors
    ///
    /// [`CoreError::Type`](crate::CoreError::Type) if it does not begin with `/`, or contains a
    /// character that a URL cannot have.
    ///
    /// ```
    /// use kling_auth::{KlingAuth, check::{Options, Probe}};
    ///
    /// let auth = KlingAuth::builder()
    ///     .credentials(kling_auth::Credentials::api_key("the-key-of-a-relay")?)
    ///     .base_url("https://relay.example/kling")
    ///     .build()?;
    /// let options = Options::default().path("/v1/models")?;
    /// let request = Probe::new(&auth, options).next_request(kling_auth::unix_now());
    /// assert_eq!(request.url, "https://relay.example/kling/v1/models");
    /// # Ok::<_, kling_auth::Error>(())
    /// ```
    pub fn path(self, path: &str) -> Result<Self, Error> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
        if !path.starts_with('/') || !path.bytes().all(is_plain) {
            return Err(CoreError::Type {
                argument: "path",
                expected: "a URL path that begins with /",
            }
            .into());
        }
        Ok(Self { path: Some(path.to_owned()), ..self })
    }

    fn second_base_url(&self, base_url: &str) -> Option<String> {
        match &self.second_host {
            SecondHost::None => None,
            SecondHost::BaseUrl(url) => Some(url.clone()),
            SecondHost::OtherRegion => other_region(base_url).map(str::to_owned),
        }
    }
}

/// The base URL of Kling's other region, if this is the base URL of a region.
fn other_region(base_url: &str) -> Option<&'static str> {
    let base = Origin::parse(base_url);
    let pair = OTHER_REGION.iter().find(|(host, _)| Origin::parse(host) == base);
    pair.map(|(_, other)| *other)
}

/// Checks the credentials that a [`KlingAuth`] uses now.
///
/// The `KlingAuth` itself does not change, not even its clock.
///
/// Call [`next_request`](Self::next_request), send the request, and call
/// [`handle_response`](Self::handle_response) or [`handle_failure`](Self::handle_failure), until
/// there is a result. See the [module](super) for an example.
#[derive(Clone, Debug)]
pub struct Probe {
    provider: TokenProvider,
    /// Whether the credentials have the shape of an API key.
    is_api_key: bool,
    base_url: String,
    /// The path to request, if not the default.
    path: Option<String>,
    /// The base URL to try if the first host does not know the key.
    second_base_url: Option<String>,
    source: String,
    source_kind: &'static str,
    /// The names of other credentials that are not used, and the name of an API key among them.
    unused: (Option<String>, Option<&'static str>),
    /// How many requests were sent.
    requests: u8,
    is_retried: bool,
    /// What the first host responded; set once the second host is tried.
    first: Option<(Verdict, CheckResponse)>,
    /// By how many seconds the server's clock is ahead, by its last `Date` header.
    measured_offset: i64,
}

impl Probe {
    /// A probe of the credentials in use.
    pub fn new(auth: &KlingAuth, options: Options) -> Self {
        let engine = engine(auth);
        let (provider, source) = (engine.provider(), engine.source());
        let base_url = engine.base_url().to_owned();
        Self {
            is_api_key: ApiKey::is_likely(provider.clone().token(0).as_str()),
            provider,
            second_base_url: options.second_base_url(&base_url),
            path: options.path,
            base_url,
            unused: (source.unused().map(str::to_owned), source.unused_api_key()),
            source_kind: source.kind(),
            source: source.to_string(),
            requests: 0,
            is_retried: false,
            first: None,
            measured_offset: 0,
        }
    }

    /// The next request to send, at `now` (Unix seconds).
    pub fn next_request(&mut self, now: u64) -> CheckRequest {
        let url = format!("{}{}", self.current_base_url(), self.path());
        let is_first = self.requests == 0;
        // A new token: the refusal of an old, expired one would not show whether the clock is wrong.
        let token = if is_first { self.provider.refresh(now) } else { self.provider.token(now) };
        let headers = vec![
            ("Authorization", format!("Bearer {}", token.as_str())),
            ("Accept", "application/json".to_owned()),
            ("User-Agent", concat!("kling-auth/", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        CheckRequest { method: "GET", url, headers, wait: if is_first { 0 } else { PAUSE } }
    }

    /// Handles the response, received at `now` (Unix seconds). Returns the result, or `None` if
    /// there is another request to send.
    pub fn handle_response(&mut self, response: &CheckResponse, now: u64) -> Option<CheckResult> {
        self.requests += 1;
        let verdict = self.provider.handle_response(&response.as_response(), now);
        let verdict = verdict.with_base_url(self.current_base_url(), self.unused.1);
        self.measure_offset(response, now);
        let finding = Finding::of(response, &verdict);
        let may_repeat = self.requests < MAX_REQUESTS;
        if verdict.action == Action::Retry && may_repeat && !self.is_retried {
            self.is_retried = true;
            return None;
        }
        let has_second_host = self.first.is_none() && self.second_base_url.is_some();
        if finding.is_unknown_key() && may_repeat && has_second_host {
            self.first = Some((verdict, response.clone()));
            return None;
        }
        Some(self.conclude(finding))
    }

    /// Handles a request that got no response. This ends the check: a failure is not retried.
    pub fn handle_failure(&mut self, failure: Failure) -> CheckResult {
        self.requests += 1;
        self.conclude(Finding::Failed(failure))
    }

    /// The base URL that is checked now.
    fn current_base_url(&self) -> &str {
        match (&self.first, &self.second_base_url) {
            (Some(_), Some(second)) => second,
            _ => &self.base_url,
        }
    }

    /// The path to request. The newer path is used only on Kling's hosts and with an API key,
    /// because it refuses any other bearer as a key pair.
    fn path(&self) -> &str {
        let is_kling =
            Origin::parse(self.current_base_url()).is_some_and(|origin| origin.is_kling());
        let default = if is_kling && self.is_api_key { TASKS } else { LIST };
        self.path.as_deref().unwrap_or(default)
    }

    fn measure_offset(&mut self, response: &CheckResponse, now: u64) {
        let date = response.date.as_deref().and_then(parse_http_date);
        let ahead = |date: u64| i64::try_from(date).ok()?.checked_sub_unsigned(now);
        self.measured_offset = date.and_then(ahead).unwrap_or(self.measured_offset);
    }

    /// By how many seconds the server's clock is ahead: as corrected after a refusal, otherwise as
    /// measured, if that is large enough to report.
    fn clock_offset(&self) -> i64 {
        match self.provider.clock_offset() {
            0 if self.measured_offset.abs() > MAX_UNREPORTED_OFFSET => self.measured_offset,
            corrected => corrected,
        }
    }

    fn conclude(&self, last: Finding<'_>) -> CheckResult {
        let first = self.first.as_ref();
        let first = first.map(|(verdict, response)| Finding::Answered(verdict, response));
        let finding = first.unwrap_or(last);
        let is_known_there = first.is_some_and(|_| last.knows_key());
        let region = is_known_there.then(|| self.current_base_url().to_owned());
        let mut result = CheckResult {
            is_valid: finding.is_valid(),
            cause: finding.cause(),
            remedy: finding.remedy(),
            verdict: finding.verdict().copied(),
            clock_offset: self.clock_offset(),
            base_url: self.base_url.clone(),
            region,
            source: self.source.clone(),
            source_kind: self.source_kind,
            access_key: self.provider.access_key().map(|key| Masked(key.as_str()).to_string()),
            requests: self.requests,
            warning: None,
            unused: self.unused.0.clone(),
        };
        if first.is_some() {
            self.add_second_host(&mut result, last);
        }
        if matches!(finding, Finding::Failed(failure) if failure.may_depend_on_region())
            && let Some(other) = other_region(&self.base_url)
        {
            let hint = "if the key is from the other region, use the base URL";
            result.remedy = format!("{}; {hint} {other} (nothing was sent there)", result.remedy);
        }
        result.report_clock_skew();
        result.warn_of_key_pair();
        result
    }

    /// Adds to the result what the second host responded.
    fn add_second_host(&self, result: &mut CheckResult, second: Finding<'_>) {
        let host = self.current_base_url();
        if result.region.is_none() {
            let outcome = if second.is_unknown_key() {
                "it does not know the key either"
            } else {
                second.cause().as_str()
            };
            result.remedy = format!("{}; {host} was asked too: {outcome}", result.remedy);
            return;
        }
        result.cause = CheckCause::WrongRegion;
        result.remedy = format!("the key belongs to {host}: use that as base URL");
        if !second.is_valid() {
            result.remedy = format!("{}; there, {}", result.remedy, second.remedy());
        }
    }
}

//! The exchange itself: what to send, and what the answers add up to.

use kling_jwt_core::{
    Action, ApiKey, BaseUrl, Origin, TokenProvider, Verdict, engine::CredentialSource as _,
    parse_http_date,
};

use super::{CheckCause, CheckRequest, CheckResponse, CheckResult, Failure, finding::Finding};
use crate::{CoreError, Error, KlingAuth, Masked, bindings::engine};

/// How many requests there are at most: one, one again by a corrected clock, one elsewhere.
const MAX_REQUESTS: u8 = 3;
/// The seconds between two of them.
const PAUSE: u64 = 1;
/// A clock that differs by no more, in seconds, is not worth a word: a `Date` has been on its way.
const NOTICEABLE: i64 = 60;

/// The guide's path, which takes both kinds of credentials, and which relays have.
const LIST: &str = "/v1/videos/text2video?pageNum=1&pageSize=1";
/// A newer path of Kling's, which takes API keys alone.
const TASKS: &str = "/tasks?task_ids=1";

/// The region's hosts, each beside the other; the older one serves where Singapore does.
const OTHER_REGION: [(&str, &str); 3] = [
    ("https://api-singapore.klingai.com", "https://api-beijing.klingai.com"),
    ("https://api-beijing.klingai.com", "https://api-singapore.klingai.com"),
    ("https://api.klingai.com", "https://api-beijing.klingai.com"),
];

/// What to ask, and whom besides the host of the base URL.
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
    beside: Beside,
    path: Option<String>,
}

#[derive(Clone, Debug, Default)]
enum Beside {
    #[default]
    Nobody,
    OtherRegion,
    Host(String),
}

impl Options {
    /// Where the key is unknown, ask the host of Kling's other region once. That shows the
    /// credential to both hosts. Nothing happens where the base URL is no region's host.
    #[must_use]
    pub fn try_other_region(self) -> Self {
        Self { beside: Beside::OtherRegion, ..self }
    }

    /// Where the key is unknown, ask the host of this base URL once. That shows the credential to
    /// both hosts.
    ///
    /// # Errors
    ///
    /// [`CoreError::BaseUrl`](crate::CoreError::BaseUrl) where a bearer must not go.
    pub fn try_base_url(self, base_url: &str) -> Result<Self, Error> {
        let host = BaseUrl::parse(base_url)?.to_string();
        Ok(Self { beside: Beside::Host(host), ..self })
    }

    /// Ask this path in place of the usual one, with `GET`. It stands below the base URL, whose
    /// own `/v1` does not count; a query may follow.
    ///
    /// For relays that do not have Kling's list of tasks.
    ///
    /// # Errors
    ///
    /// [`CoreError::Type`](crate::CoreError::Type) for one that does not begin with `/`, or that
    /// no URL can have.
    ///
    /// ```
    /// use kling_auth::{KlingAuth, check::{Options, Probe}};
    ///
    /// let auth = KlingAuth::builder()
    ///     .credentials(kling_auth::Credentials::api_key("the-key-of-a-relay")?)
    ///     .base_url("https://relay.example/kling")
    ///     .build()?;
    /// let options = Options::default().path("/v1/models")?;
    /// let request = Probe::new(&auth, options).request(kling_auth::unix_now());
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

    fn host_beside(&self, base_url: &str) -> Option<String> {
        match &self.beside {
            Beside::Nobody => None,
            Beside::Host(host) => Some(host.clone()),
            Beside::OtherRegion => other_region(base_url).map(str::to_owned),
        }
    }
}

/// The host of Kling's other region, if this is the host of one.
fn other_region(base_url: &str) -> Option<&'static str> {
    let base = Origin::parse(base_url);
    let pair = OTHER_REGION.iter().find(|(host, _)| Origin::parse(host) == base);
    pair.map(|(_, other)| *other)
}

/// Checks the credential that a [`KlingAuth`] holds now. The `KlingAuth` is left as it is: what a
/// refusal teaches, the probe alone learns.
///
/// [`next_request`](Self::next_request), send, [`handle_response`](Self::handle_response) or [`handle_failure`](Self::handle_failure), until there is
/// a result. See the [module](super) for an example.
#[derive(Clone, Debug)]
pub struct Probe {
    provider: TokenProvider,
    /// Whether the credential is an API key by its shape.
    is_api_key: bool,
    base_url: String,
    /// What is asked, if it is not the usual.
    path: Option<String>,
    /// The host that is asked if the first does not know the key.
    beside: Option<String>,
    source: String,
    source_kind: &'static str,
    /// The names of other credentials, which are not used, and that of an API key among them.
    unused: (Option<String>, Option<&'static str>),
    asked: u8,
    is_retried: bool,
    /// What the first host said, once the one beside is asked.
    first: Option<(Verdict, CheckResponse)>,
    /// By how much the server's clock is ahead, as its last `Date` says.
    measured: i64,
}

impl Probe {
    /// A probe of the credential in use, at the base URL's host.
    pub fn new(auth: &KlingAuth, options: Options) -> Self {
        let engine = engine(auth);
        let (provider, source) = (engine.provider(), engine.source());
        let base_url = engine.base_url().to_owned();
        Self {
            is_api_key: ApiKey::is_likely(provider.clone().token(0).as_str()),
            provider,
            beside: options.host_beside(&base_url),
            path: options.path,
            base_url,
            unused: (source.unused().map(str::to_owned), source.unused_api_key()),
            source_kind: source.kind(),
            source: source.to_string(),
            asked: 0,
            is_retried: false,
            first: None,
            measured: 0,
        }
    }

    /// The request to send next, by a clock that says `now` (Unix seconds).
    pub fn next_request(&mut self, now: u64) -> CheckRequest {
        let url = format!("{}{}", self.host(), self.path());
        let is_first = self.asked == 0;
        // A token of its own: an older one that has ended says nothing of the clock.
        let token = if is_first { self.provider.refresh(now) } else { self.provider.token(now) };
        let headers = vec![
            ("Authorization", format!("Bearer {}", token.as_str())),
            ("Accept", "application/json".to_owned()),
            ("User-Agent", concat!("kling-auth/", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        CheckRequest { method: "GET", url, headers, wait: if is_first { 0 } else { PAUSE } }
    }

    /// Takes in the answer, which was received at `now` (Unix seconds). Without a result there is
    /// another request to send.
    pub fn handle_response(&mut self, answer: &CheckResponse, now: u64) -> Option<CheckResult> {
        self.asked += 1;
        let verdict = self.provider.handle_response(&answer.as_response(), now);
        let verdict = verdict.with_base_url(self.host(), self.unused.1);
        self.measure(answer, now);
        let finding = Finding::of(answer, &verdict);
        let may_ask = self.asked < MAX_REQUESTS;
        if verdict.action == Action::Retry && may_ask && !self.is_retried {
            self.is_retried = true;
            return None;
        }
        if finding.is_unknown_key() && may_ask && self.first.is_none() && self.beside.is_some() {
            self.first = Some((verdict, answer.clone()));
            return None;
        }
        Some(self.conclude(finding))
    }

    /// Takes in that there was no answer. That is the end: nothing is asked twice for it.
    pub fn handle_failure(&mut self, failure: Failure) -> CheckResult {
        self.asked += 1;
        self.conclude(Finding::Failed(failure))
    }

    /// The host that is asked now.
    fn host(&self) -> &str {
        match (&self.first, &self.beside) {
            (Some(_), Some(beside)) => beside,
            _ => &self.base_url,
        }
    }

    /// The newer path only where it is sure to be there, for what is sure to be an API key: of
    /// anything else it says that it is a key pair.
    fn path(&self) -> &str {
        let is_kling = Origin::parse(self.host()).is_some_and(|origin| origin.is_kling());
        let usual = if is_kling && self.is_api_key { TASKS } else { LIST };
        self.path.as_deref().unwrap_or(usual)
    }

    fn measure(&mut self, answer: &CheckResponse, now: u64) {
        let date = answer.date.as_deref().and_then(parse_http_date);
        let ahead = |date: u64| i64::try_from(date).ok()?.checked_sub_unsigned(now);
        self.measured = date.and_then(ahead).unwrap_or(self.measured);
    }

    /// By how much the server's clock is ahead: as a refusal taught, or as it is plain to see.
    fn clock_offset(&self) -> i64 {
        match self.provider.clock_offset() {
            0 if self.measured.abs() > NOTICEABLE => self.measured,
            learnt => learnt,
        }
    }

    fn conclude(&self, last: Finding<'_>) -> CheckResult {
        let first = self.first.as_ref();
        let first = first.map(|(verdict, answer)| Finding::Answered(verdict, answer));
        let finding = first.unwrap_or(last);
        let region = first.is_some_and(|_| last.knows_key()).then(|| self.host().to_owned());
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
            requests: self.asked,
            warning: None,
            unused: self.unused.0.clone(),
        };
        if first.is_some() {
            self.add_region(&mut result, last);
        }
        if matches!(finding, Finding::Failed(failure) if failure.may_be_of_region())
            && let Some(other) = other_region(&self.base_url)
        {
            let hint = "if the key is from the other region, use the base URL";
            result.remedy = format!("{}; {hint} {other} (nothing was sent there)", result.remedy);
        }
        result.tell_skew();
        result.warn_of_key_pair();
        result
    }

    /// What the host beside adds, which knows the key, or does not either.
    fn add_region(&self, result: &mut CheckResult, beside: Finding<'_>) {
        let host = self.host();
        if result.region.is_none() {
            let outcome = if beside.is_unknown_key() {
                "it does not know the key either"
            } else {
                beside.cause().as_str()
            };
            result.remedy = format!("{}; {host} was asked too: {outcome}", result.remedy);
            return;
        }
        result.cause = CheckCause::WrongRegion;
        result.remedy = format!("the key belongs to {host}: use that as base URL");
        if !beside.is_valid() {
            result.remedy = format!("{}; there, {}", result.remedy, beside.remedy());
        }
    }
}

//! Tests of the engine on a host with one thread. `tests/loom` tests it with several.

use alloc::{
    rc::Rc,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::{
    cell::{Cell as Number, RefCell},
    fmt::{self, Debug, Display},
};

use super::*;
use crate::{Action, Credentials, DEFAULT_BUFFER, Response, Validity, verify};

const NOW: u64 = 1_800_000_000;
const A: [&str; 2] = ["access-key-a", "secret-key-a"];
const B: [&str; 2] = ["access-key-b", "secret-key-b"];
const UNKNOWN: &[u8] = br#"{"code":1002,"message":"access key not exist"}"#;
const KLING: &str = "https://api.klingai.com/v1/videos/text2video";
const OTHER: &str = "https://cdn.example.com/video.mp4?signed=secret";

#[derive(Debug)]
struct SingleThread;

impl Host for SingleThread {
    type CredentialSource = TestSource;
    type Word = LocalWord;
    type Cell<T: Debug> = LocalCell<T>;
}

#[derive(Clone, Debug)]
struct TestSource {
    name: &'static str,
    has_files: bool,
}

impl CredentialSource for TestSource {
    fn kind(&self) -> &'static str {
        self.name
    }

    fn unused_api_key(&self) -> Option<&'static str> {
        None
    }

    fn can_reload(&self) -> bool {
        self.has_files
    }

    fn has_files(&self) -> bool {
        self.has_files
    }
}

impl Display for TestSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const ARGUMENTS: TestSource = TestSource { name: "arguments", has_files: false };
const FILE: TestSource = TestSource { name: "file", has_files: true };

#[derive(Debug)]
struct LocalWord(Number<u64>);

impl Word for LocalWord {
    fn new(value: u64) -> Self {
        Self(Number::new(value))
    }

    fn load(&self) -> u64 {
        self.0.get()
    }

    fn replace(&self, current: u64, new: u64) -> bool {
        assert_eq!(self.0.replace(new), current, "no other thread changes it");
        true
    }
}

#[derive(Debug)]
struct LocalCell<T>(RefCell<Option<Arc<T>>>);

impl<T: Debug> Cell<T> for LocalCell<T> {
    fn new(value: Option<T>) -> Self {
        Self(RefCell::new(value.map(Arc::new)))
    }

    fn read<R>(&self, read: impl FnOnce(Option<&T>) -> R) -> R {
        let value = self.0.borrow().clone();
        read(value.as_deref())
    }

    fn update(&self, mut change: impl FnMut(Option<&T>) -> Option<T>) -> Option<Arc<T>> {
        match self.read(&mut change) {
            Some(new) => self.swap(Some(new)),
            None => self.0.borrow().clone(),
        }
    }

    fn swap(&self, new: Option<T>) -> Option<Arc<T>> {
        self.0.replace(new.map(Arc::new))
    }
}

fn credentials([access_key, secret_key]: [&str; 2]) -> Credentials {
    Credentials::key_pair(access_key, secret_key).unwrap()
}

fn engine_with(
    source: TestSource,
    base_url: EffectiveBaseUrl,
    listener: Option<Listener>,
) -> Engine<SingleThread> {
    Engine::new(Setup {
        credentials: credentials(A),
        source,
        validity: Validity::default(),
        buffer: DEFAULT_BUFFER,
        base_url,
        listener,
        events: Vec::new(),
    })
}

fn engine() -> Engine<SingleThread> {
    engine_with(ARGUMENTS, EffectiveBaseUrl::resolved(None), None)
}

fn is_signed_by(token: &crate::Token, [_, secret_key]: [&str; 2]) -> bool {
    verify(token.as_str(), secret_key.as_bytes(), &mut [0; crate::Token::MAX_LEN]).is_ok()
}

fn codes(engine: &Engine<SingleThread>) -> Vec<&'static str> {
    engine.take_events().iter().map(Event::code).collect()
}

#[test]
fn a_token_is_the_same_until_it_is_due() {
    let engine = engine();
    let first = engine.lease(NOW);
    assert_eq!(first.fresh, NOW..NOW + 1501);
    assert_eq!(first.token.expires_at(), Some(NOW + 1800));
    for now in [NOW, NOW + 1, NOW + 1500] {
        assert_eq!(engine.lease(now).token.as_str(), first.token.as_str());
        for _ in 0..3 {
            assert_eq!(engine.token(now).as_str(), first.token.as_str());
        }
    }
    assert_eq!(engine.token(NOW + 1501).expires_at(), Some(NOW + 1501 + 1800));
    assert_eq!(engine.token(NOW).expires_at(), Some(NOW + 1800), "the clock went back");
    assert_eq!(engine.refresh(NOW + 7).token.expires_at(), Some(NOW + 1807));
    assert_eq!(engine.token(NOW + 8).expires_at(), Some(NOW + 1807));
}

#[test]
fn a_rotation_changes_all() {
    let engine = engine();
    for _ in 0..3 {
        assert!(is_signed_by(&engine.token(NOW), A));
    }
    let generation = engine.generation();
    engine.rotate(&credentials(B), &ARGUMENTS, Vec::new());
    for _ in 0..3 {
        assert!(is_signed_by(&engine.token(NOW), B));
    }
    assert_eq!(engine.access_key().as_deref(), Some(B[0]));
    assert_eq!(engine.masked_access_key().as_deref(), Some("a…b"));
    assert!(!engine.issued(
        engine_with(ARGUMENTS, EffectiveBaseUrl::resolved(None), None).token(NOW).as_str()
    ));
    assert!(engine.issued(engine.token(NOW).as_str()));
    // After many rotations too, a cached token of older credentials is never returned.
    for _ in 0..300 {
        engine.rotate(&credentials(B), &ARGUMENTS, Vec::new());
        engine.rotate(&credentials(A), &ARGUMENTS, Vec::new());
        engine.rotate(&credentials(B), &ARGUMENTS, Vec::new());
        engine.rotate(&credentials(A), &ARGUMENTS, Vec::new());
        assert!(is_signed_by(&engine.lease(NOW).token, A));
    }
    assert!(is_signed_by(&engine.token(NOW), A));
    let token_version = engine.token_version();
    assert_eq!(engine.lease(NOW).token_version, Some(token_version), "unchanged");
    assert_ne!(engine.lease(NOW + 1501).token_version, Some(token_version));
    engine.rotate(&credentials(B), &ARGUMENTS, Vec::new());
    // Credentials that were found before the rotation are ignored.
    engine.rotate_if_current(&generation, &credentials(A), &ARGUMENTS, Vec::new());
    assert_eq!(engine.access_key().as_deref(), Some(B[0]));
    engine.rotate_if_current(&engine.generation(), &credentials(A), &ARGUMENTS, Vec::new());
    assert_eq!(engine.access_key().as_deref(), Some(A[0]));
}

#[test]
fn an_api_key_is_its_own_token() {
    let engine = engine();
    engine.token(NOW);
    let api_key = Credentials::api_key("api-key-kling-0123456789").unwrap();
    engine.rotate(&api_key, &ARGUMENTS, Vec::new());
    for now in [0, NOW, u64::MAX] {
        let Lease { token, fresh, .. } = engine.lease(now);
        assert_eq!((token.as_str(), fresh), ("api-key-kling-0123456789", 0..u64::MAX));
        assert_eq!(engine.refresh(now).token.as_str(), "api-key-kling-0123456789");
        assert_eq!(engine.token(now).as_str(), "api-key-kling-0123456789");
    }
    assert_eq!((engine.access_key(), engine.masked_access_key()), (None, None));
    engine.rotate(&credentials(A), &ARGUMENTS, Vec::new());
    assert!(is_signed_by(&engine.token(NOW), A));
}

#[test]
fn files_are_checked_each_minute() {
    let engine = engine_with(FILE, EffectiveBaseUrl::resolved(None), None);
    assert!(engine.has_files() && engine.can_reload() && !engine.are_files_checked(NOW));
    assert!(engine.lease(NOW).fresh.is_empty(), "files must be checked first");
    engine.mark_files_checked(NOW);
    assert!(engine.are_files_checked(NOW) && engine.are_files_checked(NOW + 59));
    assert!(!engine.are_files_checked(NOW + 60) && !engine.are_files_checked(NOW - 1));
    assert_eq!(engine.lease(NOW + 5).fresh, NOW..NOW + 60, "until the next check");
    engine.rotate(&credentials(B), &FILE, Vec::new());
    assert!(!engine.are_files_checked(NOW + 6), "new credentials, new check");
    engine.rotate(&credentials(B), &ARGUMENTS, Vec::new());
    assert!(!engine.has_files() && !engine.can_reload() && engine.are_files_checked(NOW + 3600));
    assert_eq!(
        (engine.source_kind(), engine.source().to_string()),
        ("arguments", "arguments".into())
    );
}

#[test]
fn one_reload_a_minute() {
    let engine = engine();
    let token = engine.token(NOW);
    let refusal = Response::new(401, UNKNOWN).with_token(Some(token.as_str()));
    let verdict = engine.handle_response(&refusal, NOW);
    assert_eq!(verdict.action, Action::Fail);
    assert!(engine.should_reload(&verdict, &refusal, NOW), "`should_reload` changes nothing");
    assert!(engine.claim_reload(&verdict, &refusal, NOW));
    for now in [NOW, NOW + 59] {
        assert!(
            !engine.claim_reload(&verdict, &refusal, now)
                && !engine.should_reload(&verdict, &refusal, now)
        );
    }
    assert!(engine.claim_reload(&verdict, &refusal, NOW + 60));
    assert!(engine.claim_reload(&verdict, &refusal, NOW), "a clock that was set back");
    // No reload for a bearer of other credentials, nor for another cause.
    let others = Response { token: Some("api-key-kling-0"), ..refusal };
    assert!(!engine.should_reload(&verdict, &others, NOW + 120));
    assert!(engine.should_reload(&verdict, &Response { token: None, ..refusal }, NOW + 120));
    let accepted = Response::new(200, b"");
    let verdict = engine.handle_response(&accepted, NOW + 120);
    assert!(!engine.should_reload(&verdict, &accepted, NOW + 120));
}

#[test]
fn the_last_refusal_is_stored() {
    let engine = engine();
    assert_eq!(engine.last_verdict(), None);
    let body = br#"{"code":1001,"message":"Authorization is empty"}"#;
    let refusal = Response::new(401, body);
    let verdict = engine.handle_response(&refusal, NOW);
    assert_eq!(engine.last_verdict(), Some(verdict));
    let better = engine.with_authorization(&verdict, "Basic dXNlcjpwYXNz");
    assert!(better != verdict && engine.last_verdict() == Some(better));
    engine.with_authorization(&verdict, "");
    assert_eq!(engine.last_verdict(), Some(better), "the last verdict is another one");
    let again = engine.retry(&better);
    assert_eq!((again.action, engine.last_verdict()), (Action::Retry, Some(again)));
    engine.handle_response(&Response::new(200, b""), NOW);
    assert_eq!(engine.last_verdict(), Some(again));
}

#[test]
fn a_clock_correction_emits_events() {
    with_listener(|received, listener| {
        let engine = engine_with(ARGUMENTS, EffectiveBaseUrl::resolved(None), Some(listener));
        let late = NOW - 3600;
        let token = engine.token(late);
        let date = Some("Fri, 15 Jan 2027 08:00:00 GMT");
        let body = br#"{"code":1004,"message":"late"}"#;
        let refusal = Response::new(401, body).with_date(date).with_token(Some(token.as_str()));
        assert_eq!(engine.handle_response(&refusal, late).action, Action::Retry);
        assert_eq!(engine.clock_offset(), 3600);
        assert_eq!(engine.token(late).expires_at(), Some(NOW + 1800));
        engine.refresh(late);
        let provider = engine.provider();
        assert_eq!((provider.clock_offset(), provider.fresh()), (3600, late..late + 1501));
        engine.rotate(&credentials(B), &ARGUMENTS, Vec::new());
        assert_eq!(engine.clock_offset(), 3600);
        let events = [
            "INFO_CREDENTIALS_FOUND",
            "DEBUG_TOKEN_MINTED",
            "INFO_CLOCK_CORRECTED",
            "INFO_REQUEST_RETRIED",
            "INFO_CREDENTIALS_REPLACED",
        ];
        assert_eq!(*received.borrow(), events);
        assert!(engine.take_events().is_empty());
    });
}

/// A listener is a plain function, so what it receives is stored in a thread-local variable.
fn with_listener(test: impl FnOnce(Rc<RefCell<Vec<String>>>, Listener)) {
    extern crate std;
    std::thread_local! {
        static RECEIVED: Rc<RefCell<Vec<String>>> = Rc::default();
    }
    let listener = |event: Event| {
        RECEIVED.with(|received| received.borrow_mut().push(event.code().to_string()));
    };
    test(RECEIVED.with(Rc::clone), listener);
}

#[test]
fn pending_warnings_are_unique_and_limited() {
    let engine = engine();
    assert!(codes(&engine).is_empty(), "only warnings are kept");
    engine.warn_reload_failed(&"one");
    engine.warn_reload_failed(&"one");
    engine.warn_reload_failed(&"other");
    assert_eq!(codes(&engine), ["WARN_RELOAD_FAILED", "WARN_RELOAD_FAILED"]);
    assert!(codes(&engine).is_empty());
    for number in 0..40 {
        engine.warn_reload_failed(&number);
    }
    let events = engine.take_events();
    assert_eq!(events.len(), 32);
    assert_eq!(events[31].to_string(), "31; the previous credentials stay in use");
}

#[test]
fn the_bearer_goes_to_kling_and_to_the_base_url() {
    let engine = engine_with(
        ARGUMENTS,
        EffectiveBaseUrl::explicit("https://gateway.example/kling/").unwrap(),
        None,
    );
    let bearer = alloc::format!("Bearer {}", engine.token(NOW).as_str());
    let gateway = "https://gateway.example/anything";
    assert_eq!(engine.base_url(), "https://gateway.example/kling");
    for (url, allows) in
        [(KLING, true), (gateway, true), (OTHER, false), ("/v1", false), ("", false)]
    {
        assert_eq!(engine.allows(url), allows, "{url}");
        assert_eq!(engine.require_origin(url).is_ok(), allows, "{url}");
        assert_eq!(engine.should_authorize(url, None), Ok(allows), "{url}");
        assert_eq!(engine.should_authorize(url, Some("Bearer another")), Ok(allows), "{url}");
        assert_eq!(engine.should_authorize(url, Some(&bearer)).is_ok(), allows, "{url}");
        assert_eq!(engine.should_handle_response(url, 401, None, None), allows, "{url}");
        assert!(!engine.should_handle_response(url, 302, None, None), "{url}");
        let json = (Some("application/json"), Some("60"));
        assert_eq!(engine.should_handle_response(url, 200, json.0, json.1), allows, "{url}");
        assert!(!engine.should_handle_response(url, 200, json.0, Some("much")), "{url}");
    }
    assert_eq!(engine.require_origin(OTHER), Err("https://cdn.example.com".into()));
    assert_eq!(engine.require_origin("no URL"), Err("this URL".into()));
    // One event for each origin that answered 401 without the bearer.
    let events: Vec<_> = engine.take_events().iter().map(ToString::to_string).collect();
    assert_eq!(events.len(), 2);
    assert!(events[0].starts_with("https://cdn.example.com answered 401"));
    assert!(events[1].starts_with("this URL answered 401"));
    assert!(
        engine.accepts_base_url(&EffectiveBaseUrl::resolved(None)),
        "an explicit base URL does not change"
    );
}

#[test]
fn credentials_of_another_host_are_not_accepted() {
    let engine = engine();
    assert_eq!(engine.base_url(), "https://api-singapore.klingai.com");
    let url = |url: &str| EffectiveBaseUrl::resolved(Some(url.to_string()));
    assert!(engine.accepts_base_url(&url("https://api-singapore.klingai.com")));
    assert!(!engine.accepts_base_url(&url("https://gateway.example")));
}

#[test]
fn the_first_base_url_is_used() {
    let found = |pairs: &[(&str, &'static str)]| {
        let mut events = Vec::new();
        let get = |name: &'static str| {
            let value = pairs.iter().find(|(known, _)| *known == name);
            Ok::<_, ()>(value.map(|(_, value)| (*value, name)))
        };
        let found = BaseUrlSetting::find(get, &mut events).unwrap();
        let shown = alloc::format!("{found:?}");
        assert!(
            !shown.contains("://") && found.as_ref().is_none_or(|it| shown.contains(it.location))
        );
        (found.map(|found| (found.location, found.base_url())), events.len())
    };
    let singapore = || Ok("https://api-singapore.klingai.com".to_string());
    assert_eq!(found(&[]), (None, 0));
    assert_eq!(found(&[("KLING_BASE_URL", " ")]), (None, 0));
    let of_region = ("KLING_REGION", "singapore");
    assert_eq!(found(&[of_region]), (Some(("KLING_REGION", singapore())), 0));
    let same = ("KLING_API_BASE", "https://api-singapore.klingai.com/v1/");
    assert_eq!(found(&[of_region, same]), (Some(("KLING_API_BASE", singapore())), 0));
    let other = ("KLING_REGION", "beijing");
    assert_eq!(found(&[other, same]), (Some(("KLING_API_BASE", singapore())), 1));
    let (broken, _) = found(&[("KLING_API_URL", "ftp://a:password@b")]);
    assert!(broken.is_some_and(|(_, url)| url.is_err()));
}

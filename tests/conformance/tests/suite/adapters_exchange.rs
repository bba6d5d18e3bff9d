//! What adapters guarantee for a request and its response, beyond the scenarios.

use std::{
    collections::VecDeque,
    convert::Infallible,
    fmt,
    future::{Ready, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE},
};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use kling_auth::{
    Action, Cause, Credentials, Error, KlingAuth, Verdict,
    adapters::{KlingBody, KlingLayer},
};
use kling_auth_reqwest::KlingClientBuilder;
use kling_gate::{Config, DEMO_ACCESS_KEY, DEMO_SECRET_KEY, Gate};
use reqwest_middleware::reqwest;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::{
    adapters::{Call, Client, Ending, Payload},
    scenarios::{put, seen},
};

const PATH: &str = "/v1/videos/text2video";
const URL: &str = "https://api.klingai.com/v1/videos/text2video";
const ELSEWHERE: &str = "https://cdn.example.com/video.mp4";
const EXPIRED: &str = r#"{"code":1004,"message":"token expired"}"#;

fn auth() -> KlingAuth {
    KlingAuth::new("access-key", "secret-key").unwrap()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    Runtime::new().unwrap().block_on(future)
}

// Explicit authorization

#[test]
fn a_request_is_authorized_explicitly() {
    let auth = auth();
    let request = Request::get(URL).header(AUTHORIZATION, "Basic x").body(()).unwrap();
    let (mut parts, ()) = request.into_parts();
    auth.authorize(&mut parts).unwrap();
    let values: Vec<_> = parts.headers.get_all(AUTHORIZATION).iter().collect();
    assert_eq!(values, [&auth.header_value()]);
    assert_eq!(values[0].as_bytes(), auth.authorization().as_bytes());
    assert!(values[0].is_sensitive());
}

#[test]
fn a_request_to_another_host_is_not_authorized_explicitly() {
    for url in [ELSEWHERE, "http://api.klingai.com/", PATH] {
        let request = Request::get(url).header(AUTHORIZATION, "Basic x").body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        assert_eq!(auth().authorize(&mut parts).unwrap_err().code(), "ERR_ORIGIN", "{url}");
        assert_eq!(parts.headers[AUTHORIZATION], "Basic x", "{url}");
    }
}

// The request

/// The headers of a request that reach a tower service.
fn sent(auth: KlingAuth, request: Request<Full<Bytes>>) -> Result<HeaderMap, Error> {
    let server = service_fn(|request: Request<Full<Bytes>>| {
        let mut response = Response::new(Full::<Bytes>::default());
        *response.headers_mut() = request.headers().clone();
        ready(Ok::<_, Infallible>(response))
    });
    let response = run(KlingLayer::new(auth).layer(server).oneshot(request));
    response.map(|response| response.headers().clone()).map_err(|error| *error.downcast().unwrap())
}

#[test]
fn the_bearer_is_attached_in_place_of_any_other_and_marked_sensitive() {
    let auth = auth();
    let request = Request::get(URL)
        .header(AUTHORIZATION, "Basic x")
        .header(AUTHORIZATION, "Bearer y")
        .body(Full::default());
    let headers = sent(auth.clone(), request.unwrap()).unwrap();
    let values: Vec<_> = headers.get_all(AUTHORIZATION).iter().collect();
    assert_eq!(values, [&auth.header_value()]);
    assert!(values[0].is_sensitive());
}

#[test]
fn requests_to_other_hosts_are_unchanged() {
    for url in [ELSEWHERE, PATH] {
        let request = Request::get(url).header(AUTHORIZATION, "Basic x").body(Full::default());
        let headers = sent(auth(), request.unwrap()).unwrap();
        assert_eq!(headers[AUTHORIZATION], "Basic x", "{url}");
        let request = Request::get(url).body(Full::default()).unwrap();
        assert!(sent(auth(), request).unwrap().is_empty(), "{url}");
    }
}

#[test]
fn an_explicit_bearer_is_found_among_others() {
    let auth = auth();
    let request = Request::get(ELSEWHERE)
        .header(AUTHORIZATION, HeaderValue::from_bytes(b"Basic \xff").unwrap())
        .header(AUTHORIZATION, auth.header_value())
        .body(Full::default());
    assert_eq!(sent(auth, request.unwrap()).unwrap_err().code(), "ERR_ORIGIN");
}

// The response

/// The response to a request, from a tower service that answers with this status and body.
fn answered<R>(auth: &KlingAuth, status: u16, body: R) -> Response<KlingBody<R>>
where
    R: Body<Data = Bytes, Error: Send> + Send + 'static,
{
    let server = Once(Some(Response::builder().status(status).body(body).unwrap()));
    let layer = KlingLayer::with_replay(auth.clone(), |(): &()| None);
    run(layer.layer(server).oneshot(Request::get(URL).body(()).unwrap())).unwrap()
}

/// A service with one response.
struct Once<R>(Option<Response<R>>);

impl<R> Service<Request<()>> for Once<R> {
    type Response = Response<R>;
    type Error = Infallible;
    type Future = Ready<Result<Response<R>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(self.0.take().expect("one request")))
    }
}

/// A clone without a response.
impl<R> Clone for Once<R> {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// A body of these frames that counts how many were read.
struct Frames {
    left: VecDeque<Result<Frame<Bytes>, Broken>>,
    taken: Arc<AtomicUsize>,
}

#[derive(Debug, PartialEq)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body broke off")
    }
}

impl std::error::Error for Broken {}

impl Frames {
    fn new(frames: impl IntoIterator<Item = Frame<Bytes>>) -> Self {
        Self { left: frames.into_iter().map(Ok).collect(), taken: Arc::default() }
    }

    fn broken_after(frame: Frame<Bytes>) -> Self {
        let mut frames = Self::new([frame]);
        frames.left.extend([Err(Broken), Ok(data("never to be taken"))]);
        frames
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        self.taken.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(self.left.pop_front())
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let data = self.left.iter().flatten().filter_map(Frame::data_ref);
        SizeHint::with_exact(data.map(|data| data.len() as u64).sum())
    }
}

fn data(bytes: impl Into<Bytes>) -> Frame<Bytes> {
    Frame::data(bytes.into())
}

#[test]
fn an_accepted_response_streams() {
    let body = Frames::new([data("a"), data("b")]);
    let taken = Arc::clone(&body.taken);
    let response = answered(&auth(), 399, body);
    assert_eq!(taken.load(Ordering::Relaxed), 0);
    assert_eq!(response.extensions().get::<Verdict>(), None);
    assert_eq!(run(response.collect()).unwrap().to_bytes(), "ab");
}

#[test]
fn a_refusal_is_complete_after_it_was_handled() {
    let trailers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("x"))]);
    let (begin, end) = EXPIRED.split_at(20);
    let body = Frames::new([data(begin), data(""), data(end), Frame::trailers(trailers.clone())]);
    let response = answered(&auth(), 401, body);
    let verdict: &Verdict = response.extensions().get().unwrap();
    assert_eq!((verdict.cause, verdict.action), (Cause::TokenExpired, Action::Fail));
    assert_eq!(response.size_hint().exact(), Some(EXPIRED.len() as u64));
    assert!(!response.is_end_stream());
    let body = run(response.collect()).unwrap();
    assert_eq!(body.trailers(), Some(&trailers));
    assert_eq!(body.to_bytes(), EXPIRED);
}

#[test]
fn an_empty_refusal_is_handled() {
    let auth = auth();
    let response = answered(&auth, 502, Frames::new([]));
    assert!(response.is_end_stream());
    assert_eq!(response.size_hint().exact(), Some(0));
    assert_eq!(response.extensions().get().copied(), auth.last_verdict());
    assert_eq!(auth.last_verdict().unwrap().cause, Cause::NotKling);
}

#[test]
fn a_huge_refusal_is_not_read_completely() {
    const FRAME: usize = 16 * 1024;
    let body = Frames::new((0..1000_u16).map(|n| data(vec![n.to_le_bytes()[0]; FRAME])));
    let (taken, whole) = (Arc::clone(&body.taken), body.size_hint().exact());
    let response = answered(&auth(), 401, body);
    assert_eq!(taken.load(Ordering::Relaxed), 64 * 1024 / FRAME + 1);
    assert_eq!(response.size_hint().exact(), whole);
    let bytes = run(response.collect()).unwrap().to_bytes();
    assert_eq!(bytes.len(), 1000 * FRAME);
    let mut frames = bytes.chunks(FRAME).zip(0..1000_u16);
    assert!(frames.all(|(frame, n)| frame.iter().all(|byte| *byte == n.to_le_bytes()[0])));
}

#[test]
fn an_incomplete_refusal_corrects_nothing_and_is_an_error_to_its_reader() {
    let auth = auth();
    let response = answered(&auth, 401, Frames::broken_after(data(EXPIRED)));
    assert_eq!((response.extensions().get::<Verdict>(), auth.last_verdict()), (None, None));
    let mut body = response.into_body();
    assert!(!body.is_end_stream());
    let mut frame = || run(body.frame());
    assert_eq!(frame().unwrap().unwrap().into_data().unwrap(), EXPIRED);
    assert_eq!(frame().unwrap().unwrap_err(), Broken);
    assert!(frame().is_none());
    assert!(frame().is_none());
}

// The retry

/// A service that enforces tower's rules; its first answer is a refusal with this `Date`.
struct Strict {
    is_ready: bool,
    calls: Arc<AtomicUsize>,
    date: HeaderValue,
}

/// A clone is not ready before `poll_ready`.
impl Clone for Strict {
    fn clone(&self) -> Self {
        Self { is_ready: false, calls: Arc::clone(&self.calls), date: self.date.clone() }
    }
}

impl Service<Request<Full<Bytes>>> for Strict {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Full<Bytes>>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.is_ready {
            return Poll::Ready(Ok(()));
        }
        self.is_ready = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "poll_ready comes first");
        let mut response = Response::new(request.into_body());
        if self.calls.fetch_add(1, Ordering::Relaxed) == 0 {
            response.headers_mut().insert(DATE, self.date.clone());
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            *response.body_mut() = EXPIRED.into();
        }
        ready(Ok(response))
    }
}

#[test]
fn the_request_is_repeated_unchanged_and_by_towers_rules() {
    let auth = auth();
    let in_an_hour = Gate::start(Config { skew: 3600, ..Config::default() }).unwrap();
    let answer =
        crate::gate::agent().get(format!("{}/_gate/skew", in_an_hour.url())).call().unwrap();
    let date = answer.headers()["date"].clone();
    let server = Strict { is_ready: false, calls: Arc::default(), date };
    let service = KlingLayer::new(auth.clone()).layer(server.clone());
    let request = Request::post(URL).body(Full::from("a cat")).unwrap();
    let response = run(service.oneshot(request)).unwrap();
    assert_eq!(run(response.collect()).unwrap().to_bytes(), "a cat");
    assert_eq!(server.calls.load(Ordering::Relaxed), 2);
}

#[test]
fn a_service_with_any_body_can_be_cloned_and_printed() {
    struct Stream;
    let auth = KlingAuth::new("access-key", "canary-key").unwrap();
    let layer = KlingLayer::with_replay(auth.clone(), |_: &Stream| None);
    let text = format!("{:?} {:?}", layer.clone().layer(()).clone(), KlingClientBuilder::new(auth));
    assert!(text.starts_with("KlingService") && !text.contains("canary"), "{text}");
}

// reqwest

fn gate() -> (Gate, KlingAuth) {
    let gate = Gate::start(Config::default()).unwrap();
    let credentials = Credentials::key_pair(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).unwrap();
    let builder = KlingAuth::builder().credentials(credentials).base_url(gate.url());
    (gate, builder.build().unwrap())
}

#[test]
fn a_refused_response_of_reqwest_is_unchanged() {
    let (gate, auth) = gate();
    put(&gate, "answers", r#"[{"code": 1302, "headers": {"x-a": "b"}}]"#);
    let client = KlingClientBuilder::new(auth.clone())
        .client(reqwest::Client::builder().no_proxy())
        .build()
        .unwrap();
    let url = format!("{}{PATH}?pageNum=1", gate.url());
    run(async {
        let response = client.get(&url).send().await.unwrap();
        assert_eq!(response.status(), 429);
        assert_eq!(response.url().as_str(), url);
        assert_eq!(response.version(), http::Version::HTTP_11);
        assert_eq!(response.headers()["x-a"], "b");
        assert!(response.remote_addr().is_some());
        assert_eq!(response.extensions().get().copied(), auth.last_verdict());
        assert_eq!(auth.last_verdict().unwrap().action, Action::Backoff);
        let length = response.content_length().unwrap();
        let body = response.bytes().await.unwrap();
        assert_eq!(body.len() as u64, length);
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["code"], 1302);
    });
}

/// The requests that the gate saw, with a clock that is an hour behind.
fn refused_by_reqwest(method: Method, path: &str, answers: &str) -> Value {
    let (gate, auth) = gate();
    put(&gate, "skew", "3600");
    put(&gate, "answers", answers);
    let url = format!("{}{path}", gate.url());
    let payload = Payload::Replayable("{}".into());
    let call = Call { method, url, payload, authorization: None };
    let ending = run(Client::reqwest(&auth).send(call));
    assert!(matches!(ending, Ending::Response { .. }), "{ending:?}");
    seen(&gate)
}

#[test]
fn after_a_redirect_the_last_request_is_repeated() {
    let redirect = json!([{ "status": 307, "body": "", "headers": { "location": PATH } }]);
    // The gate accepts the token, but the POST is not a valid task.
    for (method, last) in [(Method::POST, [400, 1201, 2]), (Method::GET, [200, 0, 2])] {
        let seen = refused_by_reqwest(method, "/v1/elsewhere", &redirect.to_string());
        assert_eq!(seen, json!([[307, null, 1], [401, 1004, 1], last]));
    }
}

#[test]
fn a_fragment_is_not_a_redirect() {
    let seen = refused_by_reqwest(Method::GET, &format!("{PATH}#part"), "[]");
    assert_eq!(seen, json!([[401, 1004, 1], [200, 0, 2]]));
    let seen = refused_by_reqwest(Method::POST, &format!("{PATH}#part"), "[]");
    assert_eq!(seen.as_array().unwrap().len(), 2, "{seen}");
}

#[test]
fn a_redirect_from_elsewhere_to_kling_is_a_request_to_kling() {
    let (gate, auth) = gate();
    let other = Gate::start(Config::default()).unwrap();
    let location = format!("{}{PATH}", gate.url());
    let redirect = json!([{ "status": 307, "body": "", "headers": { "location": location } }]);
    put(&other, "answers", &redirect.to_string());
    auth.take_warnings();
    let url = format!("{}{PATH}", other.url());
    let call = Call { method: Method::GET, url, payload: Payload::default(), authorization: None };
    let ending = run(Client::reqwest(&auth).send(call));
    assert!(matches!(ending, Ending::Response { status: 200, .. }), "{ending:?}");
    assert_eq!(seen(&other), json!([[307, null, null]]));
    assert_eq!(seen(&gate), json!([[200, 0, 1]]));
    assert!(auth.take_warnings().is_empty());
}

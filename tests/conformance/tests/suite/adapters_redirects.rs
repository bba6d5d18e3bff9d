//! When a host redirects, the bearer only reaches allowed origins.
//!
//! Every chain of up to four redirects over three origins, with all statuses that redirect: through
//! sockets, and in memory, with more chains and both http and https.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{Router, body::to_bytes, extract::State};
use bytes::Bytes;
use http::{
    Extensions, HeaderMap, Method, Request, Response,
    header::{AUTHORIZATION, COOKIE, HOST, LOCATION},
};
use http_body_util::{BodyExt, Full};
use kling_auth::{KlingAuth, adapters::KlingLayer};
use kling_auth_reqwest::{KlingClientBuilder, TooManyRedirects};
use kling_conformance::report;
use reqwest_middleware::{
    ClientBuilder, ClientWithMiddleware, Middleware, Next, RequestBuilder,
    reqwest::{self, redirect},
};
use tokio::{net::TcpListener, runtime::Runtime, task::JoinSet};
use tower::{Layer, service_fn};

use crate::adapters::{Adapter, Call, Client, Ending, Payload, following};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
const ORIGINS: usize = 3;
const MOST: u32 = 4;
const BODY: &str = "a cat";
/// How many chains run at once.
const AT_ONCE: usize = 32;

/// A request, and where each answer redirects it.
#[derive(Clone)]
struct Chain {
    method: Method,
    start: usize,
    hops: Vec<Hop>,
}

#[derive(Clone, Copy)]
struct Hop {
    status: u16,
    to: usize,
}

/// What an origin saw of a request.
#[derive(Debug, PartialEq)]
struct Seen {
    origin: usize,
    method: Method,
    has_body: bool,
    has_bearer: bool,
}

/// Three origins, of which the first is allowed.
struct Origins {
    urls: [String; ORIGINS],
    log: Mutex<HashMap<usize, Vec<Seen>>>,
}

/// All chains over the origins. With `all`, each status occurs at each position and after each other.
fn chains(all: bool) -> Vec<Chain> {
    let mut chains = Vec::new();
    for len in 1..=MOST {
        for code in 0..ORIGINS.pow(len + 1) {
            let origin = |index| code / ORIGINS.pow(index) % ORIGINS;
            let firsts = if all || len < MOST { 0..STATUSES.len() } else { code % 5..code % 5 + 1 };
            let steps = if all && len > 1 { 0..STATUSES.len() } else { 1..2 };
            for (first, step) in firsts.flat_map(|at| steps.clone().map(move |step| (at, step))) {
                let hop = |index: u32| Hop {
                    status: STATUSES[(first + step * index as usize) % STATUSES.len()],
                    to: origin(index),
                };
                let hops: Vec<_> = (1..=len).map(hop).collect();
                chains.extend([Method::GET, Method::POST].map(|method| Chain {
                    method,
                    start: origin(0),
                    hops: hops.clone(),
                }));
            }
        }
    }
    chains
}

impl Chain {
    /// The path of the request with these remaining hops.
    fn path(number: usize, hops: &[Hop]) -> String {
        let hops = hops.iter().map(|hop| format!("/{}-{}", hop.status, hop.to));
        format!("/{number}{}", hops.collect::<Vec<_>>().concat())
    }

    /// What the origins should see.
    fn expected(&self) -> Vec<Seen> {
        let (mut method, mut origin) = (self.method.clone(), self.start);
        let mut all = Vec::new();
        for next in self.hops.iter().map(Some).chain([None]) {
            let has_body = method == Method::POST;
            all.push(Seen { origin, method: method.clone(), has_body, has_bearer: origin == 0 });
            let Some(hop) = next else { break };
            origin = hop.to;
            if hop.status < 307 {
                method = Method::GET;
            }
        }
        all
    }
}

impl Origins {
    /// Answers as the path asks for: `/number/status-origin/…`.
    fn answer(
        &self,
        origin: usize,
        method: Method,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Response<Full<Bytes>> {
        let mut parts = path.trim_matches('/').split('/');
        let number: usize = parts.next().unwrap().parse().unwrap();
        let has_bearer = headers
            .get_all(AUTHORIZATION)
            .iter()
            .any(|value| value.as_bytes().starts_with(b"Bear"));
        let seen = Seen { origin, method, has_body: body == BODY.as_bytes(), has_bearer };
        self.log.lock().unwrap().entry(number).or_default().push(seen);
        let Some((status, to)) = parts.next().map(|hop| hop.split_once('-').unwrap()) else {
            return Response::new(Full::from("there"));
        };
        let rest: Vec<_> = parts.collect();
        let to: usize = to.parse().unwrap();
        let location = format!("{}/{number}/{}", self.urls[to], rest.join("/"));
        Response::builder()
            .status(status)
            .header(LOCATION, location)
            .body(Full::from("elsewhere"))
            .unwrap()
    }

    fn of(&self, origin: &str) -> usize {
        self.urls.iter().position(|url| url == origin).expect("it is one of them")
    }
}

/// Starts the origins in the current runtime: the second has another host, the third another port.
fn listen() -> Arc<Origins> {
    let listeners = [(); 2].map(|()| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let [port, other] = [0, 1].map(|index: usize| listeners[index].local_addr().unwrap().port());
    let urls = [("127.0.0.1", port), ("localhost", port), ("127.0.0.1", other)];
    let origins = Arc::new(Origins {
        urls: urls.map(|(host, port)| format!("http://{host}:{port}")),
        log: Mutex::default(),
    });
    for listener in listeners {
        listener.set_nonblocking(true).unwrap();
        let app = Router::new().fallback(
            |State(origins): State<Arc<Origins>>, request: axum::extract::Request| async move {
                let (head, body) = request.into_parts();
                let body = to_bytes(body, 100).await.unwrap();
                let host = head.headers[HOST].to_str().unwrap();
                let origin = origins.of(&format!("http://{host}"));
                let path = head.uri.path();
                origins.answer(origin, head.method.clone(), path, &head.headers, &body)
            },
        );
        let app = app.with_state(Arc::clone(&origins));
        let listener = TcpListener::from_std(listener).unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
    }
    origins
}

fn auth(base_url: &str) -> KlingAuth {
    let keys = kling_auth::Credentials::key_pair("access-key", "secret-key").unwrap();
    KlingAuth::builder().credentials(keys).base_url(base_url).build().unwrap()
}

/// Sends every chain, and compares what arrived where.
async fn follow(origins: &Arc<Origins>, client: &Client, chains: &[Chain]) {
    let mut numbers = 0..chains.len();
    let mut sending = JoinSet::new();
    loop {
        while sending.len() < AT_ONCE
            && let Some(number) = numbers.next()
        {
            let chain = &chains[number];
            let url = format!("{}{}", origins.urls[chain.start], Chain::path(number, &chain.hops));
            let payload = match chain.method {
                Method::POST => Payload::Replayable(BODY.into()),
                _ => Payload::default(),
            };
            let call = Call { method: chain.method.clone(), url, payload, authorization: None };
            let client = client.clone();
            sending.spawn(async move { (number, client.send(call).await) });
        }
        let Some(ending) = sending.join_next().await else { break };
        let (number, ending) = ending.unwrap();
        let about = Chain::path(number, &chains[number].hops);
        assert!(matches!(ending, Ending::Response { status: 200, .. }), "{about}: {ending:?}");
    }
    let mut log = origins.log.lock().unwrap();
    let leaks = chains
        .iter()
        .enumerate()
        .filter(|(number, _)| log[number].iter().any(|seen| seen.has_bearer && seen.origin != 0));
    let leaks: Vec<_> = leaks.map(|(number, chain)| Chain::path(number, &chain.hops)).collect();
    assert!(leaks.is_empty(), "{} chains, such as {}", leaks.len(), leaks[0]);
    for (number, chain) in chains.iter().enumerate() {
        let about = format!("{} from {}", Chain::path(number, &chain.hops), chain.start);
        assert_eq!(log.remove(&number).unwrap(), chain.expected(), "{about}");
    }
}

#[test]
fn the_bearer_arrives_at_allowed_origins_alone() {
    let chains = chains(false);
    let clients: [Adapter; 2] = [Client::tower, |auth| {
        // A policy that would follow redirects if it were not replaced.
        let policy = redirect::Policy::limited(10);
        Client::reqwest_by(auth, reqwest::Client::builder().redirect(policy))
    }];
    Runtime::new().unwrap().block_on(async {
        for client in clients {
            let origins = listen();
            let auth = auth(&origins.urls[0]);
            follow(&origins, &client(&auth), &chains).await;
        }
    });
    report(&format!("redirects: {} chains x {} clients", chains.len(), clients.len()));
}

// Origins that are http and https: the answers come from the innermost middleware, or service.

/// Kling's own host is only allowed over https.
fn in_memory() -> Arc<Origins> {
    let urls = ["https://api.klingai.com", "http://api.klingai.com", "https://cdn.example.com"];
    Arc::new(Origins { urls: urls.map(str::to_owned), log: Mutex::default() })
}

struct InMemory(Arc<Origins>);

#[async_trait::async_trait]
impl Middleware for InMemory {
    async fn handle(
        &self,
        request: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let url = request.url();
        let origin = self.0.of(&url.origin().ascii_serialization());
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        let (method, headers) = (request.method().clone(), request.headers());
        let response = self.0.answer(origin, method, url.path(), headers, body);
        Ok(response.map(reqwest::Body::wrap).into())
    }
}

fn reqwest_in_memory(auth: &KlingAuth, origins: &Arc<Origins>) -> Client {
    let client = KlingClientBuilder::new(auth.clone()).build().unwrap();
    let inside = InMemory(Arc::clone(origins));
    Client::Reqwest(ClientBuilder::from_client(client).with(inside).build())
}

fn tower_in_memory(auth: &KlingAuth, origins: &Arc<Origins>) -> Client {
    let origins = Arc::clone(origins);
    let server = service_fn(move |request: Request<Payload>| {
        let (head, body) = request.into_parts();
        let (scheme, host) = (head.uri.scheme_str().unwrap(), head.uri.host().unwrap());
        let origin = origins.of(&format!("{scheme}://{host}"));
        let origins = Arc::clone(&origins);
        async move {
            let body = body.collect().await?.to_bytes();
            let path = head.uri.path();
            Ok::<_, Infallible>(origins.answer(origin, head.method, path, &head.headers, &body))
        }
    });
    let layer = KlingLayer::with_replay(auth.clone(), Payload::replay);
    Client::tower_by(following().layer(layer.layer(server)))
}

#[test]
fn the_bearer_goes_by_https_alone() {
    let chains = chains(true);
    let (auth, origins) = (auth("https://api.klingai.com"), in_memory());
    let clients = [reqwest_in_memory(&auth, &origins), tower_in_memory(&auth, &origins)];
    for client in &clients {
        Runtime::new().unwrap().block_on(follow(&origins, client, &chains));
    }
    report(&format!("redirects: {} chains x {} clients", chains.len(), clients.len()));
}

#[test]
fn without_a_follower_a_redirect_is_the_response() {
    Runtime::new().unwrap().block_on(async {
        let origins = listen();
        let client = Client::tower_alone(&auth(&origins.urls[0]));
        for (number, status) in STATUSES.into_iter().enumerate() {
            let hops = [Hop { status, to: 1 }];
            let url = format!("{}{}", origins.urls[0], Chain::path(number, &hops));
            let ending = client.send(get(url)).await;
            assert!(matches!(ending, Ending::Response { status: it, .. } if it == status));
            let seen = Seen { origin: 0, method: Method::GET, has_body: false, has_bearer: true };
            assert_eq!(origins.log.lock().unwrap()[&number], [seen]);
        }
    });
}

// Behaviour that the adapter's redirects share with reqwest's own

fn get(url: String) -> Call {
    Call { method: Method::GET, url, payload: Payload::default(), authorization: None }
}

/// Sends through a client with these answers, and returns the requests and the response.
async fn exchanged(
    builder: KlingClientBuilder,
    answers: &[(u16, &str)],
    send: impl FnOnce(&ClientWithMiddleware) -> RequestBuilder,
) -> (Vec<reqwest::Request>, reqwest_middleware::Result<reqwest::Response>) {
    /// The answers, and the requests received.
    #[derive(Clone)]
    struct Server(Arc<Mutex<VecDeque<reqwest::Response>>>, Arc<Mutex<Vec<reqwest::Request>>>);

    #[async_trait::async_trait]
    impl Middleware for Server {
        async fn handle(
            &self,
            request: reqwest::Request,
            _: &mut Extensions,
            _: Next<'_>,
        ) -> reqwest_middleware::Result<reqwest::Response> {
            self.1.lock().unwrap().push(request);
            Ok(self.0.lock().unwrap().pop_front().expect("no more requests than answers"))
        }
    }

    let answers = answers.iter().map(|(status, location)| {
        let response = Response::builder().status(*status).header(LOCATION, *location);
        response.body("elsewhere").unwrap().into()
    });
    let server = Server(Arc::new(Mutex::new(answers.collect())), Arc::default());
    let client = ClientBuilder::from_client(builder.build().unwrap()).with(server.clone());
    let response = send(&client.build()).send().await;
    (std::mem::take(&mut *server.1.lock().unwrap()), response)
}

fn builder() -> KlingClientBuilder {
    KlingClientBuilder::new(auth("https://api.klingai.com"))
}

const KLING: &str = "https://api.klingai.com/v1/videos?page=1#part";
const CDN: &str = "https://cdn.example.com/video.mp4";

#[tokio::test]
async fn removed_headers_do_not_come_back() {
    let answers = [(307, "../v2/image"), (307, CDN), (307, "/b"), (307, KLING), (200, "")];
    let (sent, response) = exchanged(builder(), &answers, |client| {
        let request = client.post(KLING).body("a cat").header(COOKIE, "a=b").header("x-a", "b");
        request.header(HOST, "api.klingai.com").header("proxy-authorization", "Basic x")
    })
    .await;
    assert_eq!(response.unwrap().status(), 200);
    let urls = sent.iter().map(|request| request.url().as_str());
    let after = "https://cdn.example.com/b";
    let same = "https://api.klingai.com/v2/image";
    assert_eq!(urls.collect::<Vec<_>>(), [KLING, same, CDN, after, KLING]);
    for (hop, request) in sent.iter().enumerate() {
        let headers = request.headers();
        for name in [COOKIE.as_str(), "host", "proxy-authorization"] {
            assert_eq!(headers.contains_key(name), hop < 2, "{name} at {hop}");
        }
        assert_eq!(headers.contains_key(AUTHORIZATION), hop < 2 || hop == 4, "{hop}");
        assert_eq!(headers["x-a"], "b");
        assert_eq!(request.body().and_then(reqwest::Body::as_bytes), Some(&b"a cat"[..]));
    }
}

#[tokio::test]
async fn a_header_of_the_callers_own_stays_at_its_host() {
    let answers = [(302, CDN), (302, "/b"), (200, "")];
    let (sent, _) = exchanged(builder(), &answers, |client| {
        client.get("https://shop.example.com/").header(AUTHORIZATION, "Basic x")
    })
    .await;
    let has = |request: &reqwest::Request| request.headers().contains_key(AUTHORIZATION);
    assert_eq!(sent.iter().map(has).collect::<Vec<_>>(), [true, false, false]);
}

#[tokio::test]
async fn a_dropped_body_drops_its_headers() {
    for status in [301, 302, 303] {
        let (sent, _) = exchanged(builder(), &[(status, "/b"), (200, "")], |client| {
            client.post(KLING).body("{}").header("content-type", "application/json")
        })
        .await;
        assert_eq!(sent[1].method(), Method::GET, "{status}");
        assert!(sent[1].body().is_none(), "{status}");
        assert!(!sent[1].headers().contains_key("content-type"), "{status}");
    }
    let (sent, _) =
        exchanged(builder(), &[(303, "/b"), (200, "")], |client| client.head(KLING)).await;
    assert_eq!(sent[1].method(), Method::HEAD);
    let (sent, _) =
        exchanged(builder(), &[(302, "/b"), (200, "")], |client| client.put(KLING)).await;
    assert_eq!(sent[1].method(), Method::PUT);
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let stream = || reqwest::Body::wrap(Full::<Bytes>::from("a cat"));
    let timeout = std::time::Duration::from_secs(7);
    let post = |client: &ClientWithMiddleware| {
        client.post(KLING).body(stream()).timeout(timeout).header("x-a", "b")
    };
    for status in [307, 308] {
        let (sent, response) = exchanged(builder(), &[(status, "/b")], post).await;
        assert_eq!((sent.len(), response.unwrap().status().as_u16()), (1, status));
    }
    let (sent, _) = exchanged(builder(), &[(303, "/b"), (200, "")], post).await;
    assert_eq!(sent[1].timeout(), Some(&timeout));
    assert_eq!(sent[1].headers()["x-a"], "b");
}

#[tokio::test]
async fn an_unusable_redirect_is_the_response() {
    for (status, location) in [(302, "https://[/"), (304, CDN), (300, CDN), (201, CDN)] {
        let (sent, response) =
            exchanged(builder(), &[(status, location)], |client| client.get(KLING)).await;
        assert_eq!((sent.len(), response.unwrap().status().as_u16()), (1, status), "{location}");
    }
}

#[tokio::test]
async fn redirects_have_an_end() {
    let circle = [(302, KLING); 12];
    let (sent, response) = exchanged(builder(), &circle, |client| client.get(KLING)).await;
    let Err(reqwest_middleware::Error::Middleware(error)) = response else {
        panic!("{response:?}");
    };
    assert!(error.is::<TooManyRedirects>(), "{error}");
    assert_eq!(sent.len(), 11);

    let two = || builder().max_redirects(2);
    let (sent, response) =
        exchanged(two(), &[(302, CDN), (302, KLING), (200, "")], |client| client.get(KLING)).await;
    assert_eq!((sent.len(), response.unwrap().status().as_u16()), (3, 200));
    let (sent, response) = exchanged(two(), &circle, |client| client.get(KLING)).await;
    assert!(response.is_err());
    assert_eq!(sent.len(), 3);

    let none = builder().max_redirects(0);
    let (sent, response) = exchanged(none, &[(302, CDN)], |client| client.get(KLING)).await;
    assert_eq!((sent.len(), response.unwrap().status().as_u16()), (1, 302));
}

/// Outer middleware only sees the last response, and each of its attempts is a request of its own.
#[tokio::test]
async fn outer_middleware_sees_the_last_response() {
    struct Twice(Arc<Mutex<Vec<&'static str>>>, &'static str);

    #[async_trait::async_trait]
    impl Middleware for Twice {
        async fn handle(
            &self,
            request: reqwest::Request,
            extensions: &mut Extensions,
            next: Next<'_>,
        ) -> reqwest_middleware::Result<reqwest::Response> {
            self.0.lock().unwrap().push(self.1);
            assert!(!request.headers().contains_key(AUTHORIZATION));
            let again = request.try_clone().unwrap();
            let response = next.clone().run(request, extensions).await?;
            if response.status() != 503 {
                return Ok(response);
            }
            next.run(again, extensions).await
        }
    }

    let seen = Arc::default();
    let outside = |name| Twice(Arc::clone(&seen), name);
    let builder = builder().with(outside("first")).with(outside("second"));
    let answers = [(302, CDN), (503, ""), (302, CDN), (200, "")];
    let (sent, response) = exchanged(builder, &answers, |client| client.get(KLING)).await;
    assert_eq!(response.unwrap().status(), 200);
    let has = |request: &reqwest::Request| request.headers().contains_key(AUTHORIZATION);
    assert_eq!(sent.iter().map(has).collect::<Vec<_>>(), [true, false, true, false]);
    assert_eq!(*seen.lock().unwrap(), ["first", "second"]);
}

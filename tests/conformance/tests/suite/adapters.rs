//! One interface to two HTTP clients with kling-auth's adapters: what a test sends, and how it ends.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header::AUTHORIZATION};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper_util::{
    client::legacy::{Client as HyperClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use kling_auth::{
    KlingAuth, Verdict,
    adapters::{KlingLayer, KlingService},
};
use kling_auth_reqwest::KlingClientBuilder;
use reqwest_middleware::{ClientWithMiddleware, reqwest};
use tower::{Layer, Service, ServiceExt, util::BoxCloneSyncService};
use tower_http::follow_redirect::{
    FollowRedirectLayer,
    policy::{And, CloneBodyFn, PolicyExt, Standard, clone_body_fn},
};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Makes a client.
pub(crate) type Adapter = fn(&KlingAuth) -> Client;

/// A client for one `KlingAuth`.
#[derive(Clone)]
pub(crate) enum Client {
    Reqwest(ClientWithMiddleware),
    Tower(TowerClient),
}

type TowerClient =
    BoxCloneSyncService<Request<Payload>, Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError>;

/// A request to send.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) payload: Payload,
    pub(crate) authorization: Option<String>,
}

/// The body of a request, the same type for both clients.
#[derive(Debug)]
pub(crate) enum Payload {
    /// In memory: can be sent again.
    Replayable(Full<Bytes>),
    /// Can be sent once.
    Stream(Full<Bytes>),
}

/// How a request ended.
#[derive(Debug)]
pub(crate) enum Ending {
    Response {
        status: u16,
        body: Bytes,
        verdict: Option<Box<Verdict>>,
    },
    /// An error of the client, or an incomplete body.
    Broken,
    Refused(kling_auth::Error),
}

impl Client {
    pub(crate) fn reqwest(auth: &KlingAuth) -> Self {
        Self::reqwest_by(auth, reqwest::Client::builder())
    }

    pub(crate) fn reqwest_by(auth: &KlingAuth, client: reqwest::ClientBuilder) -> Self {
        let builder = KlingClientBuilder::new(auth.clone()).client(client.no_proxy());
        Self::Reqwest(builder.build().unwrap())
    }

    /// Inside a service that follows redirects.
    pub(crate) fn tower(auth: &KlingAuth) -> Self {
        Self::tower_by(following().layer(Self::authenticated(auth)))
    }

    pub(crate) fn tower_alone(auth: &KlingAuth) -> Self {
        Self::tower_by(Self::authenticated(auth))
    }

    fn authenticated(
        auth: &KlingAuth,
    ) -> KlingService<HyperClient<HttpConnector, Payload>, Payload> {
        KlingLayer::with_replay(auth.clone(), Payload::replay)
            .layer(HyperClient::builder(TokioExecutor::new()).build_http())
    }

    pub(crate) fn tower_by<S, R>(service: S) -> Self
    where
        S: Service<Request<Payload>, Response = Response<R>, Error = BoxError>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send,
        R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let boxed = |body: R| body.map_err(Into::into).boxed_unsync();
        let service = service.map_response(move |response: Response<R>| response.map(boxed));
        Self::Tower(BoxCloneSyncService::new(service))
    }

    pub(crate) async fn send(&self, call: Call) -> Ending {
        let ending = match self {
            Self::Reqwest(client) => send_by_reqwest(client, call).await,
            Self::Tower(client) => send_by_tower(client.clone(), call).await,
        };
        ending.unwrap_or_else(|error| match error.downcast() {
            Ok(refusal) => Ending::Refused(*refusal),
            Err(_) => Ending::Broken,
        })
    }
}

type Replay = fn(&Payload) -> Option<Payload>;

/// tower-http's standard redirects, which send a replayable body again.
pub(crate) fn following() -> FollowRedirectLayer<And<Standard, CloneBodyFn<Replay>>> {
    let replay: Replay = Payload::replay;
    let policy = Standard::default().and::<_, Payload, BoxError>(clone_body_fn(replay));
    FollowRedirectLayer::with_policy(policy)
}

async fn send_by_reqwest(client: &ClientWithMiddleware, call: Call) -> Result<Ending, BoxError> {
    let mut request = client.request(call.method, call.url).body(match call.payload {
        Payload::Replayable(body) => body.collect().await?.to_bytes().into(),
        Payload::Stream(body) => reqwest::Body::wrap(body),
    });
    if let Some(value) = call.authorization {
        request = request.header(AUTHORIZATION, value);
    }
    let response = request.send().await.map_err(|error| match error {
        reqwest_middleware::Error::Middleware(error) => {
            error.downcast::<kling_auth::Error>().map_or_else(BoxError::from, BoxError::from)
        }
        reqwest_middleware::Error::Reqwest(error) => BoxError::from(error),
    })?;
    let status = response.status().as_u16();
    let verdict = response.extensions().get().copied().map(Box::new);
    Ok(Ending::Response { status, body: response.bytes().await?, verdict })
}

async fn send_by_tower(client: TowerClient, call: Call) -> Result<Ending, BoxError> {
    let mut request = Request::builder().method(call.method).uri(call.url).body(call.payload)?;
    if let Some(value) = call.authorization {
        request.headers_mut().insert(AUTHORIZATION, HeaderValue::try_from(value)?);
    }
    let response = client.oneshot(request).await?;
    let status = response.status().as_u16();
    let verdict = response.extensions().get().copied().map(Box::new);
    Ok(Ending::Response { status, body: response.collect().await?.to_bytes(), verdict })
}

impl Payload {
    pub(crate) fn replay(&self) -> Option<Self> {
        match self {
            Self::Replayable(body) => Some(Self::Replayable(body.clone())),
            Self::Stream(_) => None,
        }
    }
}

/// An empty body.
impl Default for Payload {
    fn default() -> Self {
        Self::Replayable(Full::default())
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let (Self::Replayable(body) | Self::Stream(body)) = &mut *self;
        Pin::new(body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        let (Self::Replayable(body) | Self::Stream(body)) = self;
        body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (Self::Replayable(body) | Self::Stream(body)) = self;
        body.size_hint()
    }
}

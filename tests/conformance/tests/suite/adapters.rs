//! Two HTTP clients with kling-auth's adapters, as one: what a test sends, and how it ends.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header::AUTHORIZATION};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as HyperClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use kling_auth::{
    KlingAuth, Verdict,
    adapters::{KlingLayer, KlingMiddleware, KlingService},
};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, reqwest};
use tower::{ServiceBuilder, ServiceExt};
use tower_http::follow_redirect::{FollowRedirect, FollowRedirectLayer};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Makes a client.
pub(crate) type Adapter = fn(&Arc<KlingAuth>) -> Client;

/// A client for one `KlingAuth`.
#[derive(Clone)]
pub(crate) enum Client {
    Reqwest(ClientWithMiddleware),
    Tower(Box<TowerClient>),
}

pub(crate) type TowerClient =
    FollowRedirect<KlingService<HyperClient<HttpConnector, Payload>, Payload>>;

/// What is to be sent.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) payload: Payload,
    pub(crate) authorization: Option<String>,
}

/// The body of a request, of one kind for all.
#[derive(Debug)]
pub(crate) enum Payload {
    /// In memory, to be sent as often as need be.
    Replayable(Full<Bytes>),
    /// To be sent once.
    Stream(Full<Bytes>),
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Ending {
    Answer {
        status: u16,
        body: Bytes,
        verdict: Option<Box<Verdict>>,
    },
    /// The client's own error, or a body that ended before its promised end.
    Broken,
    Refused(kling_auth::Error),
}

impl Client {
    pub(crate) fn reqwest(auth: &Arc<KlingAuth>) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let middleware = KlingMiddleware::new(Arc::clone(auth));
        Self::Reqwest(ClientBuilder::new(client).with(middleware).build())
    }

    pub(crate) fn tower(auth: &Arc<KlingAuth>) -> Self {
        let client = ServiceBuilder::new()
            .layer(FollowRedirectLayer::new())
            .layer(KlingLayer::with_replay(Arc::clone(auth), Payload::replay))
            .service(HyperClient::builder(TokioExecutor::new()).build_http());
        Self::Tower(Box::new(client))
    }

    pub(crate) async fn send(&self, call: Call) -> Ending {
        let ending = match self {
            Self::Reqwest(client) => send_by_reqwest(client, call).await,
            Self::Tower(client) => send_by_tower(TowerClient::clone(client), call).await,
        };
        ending.unwrap_or_else(|error| match error.downcast() {
            Ok(refusal) => Ending::Refused(*refusal),
            Err(_) => Ending::Broken,
        })
    }
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
            error.downcast::<kling_auth::Error>().expect("it is the only middleware").into()
        }
        reqwest_middleware::Error::Reqwest(error) => BoxError::from(error),
    })?;
    let status = response.status().as_u16();
    let verdict = response.extensions().get().copied().map(Box::new);
    Ok(Ending::Answer { status, body: response.bytes().await?, verdict })
}

async fn send_by_tower(client: TowerClient, call: Call) -> Result<Ending, BoxError> {
    let mut request = Request::builder().method(call.method).uri(call.url).body(call.payload)?;
    if let Some(value) = call.authorization {
        request.headers_mut().insert(AUTHORIZATION, HeaderValue::try_from(value)?);
    }
    let response = client.oneshot(request).await?;
    let status = response.status().as_u16();
    let verdict = response.extensions().get().copied().map(Box::new);
    Ok(Ending::Answer { status, body: response.collect().await?.to_bytes(), verdict })
}

impl Payload {
    pub(crate) fn replay(&self) -> Option<Self> {
        match self {
            Self::Replayable(body) => Some(Self::Replayable(body.clone())),
            Self::Stream(_) => None,
        }
    }
}

/// None at all.
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

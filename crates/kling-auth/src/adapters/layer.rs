//! The adapter for clients built from tower services.
//!
//! Its future is a boxed `async` block: one allocation is cheap compared with a network exchange,
//! and the code is easier to read than a state machine.

use std::{
    error::Error as StdError,
    fmt,
    future::poll_fn,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    body::KlingBody,
    exchange::{authorize, authorize_again, handle_response, should_retry, warn_withheld},
};
use crate::KlingAuth;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Authenticates the requests that a tower service sends to Kling. Feature `tower`.
///
/// The [module](super) describes what happens to a request and its response. The request's URI must
/// be absolute, as hyper's client requires: a request with a relative URI is sent without the
/// bearer, because its host is unknown.
///
/// Put this layer below layers that repeat requests or follow redirects, so that it handles each of
/// their requests, and above layers that decompress, so that it can read a refusal. **A layer that
/// follows redirects must never be below it:** it would send the bearer to other hosts. (tower-http
/// before 0.7 removes the bearer when a redirect leads to another host, but adds it again to the
/// next request to that host.)
///
/// ```
/// use std::convert::Infallible;
///
/// use http::{Request, Response};
/// use http_body_util::Full;
/// use kling_auth::{Cause, KlingAuth, Verdict, adapters::KlingLayer};
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # type Body = Full<bytes::Bytes>;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// // Stands in for hyper's client: a server that refuses every request.
/// let client = service_fn(|request: Request<Body>| async move {
///     assert!(request.headers()["authorization"].is_sensitive());
///     let refusal = r#"{"code":1002,"message":"access key not exist"}"#;
///     Ok::<_, Infallible>(Response::builder().status(401).body(Body::from(refusal)).unwrap())
/// });
///
/// let auth = KlingAuth::new("access-key", "secret-key")?;
/// let client = ServiceBuilder::new().layer(KlingLayer::new(auth.clone())).service(client);
/// let url = format!("{}/v1/videos/text2video", auth.base_url());
/// let response = client.oneshot(Request::get(url).body(Body::default())?).await?;
/// let verdict = response.extensions().get::<Verdict>().unwrap();
/// assert_eq!(verdict.cause, Cause::UnknownAccessKey);
/// # Ok(())
/// # }
/// ```
pub struct KlingLayer<B> {
    auth: KlingAuth,
    replay: fn(&B) -> Option<B>,
}

impl<B: Clone> KlingLayer<B> {
    /// A layer for request bodies that implement `Clone`. The body of each request to Kling is
    /// cloned once, so that the request can be repeated.
    pub fn new(auth: KlingAuth) -> Self {
        Self::with_replay(auth, |body| Some(body.clone()))
    }
}

impl<B> KlingLayer<B> {
    /// A layer for request bodies of any type. `replay` returns the body for a repeated request; if
    /// it returns `None`, the request is sent only once.
    ///
    /// ```
    /// # use kling_auth::{KlingAuth, adapters::KlingLayer};
    /// # struct Stream;
    /// # let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    /// let layer = KlingLayer::with_replay(auth, |_: &Stream| None);
    /// # drop(layer);
    /// ```
    pub const fn with_replay(auth: KlingAuth, replay: fn(&B) -> Option<B>) -> Self {
        Self { auth, replay }
    }
}

impl<S, B> Layer<S> for KlingLayer<B> {
    type Service = KlingService<S, B>;

    fn layer(&self, inner: S) -> Self::Service {
        KlingService { inner, layer: self.clone() }
    }
}

/// The service that a [`KlingLayer`] produces.
///
/// # Errors
///
/// A request that already has the bearer is not sent to a host that must not receive it: the boxed
/// error is [`crate::Error::Origin`]. All other errors are the inner service's.
pub struct KlingService<S, B> {
    inner: S,
    layer: KlingLayer<B>,
}

impl<S, B, R> Service<Request<B>> for KlingService<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + 'static,
    B: Send + 'static,
    R: Body<Data = Bytes, Error: Send> + Send + 'static,
{
    type Response = Response<KlingBody<R>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // `poll_ready` reserved capacity on this service: use it, and keep the clone.
        let clone = self.inner.clone();
        let ready = mem::replace(&mut self.inner, clone);
        let KlingLayer { auth, replay } = self.layer.clone();
        Box::pin(async move { exchange(&auth, replay, ready, request).await })
    }
}

// Not derived, because that would require `B: Clone` or `B: Debug`.

impl<B> Clone for KlingLayer<B> {
    fn clone(&self) -> Self {
        Self { auth: self.auth.clone(), replay: self.replay }
    }
}

impl<B> fmt::Debug for KlingLayer<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KlingLayer").field("auth", &self.auth).finish_non_exhaustive()
    }
}

impl<S: Clone, B> Clone for KlingService<S, B> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<S: fmt::Debug, B> fmt::Debug for KlingService<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inner, layer } = self;
        f.debug_struct("KlingService").field("inner", inner).field("layer", layer).finish()
    }
}

async fn exchange<S, B, R>(
    auth: &KlingAuth,
    replay: fn(&B) -> Option<B>,
    mut service: S,
    mut request: Request<B>,
) -> Result<Response<KlingBody<R>>, BoxError>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>>,
    R: Body<Data = Bytes>,
{
    let url = request.uri().to_string();
    let Some(token) = authorize(auth, &url, request.headers_mut()).await? else {
        let response = service.call(request).await.map_err(Into::into)?;
        warn_withheld(auth, &url, response.status());
        return Ok(response.map(KlingBody::new));
    };
    let (head, body) = request.into_parts();
    let repeated = replay(&body).map(|body| Request::from_parts(head.clone(), body));
    let response = service.call(Request::from_parts(head, body)).await.map_err(Into::into)?;
    let response = handle_response(auth, &token, response).await;
    let Some(mut repeated) = repeated.filter(|_| should_retry(response.extensions())) else {
        return Ok(response);
    };
    drop(response); // returns its connection to the pool
    poll_fn(|context| service.poll_ready(context)).await.map_err(Into::into)?;
    let token = authorize_again(auth, repeated.headers_mut()).await;
    let response = service.call(repeated).await.map_err(Into::into)?;
    Ok(handle_response(auth, &token, response).await)
}

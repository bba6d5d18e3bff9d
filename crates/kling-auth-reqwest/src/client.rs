//! reqwest, by `reqwest-middleware`.
//!
//! The client is built here, because a client that follows redirects below the middleware takes
//! the bearer along, and nobody can see of a `reqwest::Client` whether it does. (reqwest 0.13.5
//! takes it off on the way to another host, and puts it on again for the next request to that
//! host.)

use std::{fmt, sync::Arc};

use http::Extensions;
use reqwest_middleware::{
    ClientBuilder, ClientWithMiddleware, Error, Middleware, Next, Result,
    reqwest::{self, Body, Request, Response, ResponseBuilderExt, redirect},
};

use kling_auth::{
    KlingAuth, Token,
    adapters::exchange::{
        authorize, authorize_again, handle_response, should_read_body, should_retry, warn_withheld,
    },
};

use crate::redirect::FollowUp;

/// As many as reqwest follows.
const MAX_REDIRECTS: usize = 10;

/// Builds a reqwest client that authenticates what it sends to Kling.
///
/// What the client does to a request and its response: see [`kling_auth::adapters`]. It follows
/// redirects itself, and treats each hop as a request of its own: the bearer goes on if the hop
/// leads to a host that may have it, and stays here otherwise. A redirect policy that was set on
/// reqwest's builder has no effect; [`max_redirects`](Self::max_redirects) takes its place. On the
/// way to another origin, `Authorization` and `Cookie` headers of the request's own are taken off
/// for good.
///
/// Two things differ from reqwest's own redirects: a timeout counts for each hop, and there is
/// no `Referer`. Headers that the client has by default
/// ([`default_headers`](reqwest::ClientBuilder::default_headers)) go to every host: put no
/// credential there.
///
/// ```no_run
/// use std::time::Duration;
///
/// use kling_auth::{KlingAuth, Verdict};
/// use kling_auth_reqwest::{KlingClientBuilder, reqwest};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let auth = KlingAuth::discover()?;
/// let client = KlingClientBuilder::new(auth.clone())
///     .client(reqwest::Client::builder().timeout(Duration::from_secs(60)))
///     .build()?;
/// let response = client.get(format!("{}/v1/videos/text2video", auth.base_url())).send().await?;
/// match response.extensions().get::<Verdict>() {
///     Some(verdict) => eprintln!("{verdict}"), // HTTP 401, code 1000, "signature is invalid": …
///     None => println!("{}", response.text().await?),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The client does not send a request that has the bearer on it by hand, for a host that must not
/// see it: the error is [`kling_auth::Error`] in `reqwest_middleware::Error::Middleware`.
/// [`TooManyRedirects`] is there too. All other errors are reqwest's.
#[must_use = "it builds a client by `build`"]
pub struct KlingClientBuilder {
    auth: KlingAuth,
    client: reqwest::ClientBuilder,
    outside: Vec<Arc<dyn Middleware>>,
    max_redirects: usize,
}

impl KlingClientBuilder {
    /// A client that shares this `KlingAuth`, by reqwest's defaults.
    pub fn new(auth: KlingAuth) -> Self {
        let client = reqwest::Client::builder();
        Self { auth, client, outside: Vec::new(), max_redirects: MAX_REDIRECTS }
    }

    /// Takes over how reqwest is to be set up, except for its redirect policy.
    pub fn client(self, client: reqwest::ClientBuilder) -> Self {
        Self { client, ..self }
    }

    /// Adds middleware outside, as one that repeats requests has to be: each attempt then has a
    /// token of its own time. The first one added is the outermost.
    ///
    /// One that is to see every hop, with the bearer, goes inside: build the client, and add it by
    /// `reqwest_middleware::ClientBuilder::from_client`.
    pub fn with(mut self, middleware: impl Middleware) -> Self {
        self.outside.push(Arc::new(middleware));
        self
    }

    /// How many redirects are followed, one after another; 10 by default. After that it is an
    /// error. With 0 none is, and each is handed on as the response.
    pub fn max_redirects(self, max_redirects: usize) -> Self {
        Self { max_redirects, ..self }
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// reqwest's, where TLS or the resolver cannot be set up.
    pub fn build(self) -> reqwest::Result<ClientWithMiddleware> {
        let client = self.client.redirect(redirect::Policy::none()).build()?;
        let inner = KlingMiddleware { auth: self.auth, max_redirects: self.max_redirects };
        let outside = self.outside.into_iter();
        Ok(outside.fold(ClientBuilder::new(client), ClientBuilder::with_arc).with(inner).build())
    }
}

/// What reqwest is set up with is not ours to show.
impl fmt::Debug for KlingClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KlingClientBuilder")
            .field("auth", &self.auth)
            .field("max_redirects", &self.max_redirects)
            .finish_non_exhaustive()
    }
}

/// A chain of redirects that is longer than [`KlingClientBuilder::max_redirects`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooManyRedirects;

impl fmt::Display for TooManyRedirects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many redirects: they may form a loop")
    }
}

impl std::error::Error for TooManyRedirects {}

/// Not public: it promises nothing above a client that follows redirects.
struct KlingMiddleware {
    auth: KlingAuth,
    max_redirects: usize,
}

impl KlingMiddleware {
    /// Sends a request to one host, and again after [`kling_auth::Action::Retry`].
    async fn exchange(
        &self,
        mut request: Request,
        follow_up: &FollowUp,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let url = request.url().clone();
        let token = authorize(&self.auth, url.as_str(), request.headers_mut()).await;
        let Some(token) = token.map_err(Error::middleware)? else {
            let response = next.run(request, extensions).await?;
            warn_withheld(&self.auth, url.as_str(), response.status());
            return Ok(response);
        };
        let response = next.clone().run(request, extensions).await?;
        let response = self.handle_response(&token, response).await;
        if !should_retry(response.extensions()) {
            return Ok(response);
        }
        let Some(mut again) = follow_up.again() else { return Ok(response) };
        drop(response); // which gives its connection back
        let token = authorize_again(&self.auth, again.headers_mut()).await;
        let response = next.run(again, extensions).await?;
        Ok(self.handle_response(&token, response).await)
    }

    /// Takes in the answer to a request with this token.
    async fn handle_response(&self, token: &Token, response: Response) -> Response {
        if !should_read_body(response.status(), response.headers()) {
            return response;
        }
        let url = response.url().clone();
        let (head, body) = handle_response(&self.auth, token, response.into()).await.into_parts();
        // The way into a response of reqwest's knows no other place for the URL.
        let mut whole = http::Response::builder()
            .url(url)
            .status(head.status)
            .version(head.version)
            .body(Body::wrap(body))
            .expect("the parts are a response's");
        *whole.headers_mut() = head.headers;
        whole.extensions_mut().extend(head.extensions);
        whole.into()
    }
}

#[async_trait::async_trait]
impl Middleware for KlingMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        for _ in 0..self.max_redirects {
            let follow_up = FollowUp::new(&request);
            let response = self.exchange(request, &follow_up, extensions, next.clone()).await?;
            let Some(following) = follow_up.after(&response) else { return Ok(response) };
            request = following;
        }
        let follow_up = FollowUp::new(&request);
        let response = self.exchange(request, &follow_up, extensions, next).await?;
        if self.max_redirects > 0 && follow_up.after(&response).is_some() {
            return Err(Error::middleware(TooManyRedirects));
        }
        Ok(response)
    }
}

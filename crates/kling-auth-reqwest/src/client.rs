//! The adapter for reqwest, based on `reqwest-middleware`.
//!
//! It builds the client itself. A `reqwest::Client` that follows redirects below the middleware
//! sends the bearer on to other hosts, and its redirect policy cannot be read. (reqwest 0.13.5
//! removes the bearer when a redirect leads to another host, but adds it again to the next request
//! to that host.)

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

/// The same as reqwest's default.
const MAX_REDIRECTS: usize = 10;

/// Builds a reqwest client that authenticates its requests to Kling.
///
/// [`kling_auth::adapters`] describes what happens to a request and its response. The client
/// follows redirects itself and handles each hop as a new request: it adds the bearer only if the
/// hop's host may have it. When a redirect leads to another origin, the request's own
/// `Authorization` and `Cookie` headers are removed for the rest of the chain. A redirect policy of
/// reqwest's builder has no effect; use [`max_redirects`](Self::max_redirects).
///
/// Two things differ from reqwest's own redirects: a timeout applies to each hop, and no `Referer`
/// is sent. Headers set with [`default_headers`](reqwest::ClientBuilder::default_headers) are sent
/// to every host: put no credentials there.
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
/// The client returns [`kling_auth::Error::Origin`] if a request already has the bearer, but its
/// host must not receive it, and [`TooManyRedirects`]; both are in
/// `reqwest_middleware::Error::Middleware`. All other errors are reqwest's.
#[must_use = "it builds a client by `build`"]
pub struct KlingClientBuilder {
    auth: KlingAuth,
    client: reqwest::ClientBuilder,
    outer: Vec<Arc<dyn Middleware>>,
    max_redirects: usize,
}

impl KlingClientBuilder {
    /// A builder for a client with reqwest's defaults, which shares this `KlingAuth`.
    pub fn new(auth: KlingAuth) -> Self {
        let client = reqwest::Client::builder();
        Self { auth, client, outer: Vec::new(), max_redirects: MAX_REDIRECTS }
    }

    /// Uses these settings of reqwest, except for the redirect policy.
    pub fn client(self, client: reqwest::ClientBuilder) -> Self {
        Self { client, ..self }
    }

    /// Adds a middleware outside the authentication. The first one added is the outermost.
    ///
    /// A middleware that repeats requests must be here, so that each attempt gets a current token.
    /// A middleware that must see each hop with its bearer must be inside: build the client, then
    /// add the middleware with `reqwest_middleware::ClientBuilder::from_client`.
    pub fn with(mut self, middleware: impl Middleware) -> Self {
        self.outer.push(Arc::new(middleware));
        self
    }

    /// How many redirects are followed for a request; 10 by default. One more is the error
    /// [`TooManyRedirects`]. With 0, redirects are not followed but returned as responses.
    pub fn max_redirects(self, max_redirects: usize) -> Self {
        Self { max_redirects, ..self }
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// reqwest's error, if TLS or the resolver cannot be initialized.
    pub fn build(self) -> reqwest::Result<ClientWithMiddleware> {
        let client = self.client.redirect(redirect::Policy::none()).build()?;
        let inner = KlingMiddleware { auth: self.auth, max_redirects: self.max_redirects };
        let outer = self.outer.into_iter();
        Ok(outer.fold(ClientBuilder::new(client), ClientBuilder::with_arc).with(inner).build())
    }
}

/// Without reqwest's settings, which may contain secrets.
impl fmt::Debug for KlingClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KlingClientBuilder")
            .field("auth", &self.auth)
            .field("max_redirects", &self.max_redirects)
            .finish_non_exhaustive()
    }
}

/// A request was redirected more often than [`KlingClientBuilder::max_redirects`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooManyRedirects;

impl fmt::Display for TooManyRedirects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many redirects: they may form a loop")
    }
}

impl std::error::Error for TooManyRedirects {}

/// Not public, because it is not safe on top of a client that follows redirects.
struct KlingMiddleware {
    auth: KlingAuth,
    max_redirects: usize,
}

impl KlingMiddleware {
    /// Sends a request to one host. After [`kling_auth::Action::Retry`], sends it once more.
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
        let Some(mut repeated) = follow_up.repeat() else { return Ok(response) };
        drop(response); // returns its connection to the pool
        let token = authorize_again(&self.auth, repeated.headers_mut()).await;
        let response = next.run(repeated, extensions).await?;
        Ok(self.handle_response(&token, response).await)
    }

    /// Handles the response to a request with this token.
    async fn handle_response(&self, token: &Token, response: Response) -> Response {
        if !should_read_body(response.status(), response.headers()) {
            return response;
        }
        let url = response.url().clone();
        let (head, body) = handle_response(&self.auth, token, response.into()).await.into_parts();
        // `ResponseBuilderExt::url` is the only way to give a `reqwest::Response` its URL.
        let mut response = http::Response::builder()
            .url(url)
            .status(head.status)
            .version(head.version)
            .body(Body::wrap(body))
            .expect("the parts come from a valid response");
        *response.headers_mut() = head.headers;
        response.extensions_mut().extend(head.extensions);
        response.into()
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
            let Some(redirected) = follow_up.redirect(&response) else { return Ok(response) };
            request = redirected;
        }
        let follow_up = FollowUp::new(&request);
        let response = self.exchange(request, &follow_up, extensions, next).await?;
        if self.max_redirects > 0 && follow_up.redirect(&response).is_some() {
            return Err(Error::middleware(TooManyRedirects));
        }
        Ok(response)
    }
}

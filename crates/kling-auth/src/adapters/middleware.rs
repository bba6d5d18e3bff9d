//! reqwest, by `reqwest-middleware`.

use std::sync::Arc;

use http::Extensions;
use reqwest_middleware::{
    Error, Middleware, Next, Result,
    reqwest::{Body, Request, Response, ResponseBuilderExt},
};

use super::refusal::{asks_for_more, is_refused};
use crate::{KlingAuth, Token};

/// Authenticates what a reqwest client sends to Kling. Feature `reqwest-middleware`.
///
/// What it does to a request and its response, the [module](super) says. Redirects are followed
/// by reqwest itself, which takes the bearer off on the way to another host; what is answered
/// there is none of the middleware's. A request other than `GET` or `HEAD` that was redirected is
/// not repeated: the first host may have done what was asked for.
///
/// Middleware that repeats requests goes outside, before it: each attempt then has a token of
/// its own time.
///
/// ```no_run
/// use std::sync::Arc;
///
/// use kling_auth::{KlingAuth, Verdict, adapters::KlingMiddleware};
/// use reqwest_middleware::{ClientBuilder, reqwest};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let auth = Arc::new(KlingAuth::discover()?);
/// let client = ClientBuilder::new(reqwest::Client::new())
///     .with(KlingMiddleware::new(Arc::clone(&auth)))
///     .build();
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
/// A request that has the bearer on it by hand, for a host that must not see it, is not sent;
/// the error is [`crate::Error`] in `reqwest_middleware::Error::Middleware`. All other errors are
/// reqwest's.
#[derive(Clone, Debug)]
pub struct KlingMiddleware {
    auth: Arc<KlingAuth>,
}

impl KlingMiddleware {
    /// Middleware that shares this `KlingAuth`.
    pub const fn new(auth: Arc<KlingAuth>) -> Self {
        Self { auth }
    }

    /// Takes in an answer, of whichever host: a redirect may have led to another.
    async fn observe(&self, token: &Token, response: Response) -> Response {
        let url = response.url().clone();
        if !self.auth.allows(url.as_str()) {
            self.auth.note_unattached(url.as_str(), response.status());
            return response;
        }
        if !is_refused(response.status()) {
            return response;
        }
        let (head, body) = self.auth.observe_answer(token, response.into()).await.into_parts();
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
        let mut url = request.url().clone();
        url.set_fragment(None); // which the URL of a response has not
        let token = self.auth.attach(url.as_str(), request.headers_mut());
        let Some(token) = token.map_err(Error::middleware)? else {
            let response = next.run(request, extensions).await?;
            self.auth.note_unattached(response.url().as_str(), response.status());
            return Ok(response);
        };
        let is_safe = request.method().is_safe();
        let again = request.try_clone();
        let response = next.clone().run(request, extensions).await?;
        let response = self.observe(&token, response).await;
        let Some(mut again) = again.filter(|_| asks_for_more(response.extensions())) else {
            return Ok(response);
        };
        if !is_safe && *response.url() != url {
            return Ok(response);
        }
        drop(response); // which gives its connection back
        let token = self.auth.attach_current(again.headers_mut());
        let response = next.run(again, extensions).await?;
        Ok(self.observe(&token, response).await)
    }
}

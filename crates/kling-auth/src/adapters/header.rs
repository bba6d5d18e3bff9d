//! The `Authorization` header of the `http` crate.

use http::{HeaderValue, header::AUTHORIZATION, request::Parts};

use crate::{Error, KlingAuth, Token};

impl KlingAuth {
    /// The value of the `Authorization` header to send now. It is marked sensitive, so that
    /// `Debug` does not show it and HTTP/2 does not index it. Feature `http`.
    ///
    /// Where it goes is the caller's to watch; [`authorize`](Self::authorize) does so.
    ///
    /// ```
    /// let auth = kling_auth::KlingAuth::new("access-key", "secret-key").unwrap();
    /// let value = auth.header_value();
    /// assert!(value.as_bytes().starts_with(b"Bearer eyJ"));
    /// assert_eq!(format!("{value:?}"), "Sensitive");
    /// ```
    pub fn header_value(&self) -> HeaderValue {
        bearer(&self.token())
    }

    /// Puts the bearer to send now on a request, in place of whatever `Authorization` it has.
    /// Feature `http`.
    ///
    /// It is for this request alone: a client that follows redirects may take the bearer along to
    /// other hosts. Have it follow none (with reqwest: `redirect::Policy::none()`), and authorize
    /// the request to each next host anew, or send it by an adapter.
    ///
    /// ```
    /// use http::Request;
    /// use kling_auth::KlingAuth;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let auth = KlingAuth::new("access-key", "secret-key")?;
    /// let url = format!("{}/v1/videos/text2video", auth.base_url());
    /// let (mut parts, body) = Request::get(url).body(())?.into_parts();
    /// auth.authorize(&mut parts)?;
    /// assert!(parts.headers.contains_key("authorization"));
    /// let request = Request::from_parts(parts, body);
    /// # drop(request);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Origin`] where the bearer must not go, and for a URI without a host, which may
    /// go anywhere. The request is as it was then.
    pub fn authorize(&self, parts: &mut Parts) -> Result<(), Error> {
        // For its error: it knows what of a URL may be shown.
        self.authorization_for(&parts.uri.to_string())?;
        parts.headers.insert(AUTHORIZATION, self.header_value());
        Ok(())
    }
}

/// The value of the `Authorization` header with this token.
pub(super) fn bearer(token: &Token) -> HeaderValue {
    let text = format!("Bearer {}", token.as_str());
    let mut value = HeaderValue::try_from(text).expect("a token is visible ASCII");
    value.set_sensitive(true);
    value
}

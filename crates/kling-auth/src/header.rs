//! The `Authorization` header of the `http` crate.

use http::HeaderValue;

use crate::Token;

/// The value of the header with this token, marked sensitive.
pub(crate) fn bearer(token: &Token) -> HeaderValue {
    let text = format!("Bearer {}", token.as_str());
    let mut value = HeaderValue::try_from(text).expect("a token is visible ASCII");
    value.set_sensitive(true);
    value
}

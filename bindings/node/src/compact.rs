//! The compact form in general, for `kling-auth/jwt`.

use kling_auth::{Decoded, decode, encode, encoded_len, verify_signature};
use napi::bindgen_prelude::{Either, Uint8ArraySlice, Unknown};
use napi_derive::napi;

use crate::errors::{Result, throw, wrong_type};

/// Text as UTF-8, or bytes.
type Bytes<'a> = Either<String, Uint8ArraySlice<'a>>;

fn bytes<'a>(value: &'a Bytes<'_>) -> &'a [u8] {
    match value {
        Either::A(text) => text.as_bytes(),
        Either::B(bytes) => bytes,
    }
}

/// A token, or something else that is refused without being shown.
type Text<'a> = Either<String, Unknown<'a>>;

fn text(token: Text<'_>) -> Result<String> {
    match token {
        Either::A(token) => Ok(token),
        Either::B(_) => Err(wrong_type("token", "a string")),
    }
}

/// Signs a header and a payload with HS256.
#[napi(catch_unwind)]
pub fn jwt_encode(header: Bytes<'_>, payload: Bytes<'_>, key: Bytes<'_>) -> Result<String> {
    let (header, payload, key) = (bytes(&header), bytes(&payload), bytes(&key));
    let mut token = vec![0; encoded_len(header.len(), payload.len())];
    let token = encode(header, payload, key, &mut token).map_err(throw)?;
    Ok(token.to_owned())
}

/// What a token says, as text.
#[napi(object)]
pub struct Parts {
    /// The header, one character a byte: so jsonwebtoken writes it.
    pub header: String,
    /// The payload; what is not UTF-8 in it is replaced by U+FFFD.
    pub payload: String,
}

/// Takes a token apart without trusting it.
#[napi(catch_unwind)]
pub fn jwt_decode(token: Text<'_>) -> Result<Parts> {
    let token = text(token)?;
    let mut buffer = vec![0; token.len()];
    let Decoded { header, payload, .. } = decode(&token, &mut buffer).map_err(throw)?;
    Ok(Parts {
        header: header.iter().copied().map(char::from).collect(),
        payload: String::from_utf8_lossy(payload).into_owned(),
    })
}

/// Makes sure that a key made a token's signature. `alg` is not looked at.
#[napi(catch_unwind)]
pub fn jwt_verify_signature(token: Text<'_>, key: Bytes<'_>) -> Result<()> {
    let token = text(token)?;
    verify_signature(&token, bytes(&key)).map_err(throw)
}

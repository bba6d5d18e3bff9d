//! Signing, decoding and verifying any token, for `kling-auth/jwt`.

use std::ffi::CStr;

use kling_auth::{Decoded, decode, encode, encoded_len, verify_signature};
use napi::bindgen_prelude::Either;
use zeroize::Zeroize;

use crate::{
    errors::{Result, throw, wrong_type},
    function::{Bytes, Call, Callable, Value},
};

/// `jwtEncode(header, payload, key)`: signs a header and a payload with HS256.
pub(crate) struct JwtEncode;

impl Callable for JwtEncode {
    const NAME: &'static CStr = c"jwtEncode";

    fn call(&self, call: &Call) -> Result<Value> {
        let (header, payload, key) = (call.bytes(0)?, call.bytes(1)?, Key(call.bytes(2)?));
        let (header, payload) = (bytes(&header), bytes(&payload));
        let mut token = vec![0; encoded_len(header.len(), payload.len())];
        let token = encode(header, payload, bytes(&key.0), &mut token).map_err(throw)?;
        call.ascii(token.as_bytes())
    }
}

/// `jwtDecode(token)`: decodes a token without verifying it. Returns header and payload as one text.
/// Each byte of the header becomes one character, because jsonwebtoken writes it in this way. Invalid
/// UTF-8 in the payload is replaced by U+FFFD.
pub(crate) struct JwtDecode;

impl Callable for JwtDecode {
    const NAME: &'static CStr = c"jwtDecode";

    fn call(&self, call: &Call) -> Result<Value> {
        let token = token(call)?;
        let mut buffer = vec![0; token.len()];
        let Decoded { header, payload, .. } = decode(&token, &mut buffer).map_err(throw)?;
        let mut text = String::with_capacity(header.len() + payload.len());
        text.extend(header.iter().copied().map(char::from));
        text.push_str(&String::from_utf8_lossy(payload));
        call.string(&text)
    }
}

/// `jwtVerifySignature(token, key)`: checks that a key made a token's signature. `alg` is not
/// checked.
pub(crate) struct JwtVerifySignature;

impl Callable for JwtVerifySignature {
    const NAME: &'static CStr = c"jwtVerifySignature";

    fn call(&self, call: &Call) -> Result<Value> {
        let (token, key) = (token(call)?, Key(call.bytes(1)?));
        verify_signature(&token, bytes(&key.0)).map_err(throw)?;
        call.value(())
    }
}

/// The token. Any other type is refused, and the value is not shown.
fn token(call: &Call) -> Result<String> {
    match call.text(0)? {
        Some(Either::A(token)) => Ok(token),
        _ => Err(wrong_type("token", "a string")),
    }
}

/// A secret. A copy of text is wiped when it is dropped.
struct Key<'a>(Bytes<'a>);

impl Drop for Key<'_> {
    fn drop(&mut self) {
        if let Either::A(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

fn bytes<'a>(value: &'a Bytes<'_>) -> &'a [u8] {
    match value {
        Either::A(text) => text.as_bytes(),
        Either::B(bytes) => bytes,
    }
}

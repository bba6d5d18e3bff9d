//! The compact form in general, for `kling-auth/jwt`.

use kling_auth::{Decoded, decode, encode, encoded_len, verify, verify_signature};
use napi::bindgen_prelude::{Buffer, Either, Uint8ArraySlice};
use napi_derive::napi;

use crate::errors::{Result, throw};

/// Text as UTF-8, or bytes.
type Bytes<'a> = Either<String, Uint8ArraySlice<'a>>;

fn bytes<'a>(value: &'a Bytes<'_>) -> &'a [u8] {
    match value {
        Either::A(text) => text.as_bytes(),
        Either::B(bytes) => bytes,
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

/// The parts of a token, as bytes.
#[napi(object)]
pub struct Parts {
    /// The header.
    pub header: Buffer,
    /// The payload.
    pub payload: Buffer,
    /// The signature.
    pub signature: Buffer,
}

/// Takes a token apart without trusting it.
#[napi(catch_unwind)]
pub fn jwt_decode(token: String) -> Result<Parts> {
    let mut buffer = vec![0; token.len()];
    let Decoded { header, payload, signature } = decode(&token, &mut buffer).map_err(throw)?;
    Ok(Parts { header: header.into(), payload: payload.into(), signature: signature.into() })
}

/// Makes sure that a key signed a token with HS256.
#[napi(catch_unwind)]
pub fn jwt_verify(token: String, key: Bytes<'_>) -> Result<()> {
    let mut buffer = vec![0; token.len()];
    verify(&token, bytes(&key), &mut buffer).map(|_| ()).map_err(throw)
}

/// Makes sure that a key made a token's signature. `alg` is not looked at.
#[napi(catch_unwind)]
pub fn jwt_verify_signature(token: String, key: Bytes<'_>) -> Result<()> {
    verify_signature(&token, bytes(&key)).map_err(throw)
}

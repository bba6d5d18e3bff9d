//! Signing, decoding and verifying any token, for `kling-auth/jwt`.

use alloc::vec;
use core::fmt::{self, Display, Write};

use kling_jwt_core::{Decoded, Error, decode, encode, encoded_len, verify_signature};

use crate::{
    failure::Result,
    values::{Arguments, Results},
};

/// Signs a header and a payload with HS256.
pub(crate) fn jwt_encode(arguments: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    let header = arguments.required_bytes("header")?;
    let payload = arguments.required_bytes("payload")?;
    let key = arguments.required_bytes("key")?;
    let mut token = vec![0; encoded_len(header.len(), payload.len())];
    results.text(encode(header, payload, key, &mut token)?);
    Ok(())
}

/// Decodes a token without verifying it. Each byte of the header becomes one character, because
/// jsonwebtoken writes it in this way. Invalid UTF-8 in the payload is replaced by U+FFFD.
pub(crate) fn jwt_decode(arguments: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    let token = token(arguments)?;
    let mut buffer = vec![0; token.len()];
    let Decoded { header, payload, .. } = decode(token, &mut buffer)?;
    results.display(&Latin1(header)).bytes(payload);
    Ok(())
}

/// Checks that a key made a token's signature. `alg` is not checked.
pub(crate) fn jwt_verify_signature(arguments: &mut Arguments<'_>, _: &mut Results) -> Result<()> {
    let token = token(arguments)?;
    let key = arguments.required_bytes("key")?;
    Ok(verify_signature(token, key)?)
}

fn token<'a>(arguments: &mut Arguments<'a>) -> Result<&'a str> {
    Ok(arguments.text("token")?.ok_or(Error::Type { argument: "token", expected: "a string" })?)
}

struct Latin1<'a>(&'a [u8]);

impl Display for Latin1<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| f.write_char(char::from(*byte)))
    }
}

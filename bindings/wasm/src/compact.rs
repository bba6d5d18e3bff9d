//! The compact form in general, for `kling-auth/jwt`.

use alloc::{string::String, vec};

use kling_jwt_core::{Decoded, Error, decode, encode, encoded_len, verify_signature};

use crate::{
    failure::Result,
    values::{Arguments, Results},
};

/// Signs a header and a payload with HS256.
pub(crate) fn jwt_encode(mut arguments: Arguments<'_>, results: &mut Results) -> Result<()> {
    let header = arguments.needed_bytes("header")?;
    let payload = arguments.needed_bytes("payload")?;
    let key = arguments.needed_bytes("key")?;
    let mut token = vec![0; encoded_len(header.len(), payload.len())];
    results.text(encode(header, payload, key, &mut token)?);
    Ok(())
}

/// Takes a token apart without trusting it: the header one character a byte, as jsonwebtoken
/// writes it; what is not UTF-8 in the payload is replaced by U+FFFD.
pub(crate) fn jwt_decode(mut arguments: Arguments<'_>, results: &mut Results) -> Result<()> {
    let token = token(&mut arguments)?;
    let mut buffer = vec![0; token.len()];
    let Decoded { header, payload, .. } = decode(token, &mut buffer)?;
    let header: String = header.iter().copied().map(char::from).collect();
    results.text(&header).text(&String::from_utf8_lossy(payload));
    Ok(())
}

/// Makes sure that a key made a token's signature. `alg` is not looked at.
pub(crate) fn jwt_verify_signature(mut arguments: Arguments<'_>, _: &mut Results) -> Result<()> {
    let token = token(&mut arguments)?;
    let key = arguments.needed_bytes("key")?;
    Ok(verify_signature(token, key)?)
}

fn token<'a>(arguments: &mut Arguments<'a>) -> Result<&'a str> {
    Ok(arguments.text("token")?.ok_or(Error::Type("token", "a string"))?)
}

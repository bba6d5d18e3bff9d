//! The JWS compact form in general (RFC 7515, section 3.1), for HS256 and JSON of the caller's.
//!
//! This is what the drop-ins for PyJWT and jsonwebtoken stand on: the host's own serializer
//! makes the JSON text, and everything after it happens here. Buffers are the caller's.

use crate::{
    Error, Fault, Field, HmacKey, JsonString, SIGNATURE_LEN,
    encoding::{
        base64::{self, base64url_len},
        buffer::Writer,
        chars::{ascii, split_once},
        json,
    },
};

/// The only algorithm there is here (RFC 7518, section 3.2).
const HS256: &str = "HS256";

/// The length in bytes of a token over this much header and payload.
///
/// ```
/// assert_eq!(kling_jwt_core::encoded_len(27, 76), 36 + 1 + 102 + 1 + 43);
/// ```
pub const fn encoded_len(header: usize, payload: usize) -> usize {
    let signature = 1 + base64url_len(SIGNATURE_LEN);
    base64url_len(header).saturating_add(1 + base64url_len(payload)).saturating_add(signature)
}

/// Signs a header and a payload, both as they are, and writes the token into `dst`.
///
/// # Errors
///
/// [`Error::Credential`] for an empty key; [`Error::Destination`] if `dst` is shorter than
/// [`encoded_len`].
///
/// ```
/// use kling_jwt_core::{HEADER, encode, encoded_len, verify};
///
/// let payload = br#"{"iss":"access-key"}"#;
/// let mut token = [0; encoded_len(HEADER.len(), 20)];
/// let token = encode(HEADER.as_bytes(), payload, b"secret", &mut token)?;
/// let mut decoded = [0; 128];
/// assert_eq!(verify(token, b"secret", &mut decoded)?.payload, payload);
/// # Ok::<_, kling_jwt_core::Error>(())
/// ```
pub fn encode<'d>(
    header: &[u8],
    payload: &[u8],
    key: &[u8],
    dst: &'d mut [u8],
) -> Result<&'d str, Error> {
    let key = secret(key)?;
    let len = encoded_len(header.len(), payload.len());
    let dst = dst.get_mut(..len).ok_or(Error::Destination)?;

    let mut token = Writer::new(dst);
    token.base64url(header);
    token.text(b".");
    token.base64url(payload);
    let signature = key.sign(token.written_from(0));
    token.text(b".");
    token.base64url(&signature);
    Ok(ascii(token.written()))
}

/// The parts of a token, as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded<'d> {
    /// The header: JSON, if its maker kept to RFC 7515.
    pub header: &'d [u8],
    /// The payload: JSON, if the token is a JWT.
    pub payload: &'d [u8],
    /// The signature; 32 bytes, if it is one of HS256.
    pub signature: &'d [u8],
}

/// Takes a token apart without trusting it: neither signature, nor `alg`, nor JSON is looked at.
///
/// As many bytes as the token has are enough for `dst`.
///
/// # Errors
///
/// [`Error::TokenSegments`], [`Error::TokenEncoding`], or [`Error::Destination`].
///
/// ```
/// use kling_jwt_core::decode;
///
/// let token = "eyJhbGciOiJub25lIn0.e30.";
/// let mut buffer = [0; 64];
/// let decoded = decode(token, &mut buffer)?;
/// assert_eq!(decoded.header, br#"{"alg":"none"}"#);
/// assert_eq!((decoded.payload, decoded.signature), (&b"{}"[..], &b""[..]));
/// # Ok::<_, kling_jwt_core::Error>(())
/// ```
pub fn decode<'d>(token: &str, dst: &'d mut [u8]) -> Result<Decoded<'d>, Error> {
    let [header, payload, signature] = segments(token)?;
    let (header, dst) = decode_base64url(header, dst)?;
    let (payload, dst) = decode_base64url(payload, dst)?;
    let (signature, _) = decode_base64url(signature, dst)?;
    Ok(Decoded { header, payload, signature })
}

/// Takes a token apart and makes sure that this key signed it with HS256.
///
/// Claims are not looked at: when it is valid is for the caller to say. As many bytes as the
/// token has are enough for `dst`. Signatures are compared in constant time.
///
/// # Errors
///
/// What [`decode`] refuses; [`Error::TokenHeader`], [`Error::Algorithm`], [`Error::Signature`];
/// [`Error::Credential`] for an empty key.
///
/// ```
/// use kling_jwt_core::{Error, verify};
///
/// let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.sdq8hlcnGupCQofW8T3WXS8lMHPKjY78f7plDHoTsoI";
/// let mut buffer = [0; 128];
/// assert_eq!(verify(token, b"k", &mut buffer)?.payload, b"{}");
/// assert_eq!(verify(token, b"another", &mut buffer), Err(Error::Signature));
/// # Ok::<_, Error>(())
/// ```
///
/// An `alg` with escapes is judged by what it says: `{"alg":"HS\u0032\u0035\u0036"}` is HS256.
///
/// ```
/// let token = "eyJhbGciOiJIU1x1MDAzMlx1MDAzNVx1MDAzNiJ9.e30.K7fORnVKiD7hQI0Lvn6HMBqPDlmqJAJ3MmIjOi3p6dY";
/// assert!(kling_jwt_core::verify(token, b"k", &mut [0; 128]).is_ok());
/// ```
pub fn verify<'d>(token: &str, key: &[u8], dst: &'d mut [u8]) -> Result<Decoded<'d>, Error> {
    let decoded = decode(token, dst)?;
    if algorithm(decoded.header)? != HS256 {
        return Err(Error::Algorithm);
    }
    verify_signature(token, key)?;
    Ok(decoded)
}

/// Makes sure that this key made the token's signature, in constant time. Nothing else: `alg` is
/// for a caller to judge that reads headers by rules of its own.
///
/// # Errors
///
/// [`Error::TokenSegments`]; [`Error::TokenEncoding`] of the signature; [`Error::Signature`], also
/// for one that is longer than 32 bytes, however encoded; [`Error::Credential`] for an empty key.
///
/// ```
/// use kling_jwt_core::{Error, verify_signature};
///
/// let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.sdq8hlcnGupCQofW8T3WXS8lMHPKjY78f7plDHoTsoI";
/// assert_eq!(verify_signature(token, b"k"), Ok(()));
/// assert_eq!(verify_signature(token, b"another"), Err(Error::Signature));
/// ```
pub fn verify_signature(token: &str, key: &[u8]) -> Result<(), Error> {
    let [_, _, signature] = segments(token)?;
    let signing_input = token.get(..token.len() - ".".len() - signature.len()).unwrap_or_default();
    let mut buffer = [0; SIGNATURE_LEN];
    let signature = match decode_base64url(signature, &mut buffer) {
        Ok((signature, _)) => signature,
        Err(Error::Destination) => return Err(Error::Signature), // longer than one of HS256
        Err(error) => return Err(error),
    };
    if secret(key)?.verify(signing_input.as_bytes(), signature) {
        Ok(())
    } else {
        Err(Error::Signature)
    }
}

/// A key that is not empty. Longer ones are taken as they are: what is a good secret, Kling says.
fn secret(key: &[u8]) -> Result<HmacKey, Error> {
    if key.is_empty() {
        return Err(Error::Credential { field: Field::SecretKey, fault: Fault::Empty });
    }
    Ok(HmacKey::new(key))
}

/// The three segments of a token.
fn segments(token: &str) -> Result<[&str; 3], Error> {
    let (header, rest) = split_once(token, b'.').ok_or(Error::TokenSegments)?;
    let (payload, signature) = split_once(rest, b'.').ok_or(Error::TokenSegments)?;
    if signature.bytes().any(|byte| byte == b'.') {
        return Err(Error::TokenSegments);
    }
    Ok([header, payload, signature])
}

/// Decodes one segment into the start of `dst`, and returns it with what is left of `dst`.
fn decode_base64url<'d>(
    segment: &str,
    dst: &'d mut [u8],
) -> Result<(&'d [u8], &'d mut [u8]), Error> {
    let len = base64::decoded_len(segment.len());
    let (dst, rest) = dst.split_at_mut_checked(len).ok_or(Error::Destination)?;
    base64::decode(segment.as_bytes(), dst).ok_or(Error::TokenEncoding)?;
    Ok((dst, rest))
}

/// The `alg` of a header.
///
/// A header with `crit` is refused: nothing that it could name is understood here (RFC 7515,
/// section 4.1.11).
fn algorithm(header: &[u8]) -> Result<JsonString<'_>, Error> {
    let header = json::object(header).ok_or(Error::TokenHeader)?;
    let has_critical = json::values(header, "crit").next().is_some();
    let algorithm = json::member(header, "alg").and_then(JsonString::of);
    algorithm.filter(|_| !has_critical).ok_or(Error::TokenHeader)
}

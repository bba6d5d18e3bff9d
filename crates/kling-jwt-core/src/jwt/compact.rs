//! Any HS256 token in the JWS compact form (RFC 7515, section 3.1), over the caller's JSON.
//!
//! The drop-ins for PyJWT and jsonwebtoken use this: the host's serializer makes the JSON, and
//! everything after it happens here, in the caller's buffers.

use crate::{
    Error, Fault, Field, HmacKey, JsonString, SIGNATURE_LEN,
    encoding::{
        base64::{self, base64url_len},
        buffer::Writer,
        chars::{ascii, split_once},
        json,
    },
};

/// The only supported algorithm (RFC 7518, section 3.2).
const HS256: &str = "HS256";

/// The length of a token, from the lengths of its header and payload, all in bytes.
///
/// ```
/// assert_eq!(kling_jwt_core::encoded_len(27, 76), 36 + 1 + 102 + 1 + 43);
/// ```
pub const fn encoded_len(header: usize, payload: usize) -> usize {
    let signature = 1 + base64url_len(SIGNATURE_LEN);
    base64url_len(header).saturating_add(1 + base64url_len(payload)).saturating_add(signature)
}

/// Signs a header and a payload, and writes the token into `dst`. Checks neither of them.
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

/// The decoded parts of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded<'d> {
    /// The header. RFC 7515 requires JSON; that is not checked.
    pub header: &'d [u8],
    /// The payload: JSON, if the token is a JWT.
    pub payload: &'d [u8],
    /// The signature: 32 bytes, if the algorithm is HS256.
    pub signature: &'d [u8],
}

/// Decodes the parts of a token. Checks neither its signature, nor `alg`, nor JSON.
///
/// `dst` needs at most as many bytes as the token has.
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

/// Decodes a token, and verifies that this key signed it with HS256.
///
/// Does not check claims: the caller checks whether the token is valid now. `dst` needs at most as
/// many bytes as the token has. Signatures are compared in constant time.
///
/// # Errors
///
/// The errors of [`decode`]; [`Error::TokenHeader`], [`Error::Algorithm`], [`Error::Signature`];
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
/// Escapes in `alg` are decoded: `{"alg":"HS\u0032\u0035\u0036"}` is HS256.
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

/// Verifies that this key made the token's signature, in constant time.
///
/// Does not decode the header: it is for callers that check `alg` by their own rules.
///
/// # Errors
///
/// [`Error::TokenSegments`]; [`Error::TokenEncoding`] of the signature; [`Error::Signature`], also
/// for a signature of more than 32 bytes in any encoding; [`Error::Credential`] for an empty key.
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
        Err(Error::Destination) => return Err(Error::Signature), // too long for HS256
        Err(error) => return Err(error),
    };
    if secret(key)?.verify(signing_input.as_bytes(), signature) {
        Ok(())
    } else {
        Err(Error::Signature)
    }
}

/// Makes an HMAC key from bytes of any length but 0. Short keys are accepted: Kling chooses them.
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
/// A header with `crit` is refused, because no extension is supported (RFC 7515, section 4.1.11).
fn algorithm(header: &[u8]) -> Result<JsonString<'_>, Error> {
    let header = json::object(header).ok_or(Error::TokenHeader)?;
    let has_critical = json::values(header, "crit").next().is_some();
    let algorithm = json::member(header, "alg").and_then(JsonString::of);
    algorithm.filter(|_| !has_critical).ok_or(Error::TokenHeader)
}

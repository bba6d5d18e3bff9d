//! The compact form in general, for `kling_auth.jwt`.

use kling_auth::{CoreError, Decoded, decode, encode, encoded_len, verify_signature};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyString},
};

use crate::errors::raise;

/// Header, payload and signature.
type Parts<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

/// Sign a header and a payload with HS256, both JSON as bytes.
#[pyfunction]
pub(crate) fn jwt_encode<'py>(
    py: Python<'py>,
    header: &[u8],
    payload: &[u8],
    key: &[u8],
) -> PyResult<Bound<'py, PyString>> {
    let mut token = vec![0; encoded_len(header.len(), payload.len())];
    match encode(header, payload, key, &mut token) {
        Ok(token) => Ok(PyString::new(py, token)),
        Err(error) => Err(raise(py, error)),
    }
}

/// Take a token apart without trusting it: header, payload and signature as bytes.
#[pyfunction]
pub(crate) fn jwt_decode<'py>(py: Python<'py>, token: &[u8]) -> PyResult<Parts<'py>> {
    let mut buffer = vec![0; token.len()];
    let Decoded { header, payload, signature } =
        text(token).and_then(|token| decode(token, &mut buffer)).map_err(|e| raise(py, e))?;
    Ok((PyBytes::new(py, header), PyBytes::new(py, payload), PyBytes::new(py, signature)))
}

/// Make sure that a key made a token's signature. ``alg`` is not looked at.
#[pyfunction]
pub(crate) fn jwt_verify_signature(py: Python<'_>, token: &[u8], key: &[u8]) -> PyResult<()> {
    text(token).and_then(|token| verify_signature(token, key)).map_err(|error| raise(py, error))
}

/// A token is ASCII; what is not even UTF-8 is no base64url.
fn text(token: &[u8]) -> Result<&str, CoreError> {
    str::from_utf8(token).map_err(|_| CoreError::TokenEncoding)
}

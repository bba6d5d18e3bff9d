//! Encoding and decoding of JWTs in the compact form, for `kling_auth.jwt`.
//!
//! A token may have any size. If there is not enough memory, this raises a `MemoryError` and does not
//! abort the process.

use kling_auth::{CoreError, Decoded, decode, encode, encoded_len, verify_signature};
use pyo3::{
    exceptions::PyMemoryError,
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
    let mut token = buffer(encoded_len(header.len(), payload.len()))?;
    match encode(header, payload, key, &mut token) {
        Ok(token) => PyString::from_bytes(py, token.as_bytes()),
        Err(error) => Err(raise(py, error)),
    }
}

/// Split a token into header, payload and signature, as bytes, without verifying it.
#[pyfunction]
pub(crate) fn jwt_decode<'py>(py: Python<'py>, token: &[u8]) -> PyResult<Parts<'py>> {
    let mut buffer = buffer(token.len())?;
    let Decoded { header, payload, signature, .. } =
        text(token).and_then(|token| decode(token, &mut buffer)).map_err(|e| raise(py, e))?;
    Ok((bytes(py, header)?, bytes(py, payload)?, bytes(py, signature)?))
}

/// Verify that a key signed a token. ``alg`` is ignored.
#[pyfunction]
pub(crate) fn jwt_verify_signature(py: Python<'_>, token: &[u8], key: &[u8]) -> PyResult<()> {
    text(token).and_then(|token| verify_signature(token, key)).map_err(|error| raise(py, error))
}

/// A token is ASCII. If it is not even UTF-8, it is not base64url.
fn text(token: &[u8]) -> Result<&str, CoreError> {
    str::from_utf8(token).map_err(|_| CoreError::TokenEncoding)
}

fn buffer(len: usize) -> PyResult<Vec<u8>> {
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(len).map_err(|_| PyMemoryError::new_err(()))?;
    buffer.resize(len, 0);
    Ok(buffer)
}

fn bytes<'py>(py: Python<'py>, part: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, part.len(), |place| {
        place.copy_from_slice(part);
        Ok(())
    })
}

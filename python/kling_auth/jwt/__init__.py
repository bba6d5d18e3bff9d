"""PyJWT's functions and exceptions for HS256, over the native core.

Change ``import jwt`` to ``from kling_auth import jwt``: tokens are byte-identical, and errors have
the same exceptions and messages as in PyJWT 2.15.

>>> from kling_auth import jwt
>>> key = "a secret of thirty-two characters"
>>> token = jwt.encode({"iss": "an access key"}, key, algorithm="HS256")
>>> jwt.decode(token, key, algorithms=["HS256"])
{'iss': 'an access key'}

What is not supported: other algorithms and detached payloads, which raise
`UnsupportedAlgorithmError` and `DetachedPayloadError` (both are also a `NotImplementedError`);
``PyJWK``, ``PyJWKClient``, ``PyJWS`` and ``utils``.

Some errors have a ``remedy``, which a traceback shows as a note.

Two checks are stricter. A token whose segments are padded with ``=`` raises a `DecodeError`. Keys
are checked as PyJWT checks them with ``cryptography`` installed; here it need not be installed.
"""

from .api_jwt import PyJWT, decode, decode_complete, encode, get_unverified_header
from .exceptions import (
    DecodeError,
    DetachedPayloadError,
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAlgorithmError,
    InvalidAudienceError,
    InvalidIssuedAtError,
    InvalidIssuerError,
    InvalidJTIError,
    InvalidKeyError,
    InvalidSignatureError,
    InvalidSubjectError,
    InvalidTokenError,
    MissingRequiredClaimError,
    PyJWKClientConnectionError,
    PyJWKClientError,
    PyJWKError,
    PyJWKSetError,
    PyJWTError,
    UnsupportedAlgorithmError,
)
from .warnings import InsecureKeyLengthWarning

__all__ = [
    "DecodeError",
    "DetachedPayloadError",
    "ExpiredSignatureError",
    "ImmatureSignatureError",
    "InsecureKeyLengthWarning",
    "InvalidAlgorithmError",
    "InvalidAudienceError",
    "InvalidIssuedAtError",
    "InvalidIssuerError",
    "InvalidJTIError",
    "InvalidKeyError",
    "InvalidSignatureError",
    "InvalidSubjectError",
    "InvalidTokenError",
    "MissingRequiredClaimError",
    "PyJWKClientConnectionError",
    "PyJWKClientError",
    "PyJWKError",
    "PyJWKSetError",
    "PyJWT",
    "PyJWTError",
    "UnsupportedAlgorithmError",
    "decode",
    "decode_complete",
    "encode",
    "get_unverified_header",
]

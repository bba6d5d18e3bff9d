"""PyJWT's functions and exceptions for HS256, over the native core.

A change of one line, from ``import jwt`` to ``from kling_auth import jwt``, keeps a program as
it is: tokens are the same byte for byte, and what PyJWT 2.15 refuses is refused with the
exception of the same name.

>>> from kling_auth import jwt
>>> key = "a secret of thirty-two characters"
>>> token = jwt.encode({"iss": "an access key"}, key, algorithm="HS256")
>>> jwt.decode(token, key, algorithms=["HS256"])
{'iss': 'an access key'}

Three things are PyJWT's alone. Other algorithms and detached payloads raise
`UnsupportedAlgorithmError` and `DetachedPayloadError`, both also `NotImplementedError`; key sets
(``PyJWK``, ``PyJWKClient``) and what is below a JWT (``PyJWS``, ``utils``) have no names here; of
``algorithms``, what is about HS256.

Messages are PyJWT's, since programs return and match them. Where there is more to say, it is the
error's ``remedy``, and a note of it.

Two things are stricter. A token whose segments are padded with ``=`` is a `DecodeError`, and keys
are judged as PyJWT judges them with ``cryptography`` installed, but without it.
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

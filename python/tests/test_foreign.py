"""Tokens of ``tests/vectors/foreign``, with the native module and the drop-in."""

import base64

import pytest
from conftest import vectors

from kling_auth import _native, jwt

RFC_7520 = vectors("foreign/rfc7520_4_4.json")
KEY = base64.urlsafe_b64decode(RFC_7520["key"] + "=")


def test_rfc_7520_section_4_4():
    header, payload, token = (RFC_7520[part] for part in ("header", "payload", "token"))
    assert _native.jwt_encode(header.encode(), payload.encode(), KEY) == token
    _native.jwt_verify_signature(token.encode(), KEY)
    assert _native.jwt_decode(token.encode())[:2] == (header.encode(), payload.encode())


def test_the_drop_in_refuses_only_its_payload():
    """The payload is a sentence. PyJWT accepts only objects, and checks it after the signature."""
    with pytest.raises(jwt.DecodeError) as refusal:
        jwt.decode(RFC_7520["token"], KEY, algorithms=["HS256"])
    assert refusal.value.code == "ERR_TOKEN_CLAIMS"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(RFC_7520["token"], KEY[::-1], algorithms=["HS256"])

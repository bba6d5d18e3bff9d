"""Every vector, with the native functions."""

import pytest
from conftest import vectors

from kling_auth import KlingAuth, TokenError, _native, generate_kling_token, jwt


@pytest.mark.filterwarnings("ignore::kling_auth.KlingAuthWarning")
@pytest.mark.parametrize("vector", vectors("kling.json"), ids=lambda vector: vector["name"])
def test_kling_tokens(vector):
    keys = vector["access_key"], vector["secret_key"]
    now, lifetime = vector["now"], vector["lifetime"]
    assert generate_kling_token(*keys, lifetime=lifetime, now=now) == vector["token"]
    auth = KlingAuth(*keys, lifetime=lifetime, clock=lambda: now)
    assert auth.token == vector["token"]
    assert auth.expires_at == now + lifetime


@pytest.mark.parametrize("vector", vectors("kling.json"), ids=lambda vector: vector["name"])
def test_stages(vector):
    header, claims = vector["header"].encode(), vector["claims"].encode()
    token = _native.jwt_encode(header, claims, vector["secret_key"].encode())
    assert token == vector["token"]
    assert token.rpartition(".")[0] == vector["signing_input"]
    signature = bytes.fromhex(vector["signature"])
    assert _native.jwt_decode(token.encode()) == (header, claims, signature)


@pytest.mark.parametrize("vector", vectors("compact.json"))
def test_compact_forms(vector):
    header, payload, key = (vector[part].encode() for part in ("header", "payload", "key"))
    assert _native.jwt_encode(header, payload, key) == vector["token"]
    _native.jwt_verify_signature(vector["token"].encode(), key)
    assert _native.jwt_decode(vector["token"].encode())[:2] == (header, payload)


def test_rfc_7515_appendix_a_1():
    vector = vectors("rfc7515.json")
    key = bytes.fromhex(vector["key"])
    header, payload = vector["header"].encode(), vector["payload"].encode()
    assert _native.jwt_encode(header, payload, key) == vector["token"]
    _native.jwt_verify_signature(vector["token"].encode(), key)


@pytest.mark.filterwarnings("ignore::kling_auth.jwt.InsecureKeyLengthWarning")
@pytest.mark.parametrize("case", vectors("refusals.json")["tokens"], ids=lambda case: case["name"])
def test_refused_tokens(case):
    code = case.get("pyjwt", case["code"])
    key = case["key"]
    options = {"verify_exp": False, "verify_nbf": False, "enforce_minimum_key_length": False}
    if code is None:
        assert jwt.decode(case["token"], key, algorithms=["HS256"], options=options)
        return
    with pytest.raises(jwt.PyJWTError) as refusal:
        jwt.decode(case["token"], key, algorithms=["HS256"], options=options)
    assert refusal.value.code == code


def test_a_token_that_is_not_utf8():
    with pytest.raises(TokenError) as refusal:
        _native.jwt_decode(b"\xff.\xff.\xff")
    assert refusal.value.code == "ERR_TOKEN_ENCODING"

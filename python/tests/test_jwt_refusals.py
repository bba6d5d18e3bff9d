"""Errors of the drop-in: one line for each, with class and code."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from jwt_strategies import base64url, sign, sign_json

from kling_auth import jwt

KEY = "a secret of thirty-two characters"
TOKEN = jwt.encode({"iss": "ak"}, KEY)
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")
NOW = int(time.time())


def signed(payload: Any, **header: Any) -> bytes:
    return sign_json({"alg": "HS256", **header}, payload, KEY.encode())


def raw(header: bytes, payload: bytes) -> bytes:
    return sign(header, payload, KEY.encode())


HS256 = b'{"alg":"HS256"}'

tokens = {
    "no token": ("", jwt.DecodeError, "ERR_TOKEN_SEGMENTS"),
    "neither str nor bytes": (None, jwt.DecodeError, "ERR_TOKEN_SEGMENTS"),
    "one segment": (HEADER, jwt.DecodeError, "ERR_TOKEN_SEGMENTS"),
    "two segments": (f"{HEADER}.{PAYLOAD}", jwt.DecodeError, "ERR_TOKEN_SEGMENTS"),
    "four segments": (f"{TOKEN}.{SIGNATURE}", jwt.DecodeError, "ERR_TOKEN_SEGMENTS"),
    "no header": (f".{PAYLOAD}.{SIGNATURE}", jwt.DecodeError, "ERR_TOKEN_HEADER"),
    "Bearer left on": (f"Bearer {TOKEN}", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "newline left on": (f"{TOKEN}\n", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "padding": (f"{TOKEN}=", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "the other base64": (f"{HEADER}.{PAYLOAD}.+/+/", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "a length of no encoding": (f"{HEADER}.{PAYLOAD}.A", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "bits left over": (f"{HEADER}.{PAYLOAD}.AB", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "not ASCII": (f"{HEADER}.{PAYLOAD}.é", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "not UTF-8": (TOKEN.encode() + b"\xff", jwt.DecodeError, "ERR_TOKEN_ENCODING"),
    "header not JSON": (raw(b"alg", b"{}"), jwt.DecodeError, "ERR_TOKEN_HEADER"),
    "header not an object": (raw(b"[]", b"{}"), jwt.DecodeError, "ERR_TOKEN_HEADER"),
    "payload not JSON": (raw(HS256, b"{'a':1}"), jwt.DecodeError, "ERR_TOKEN_CLAIMS"),
    "payload not an object": (raw(HS256, b"1"), jwt.DecodeError, "ERR_TOKEN_CLAIMS"),
    "no payload": (raw(HS256, b""), jwt.DecodeError, "ERR_TOKEN_CLAIMS"),
    "kid not a string": (signed({}, kid=1), jwt.InvalidTokenError, "ERR_TOKEN_HEADER"),
    "crit empty": (signed({}, crit=[]), jwt.InvalidTokenError, "ERR_TOKEN_HEADER"),
    "crit unknown": (signed({}, crit=["x"], x=1), jwt.InvalidTokenError, "ERR_TOKEN_HEADER"),
    "crit absent": (signed({}, crit=["b64"]), jwt.InvalidTokenError, "ERR_TOKEN_HEADER"),
    "detached": (signed({}, b64=False), jwt.DecodeError, "ERR_TOKEN_HEADER"),
    "no alg": (raw(b"{}", b"{}"), jwt.InvalidAlgorithmError, "ERR_ALGORITHM"),
    "alg none": (signed({}, alg="none"), jwt.InvalidAlgorithmError, "ERR_ALGORITHM"),
    "alg None": (signed({}, alg=None), jwt.InvalidAlgorithmError, "ERR_ALGORITHM"),
    "alg nOnE": (signed({}, alg="nOnE"), jwt.InvalidAlgorithmError, "ERR_ALGORITHM"),
    "alg HS512": (signed({}, alg="HS512"), jwt.InvalidAlgorithmError, "ERR_ALGORITHM"),
    "alg RS256": (signed({}, alg="RS256"), jwt.UnsupportedAlgorithmError, "ERR_ALGORITHM"),
    "no signature": (f"{HEADER}.{PAYLOAD}.", jwt.InvalidSignatureError, "ERR_SIGNATURE"),
    "signature cut": (f"{TOKEN[:-3]}", jwt.InvalidSignatureError, "ERR_SIGNATURE"),
    "signature of others": (
        jwt.encode({"iss": "ak"}, KEY[::-1]),
        jwt.InvalidSignatureError,
        "ERR_SIGNATURE",
    ),
    "payload changed": (
        f"{HEADER}.{base64url(b'{}').decode()}.{SIGNATURE}",
        jwt.InvalidSignatureError,
        "ERR_SIGNATURE",
    ),
    "expired": (signed({"exp": NOW}), jwt.ExpiredSignatureError, "ERR_TOKEN_EXPIRED"),
    "not yet": (
        signed({"nbf": NOW + 86_400}),
        jwt.ImmatureSignatureError,
        "ERR_TOKEN_NOT_YET_VALID",
    ),
    "not issued": (
        signed({"iat": NOW + 86_400}),
        jwt.ImmatureSignatureError,
        "ERR_TOKEN_NOT_YET_VALID",
    ),
    "exp a word": (signed({"exp": "soon"}), jwt.DecodeError, "ERR_CLAIM_TYPE"),
    "nbf a list": (signed({"nbf": []}), jwt.DecodeError, "ERR_CLAIM_TYPE"),
    "iat NaN": (signed({"iat": float("nan")}), jwt.InvalidIssuedAtError, "ERR_CLAIM_ISSUED_AT"),
    "sub a number": (signed({"sub": 1}), jwt.exceptions.InvalidSubjectError, "ERR_CLAIM_SUBJECT"),
    "jti a number": (signed({"jti": 1}), jwt.exceptions.InvalidJTIError, "ERR_CLAIM_JWT_ID"),
    "aud unasked": (signed({"aud": "a"}), jwt.InvalidAudienceError, "ERR_CLAIM_AUDIENCE"),
}


@pytest.mark.parametrize("name", tokens)
def test_token(name: str) -> None:
    token, error, code = tokens[name]
    with pytest.raises(error) as refused:
        jwt.decode(token, KEY, algorithms=["HS256", "RS256"])  # type: ignore[arg-type]
    assert refused.value.code == code


expected: dict[str, tuple[dict[str, Any], dict[str, Any], type[jwt.PyJWTError], str]] = {
    "algorithms missing": ({}, {"algorithms": []}, jwt.DecodeError, "ERR_ALGORITHM"),
    "not detached": ({}, {"detached_payload": b""}, jwt.DecodeError, "ERR_TOKEN_HEADER"),
    "iss": ({"iss": "a"}, {"issuer": ["b"]}, jwt.InvalidIssuerError, "ERR_CLAIM_ISSUER"),
    "iss missing": ({}, {"issuer": "b"}, jwt.MissingRequiredClaimError, "ERR_CLAIM_MISSING"),
    "iss a number": ({"iss": 1}, {"issuer": "b"}, jwt.InvalidIssuerError, "ERR_CLAIM_ISSUER"),
    "issuer a number": ({"iss": "a"}, {"issuer": 1}, jwt.InvalidIssuerError, "ERR_CLAIM_ISSUER"),
    "aud": ({"aud": ["a"]}, {"audience": "b"}, jwt.InvalidAudienceError, "ERR_CLAIM_AUDIENCE"),
    "aud missing": ({}, {"audience": "b"}, jwt.MissingRequiredClaimError, "ERR_CLAIM_MISSING"),
    "aud a list": (
        {"aud": ["a"]},
        {"audience": "a", "options": {"strict_aud": True}},
        jwt.InvalidAudienceError,
        "ERR_CLAIM_AUDIENCE",
    ),
    "sub": ({"sub": "a"}, {"subject": "b"}, jwt.InvalidSubjectError, "ERR_CLAIM_SUBJECT"),
    "required": (
        {},
        {"options": {"require": ["jti"]}},
        jwt.MissingRequiredClaimError,
        "ERR_CLAIM_MISSING",
    ),
    "required and null": (
        {"jti": None},
        {"options": {"require": ["jti"], "verify_jti": False}},
        jwt.MissingRequiredClaimError,
        "ERR_CLAIM_MISSING",
    ),
    "key length": (
        {},
        {"key": "k" * 31, "options": {"enforce_minimum_key_length": True}},
        jwt.InvalidKeyError,
        "ERR_KEY_INVALID",
    ),
}


@pytest.mark.parametrize("name", expected)
def test_expectation(name: str) -> None:
    claims, arguments, error, code = expected[name]
    arguments = {"key": KEY, "algorithms": ["HS256"], **arguments}
    with pytest.raises(error) as refused:
        jwt.decode(signed(claims), **arguments)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("claims", "arguments"),
    [
        ({"iss": "a"}, {"issuer": {"a", "b"}}),
        ({"aud": ["a", "b"]}, {"audience": ["c", "b"]}),
        ({"aud": "a"}, {"audience": "a", "options": {"strict_aud": True}}),
        ({"aud": "a"}, {"options": {"verify_aud": False}}),
        ({"sub": "a"}, {"subject": "a"}),
        ({"exp": NOW}, {"leeway": 3600}),
        ({"exp": NOW}, {"options": {"verify_exp": False}}),
        ({"jti": "1"}, {"options": {"require": ["jti"]}}),
    ],
)
def test_the_same_is_accepted_if_it_matches(
    claims: dict[str, Any], arguments: dict[str, Any]
) -> None:
    assert jwt.decode(signed(claims), KEY, ["HS256"], **arguments) == claims


@pytest.mark.parametrize(
    "arguments",
    [
        ("payload", KEY),
        ([("iss", "ak")], KEY),
        ({"iss": 1}, KEY),
        ({"x": b"bytes"}, KEY),
        ({b"x": 1}, KEY),
        ({}, None),
        ({}, 1),
        ({}, KEY, ["HS256"]),
        ({}, KEY, "HS256", {"x": {1}}),
    ],
)
def test_wrong_types_to_encode(arguments: Any) -> None:
    with pytest.raises(TypeError):
        jwt.encode(*arguments)


# Made with cryptography 50; the private keys are thrown away.
DER = {
    "RSAPublicKey": (
        "MIGJAoGBANeDe6GvlaN9sO/jCcIYdrJjo454XIkw3JIZPGP1GX2XaRY5vEO3IsSEZBFRYb6ZEkV5NFpj41exBu+e"
        "3fPrrxakIYCY9x+b454656AXXn4rI6pP92yMsOBgKcweqY2wHMS1gyrKK2twbvG6RjuVvus+0jtrWv+58zNSk7nZ"
        "KRO/AgMBAAE="
    ),
    "SubjectPublicKeyInfo": "MCowBQYDK2VwAyEASMBNsZUXx3FQ3X8wtDs7QTA7bHxfHrF48kH6w5blO4w=",
    "Certificate": (
        "MIIBBDCBq6ADAgECAgEBMAoGCCqGSM49BAMCMAwxCjAIBgNVBAMMAXQwHhcNMjYwMTAxMDAwMDAwWhcNMjcwMTAx"
        "MDAwMDAwWjAMMQowCAYDVQQDDAF0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+z5Kqep48Cu8cYUOTFxDWAOX"
        "raRdv8MkhFKgHbWG25dC4MmGHq2CQr3j+hZOMWbokqwNPD5PJKI32DOPb0N3zDAKBggqhkjOPQQDAgNIADBFAiEA"
        "3fV/KlFXh6Z0Khu/f39lda/lESKDn/3ZpKt9eeSMRv0CIAweMx7xzCaP7LDBYab63aff8MDLwTxXxEfkQa/iuHdu"
    ),
}


@pytest.mark.parametrize("name", DER)
def test_a_public_key_in_der_is_refused(name: str) -> None:
    der = base64.b64decode(DER[name])
    with pytest.raises(jwt.InvalidKeyError, match="asymmetric") as refused:
        jwt.encode({}, der)
    assert refused.value.code == "ERR_KEY_INVALID"
    for length in range(32, len(der)):
        jwt.encode({}, der[:length])
    jwt.encode({}, der + b"\0")
    jwt.encode({}, b"\x31" + der[1:])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ",
        '{"kty":"oct","k":"c2VjcmV0"}',
        '{"keys":[{"kty":"RSA","n":' + "9" * 5000 + "}]}",
        "[" * 100_000,
    ],
)
def test_another_kind_of_key_is_refused(key: str) -> None:
    for call in (jwt.encode, lambda _, key: jwt.decode(TOKEN, key, ["HS256"])):
        with pytest.raises(jwt.InvalidKeyError) as refused:
            call({}, key)
        assert refused.value.code == "ERR_KEY_INVALID"

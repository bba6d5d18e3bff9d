"""`generate_kling_token`: arguments, environment, refusals."""

import time

import jwt
import pytest
from conftest import vectors

from kling_auth import ArgumentTypeError, CredentialError, KlingAuthError, generate_kling_token

REFUSALS = vectors("refusals.json")
KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_the_claims_of_now():
    before = int(time.time())
    token = claims(generate_kling_token(*KEYS))
    after = int(time.time())
    assert token["iss"] == KEYS[0]
    assert before + 1800 <= token["exp"] <= after + 1800
    assert token["nbf"] == token["exp"] - 1805


def test_pyjwt_verifies_it():
    assert jwt.decode(generate_kling_token(*KEYS), KEYS[1], algorithms=["HS256"])


def test_a_fraction_of_a_second_is_dropped():
    assert claims(generate_kling_token(*KEYS, now=1800000000.999))["exp"] == 1800001800


def test_the_environment(monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", KEYS[0])
    monkeypatch.setenv("KLING_SECRET_KEY", KEYS[1])
    now = 1800000000
    assert generate_kling_token(now=now) == generate_kling_token(*KEYS, now=now)
    assert generate_kling_token(None, None, now=now) == generate_kling_token(*KEYS, now=now)


@pytest.mark.parametrize("present", ["KLING_ACCESS_KEY", "KLING_SECRET_KEY", None])
def test_an_environment_without_a_pair(monkeypatch, present):
    for name in ("KLING_ACCESS_KEY", "KLING_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    if present:
        monkeypatch.setenv(present, "canary")
    with pytest.raises(CredentialError, match="KLING_ACCESS_KEY") as refusal:
        generate_kling_token()
    code = "ERR_CREDENTIALS_PARTIAL" if present else "ERR_CREDENTIALS_MISSING"
    assert refusal.value.code == code
    assert "KLING_SECRET_KEY" in str(refusal.value)


def test_a_malformed_environment_is_named(monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", KEYS[0])
    monkeypatch.setenv("KLING_SECRET_KEY", "canary key")
    with pytest.raises(CredentialError, match=r"^KLING_SECRET_KEY: "):
        generate_kling_token()


@pytest.mark.parametrize("value, code", REFUSALS["lifetime"])
def test_refused_lifetimes(value, code):
    with pytest.raises(KlingAuthError) as refusal:
        generate_kling_token(*KEYS, lifetime=value)
    assert refusal.value.code == code
    assert isinstance(refusal.value, TypeError if code == "ERR_TYPE" else ValueError)


@pytest.mark.parametrize(
    "value, code", [*REFUSALS["now"], [float("nan"), "ERR_TIME"], [10**400, "ERR_TIME"]]
)
def test_refused_times(value, code):
    with pytest.raises(KlingAuthError) as refusal:
        generate_kling_token(*KEYS, now=value)
    assert refusal.value.code == code
    assert isinstance(refusal.value, TypeError if code == "ERR_TYPE" else ValueError)


@pytest.mark.parametrize("wrong", [b"access-key", 1, True, ["access-key"], object()])
def test_keys_of_another_type(wrong):
    with pytest.raises(ArgumentTypeError) as refusal:
        generate_kling_token(wrong, KEYS[1])
    assert refusal.value.code == "ERR_TYPE"
    with pytest.raises(TypeError, match="secret_key must be a str"):
        generate_kling_token(KEYS[0], wrong)


def test_an_error_of_the_argument_is_raised():
    class Broken:
        def __float__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        generate_kling_token(*KEYS, now=Broken())

"""The drop-in in a program: the guide's code, and an example of each feature."""

from __future__ import annotations

import copy
import datetime
import pickle
import time
import warnings

import pytest
from jwt_strategies import sign

from kling_auth import KlingAuthError, jwt

KEY = "a secret of thirty-two characters"


def test_the_guides_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_790_000_000.9)
    headers = {"alg": "HS256", "typ": "JWT"}
    payload = {
        "iss": "ak_your_access_key_here",
        "exp": int(time.time()) + 1800,
        "nbf": int(time.time()) - 5,
    }
    token = jwt.encode(payload, KEY, algorithm="HS256", headers=headers)
    assert token.encode() == sign(
        b'{"alg":"HS256","typ":"JWT"}',
        b'{"iss":"ak_your_access_key_here","exp":1790001800,"nbf":1789999995}',
        KEY.encode(),
    )
    assert jwt.decode(token, KEY, algorithms=["HS256"]) == payload


def test_the_example_of_rfc_7515() -> None:
    """Appendix A.1, with JSON that no serializer of ours writes."""
    key = bytes.fromhex(
        "0323354b2b0fa5bc837e0665777ba68f5ab328e6f054c928a90f84b2d2502ebf"
        "d3fb5a92d20647ef968ab4c377623d223d2e2172052e4f08c0cd9af567d080a3"
    )
    token = (
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    claims = {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
    assert jwt.decode(token, key, ["HS256"], options={"verify_exp": False}) == claims
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, key, ["HS256"])


def test_claims_may_be_datetimes() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=8))
    payload = {
        "iat": datetime.datetime(2026, 4, 23),
        "exp": datetime.datetime(2026, 4, 23, 8, tzinfo=zone),
    }
    token = jwt.encode(payload, KEY)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims == {"iat": 1776902400, "exp": 1776902400}
    assert isinstance(payload["iat"], datetime.datetime)


def test_leeway_allows_a_wrong_clock() -> None:
    token = jwt.encode({"exp": int(time.time()) - 5}, KEY)
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, KEY, ["HS256"])
    jwt.decode(token, KEY, ["HS256"], leeway=60)
    jwt.decode(token, KEY, ["HS256"], leeway=datetime.timedelta(minutes=1))


def test_a_text_of_the_token_may_be_str_or_bytes() -> None:
    token = jwt.encode({}, KEY)
    assert jwt.decode(token.encode(), KEY.encode(), ["HS256"]) == {}


def test_options_of_an_object_hold_for_each_call() -> None:
    strict = jwt.PyJWT({"require": ["exp"], "enforce_minimum_key_length": True})
    with pytest.raises(jwt.MissingRequiredClaimError) as missing:
        strict.decode(strict.encode({}, KEY), KEY, ["HS256"])
    assert missing.value.claim == "exp"
    with pytest.raises(jwt.InvalidKeyError):
        strict.encode({}, "short")


def test_one_clause_catches_all() -> None:
    with pytest.raises(KlingAuthError) as caught:
        jwt.decode("not a token", KEY, ["HS256"])
    assert caught.value.code == "ERR_TOKEN_SEGMENTS"


@pytest.mark.parametrize(
    "error",
    [
        jwt.DecodeError("message", "ERR_TOKEN_SEGMENTS"),
        jwt.UnsupportedAlgorithmError("message"),
        jwt.MissingRequiredClaimError("exp"),
        jwt.InvalidTokenError(),
    ],
)
def test_errors_survive_copying_and_pickling(error: jwt.PyJWTError) -> None:
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301
        assert type(twin) is type(error)
        assert (str(twin), twin.code, vars(twin)) == (str(error), error.code, vars(error))


def test_warnings_point_at_the_line_of_the_caller() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        token = jwt.encode({}, "short")
        jwt.decode(token, "short", ["HS256"], verify=False, unknown=1)
        jwt.decode_complete(token, "short", ["HS256"], verify=False, unknown=1)
    assert [(w.category.__name__, w.filename) for w in caught] == [
        ("InsecureKeyLengthWarning", __file__),
        *[
            ("RemovedInPyjwt3Warning", __file__),
            ("DeprecationWarning", __file__),
            ("InsecureKeyLengthWarning", __file__),
        ]
        * 2,
    ]


def test_a_warning_can_be_an_error() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", jwt.InsecureKeyLengthWarning)
        with pytest.raises(jwt.InsecureKeyLengthWarning, match="31 bytes"):
            jwt.encode({}, "k" * 31)
        jwt.encode({}, "k" * 32)

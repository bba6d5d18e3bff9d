"""The fast path of `jwt.encode`: when it is used, and that it writes the same."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest

from kling_auth import _native, jwt

KEY = "fedcba9876543210fedcba9876543210"
GUIDES = {"alg": "HS256", "typ": "JWT"}
UNTIMED = {"verify_exp": False, "verify_nbf": False}


class Text(str):
    pass


class Number(int):
    pass


def usual(payload: Any, key: Any = KEY, algorithm: Any = "HS256", headers: Any = None) -> Any:
    return _native.jwt_encode_fast(payload, key, algorithm, headers)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"iss": "ak", "exp": 1_800_001_800, "nbf": 1_799_999_995},
        {"": "", "a b": " ~!#[]", "exp": "a text", "n": -(2**63), "m": 2**63 - 1},
        {f"{n}": n for n in range(200)},
    ],
)
@pytest.mark.parametrize("key", [KEY, KEY.encode(), KEY * 9])
def test_the_fast_path_writes_the_same(payload: Any, key: Any) -> None:
    token = usual(payload, key)
    assert token == jwt.PyJWT().encode(payload, key) == jwt.encode(payload, key)
    assert token == usual(payload, key, None, GUIDES) == usual(payload, key, "RS256", dict(GUIDES))
    assert jwt.decode(token, key, algorithms=["HS256"], options=UNTIMED) == payload


@pytest.mark.parametrize(
    "payload",
    [
        *[{"x": text} for text in ('"', "\\", "é", "\x7f", "\n", "\ud800", "😀")],
        *[{text: 1} for text in ('"', "\\", "é", "\x7f", "\0", "\ud800")],
        *[{"x": value} for value in (None, True, 1.0, 2**63, [], {}, b"x", Text("x"), Number(1))],
        *[{name: 1} for name in (Text("x"), 1, None, True)],
        {"iss": 1},
        OrderedDict(x=1),
        [("x", 1)],
        "x",
        None,
    ],
)
def test_other_claims_do_not_use_the_fast_path(payload: Any) -> None:
    assert usual(payload) is None


@pytest.mark.parametrize(
    "key",
    [
        *["", KEY[:31], KEY + "-", KEY + "é", Text(KEY), KEY + "\ud800", KEY + "\0"],
        *[b"", KEY[:31].encode(), KEY.encode() + b"\xff", bytearray(KEY.encode()), None, 1],
    ],
)
def test_other_keys_do_not_use_the_fast_path(key: Any) -> None:
    assert usual({}, key) is None


@pytest.mark.parametrize(
    "algorithm, headers",
    [
        *[(name, None) for name in ("RS256", "none", "hs256", None, Text("HS256"), b"HS256", 1)],
        *[("HS256", {**GUIDES, name: "x"}) for name in ("alg", "typ", "kid")],
        *[("HS256", headers) for headers in ({}, {"alg": "HS256"}, OrderedDict(GUIDES), 1)],
        ("HS256", {"alg": "HS256", "kid": "JWT"}),
    ],
)
def test_other_headers_do_not_use_the_fast_path(algorithm: Any, headers: Any) -> None:
    assert usual({}, KEY, algorithm, headers) is None


def test_a_subclass_and_options_are_respected() -> None:
    class Empty(jwt.PyJWT):
        def _encode_payload(
            self, payload: Any, headers: Any = None, json_encoder: Any = None
        ) -> bytes:
            return b"{}"

    assert Empty().encode({"x": 1}, KEY) == jwt.encode({}, KEY)
    assert jwt.encode({"x": 1}, KEY, sort_headers=False) != jwt.encode({"x": 1}, KEY)

"""No error and no warning of the drop-in contains the key, in any argument."""

from __future__ import annotations

import traceback
import warnings
from typing import Any, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt_strategies import any_text, examples, sign_json

from kling_auth import jwt

# In two parts, so that this line is not found in a traceback.
CANARY = "canary" + "Key0123456789"
GOOD = CANARY * 2
TOKEN = jwt.encode({"iss": "ak"}, GOOD)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all errors that it wraps or replaces."""
    while error is not None:
        yield error
        yield from chain(error.__cause__)
        error = error.__context__


def texts(error: BaseException) -> Iterator[str]:
    for link in chain(error):
        yield from (str(link), repr(link), repr(link.args), repr(vars(link)))
        yield from (repr(getattr(link, name, None)) for name in ("object", "doc", "code"))
        yield "".join(traceback.format_exception(type(link), link, link.__traceback__))


def said(call: Any, *args: Any, **kwargs: Any) -> str:
    """The texts of a call's errors and warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            call(*args, **kwargs)
        except Exception as error:
            found = list(texts(error))
        else:
            found = []
    return "\n".join(found + [str(warning.message) for warning in caught])


PEM = f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----"
SURROGATE = f"{CANARY}\udc80"

calls = {
    "payload is no dict": (jwt.encode, GOOD, GOOD),
    "payload has no JSON": (jwt.encode, {"x": object()}, GOOD),
    "iss is no string": (jwt.encode, {"iss": 1}, GOOD),
    "kid is no string": (jwt.encode, {}, GOOD, "HS256", {"kid": 1}),
    "detached": (jwt.encode, {}, GOOD, "HS256", {"b64": False}),
    "other algorithm": (jwt.encode, {}, GOOD, "RS256"),
    "key and algorithm swapped": (jwt.encode, {}, "HS256", GOOD),
    "key as alg": (jwt.encode, {}, GOOD, "HS256", {"alg": GOOD}),
    "key as headers": (jwt.encode, {}, "HS256", "HS256", GOOD),
    "key as encoder": (jwt.encode, {}, "HS256", "HS256", None, GOOD),
    "short key": (jwt.encode, {}, CANARY),
    "key in a list": (jwt.encode, {}, [GOOD]),
    "key in a bytearray": (jwt.encode, {}, bytearray(GOOD.encode())),
    "PEM": (jwt.encode, {}, PEM),
    "JWK": (jwt.encode, {}, f'{{"kty":"oct","k":"{CANARY}"}}'),
    "SSH": (jwt.encode, {}, f"ssh-rsa {CANARY}"),
    "surrogate": (jwt.encode, {}, SURROGATE),
    "enforced length": (jwt.PyJWT({"enforce_minimum_key_length": True}).encode, {}, CANARY),
    "wrong key": (jwt.decode, TOKEN, GOOD[::-1] + CANARY, ["HS256"]),
    "wrong key, surrogate": (jwt.decode, TOKEN, SURROGATE, ["HS256"]),
    "wrong key, PEM": (jwt.decode, TOKEN, PEM, ["HS256"]),
    "wrong key, list": (jwt.decode, TOKEN, [GOOD], ["HS256"]),
    "no algorithms": (jwt.decode, TOKEN, GOOD),
    "key and token swapped": (jwt.decode, GOOD, TOKEN, ["HS256"]),
    "key and token swapped, surrogate": (jwt.decode, SURROGATE, TOKEN, ["HS256"]),
    "key as algorithms": (jwt.decode, TOKEN, "HS256", GOOD),
    "key as options": (jwt.decode, TOKEN, "HS256", ["HS256"], GOOD),
    "not a token": (jwt.decode, "a.b.c", GOOD, ["HS256"]),
    "expired": (
        jwt.decode,
        sign_json({"alg": "HS256"}, {"exp": 1}, GOOD.encode()),
        GOOD,
        ["HS256"],
    ),
    "other alg": (jwt.decode, sign_json({"alg": "RS256"}, {}, b""), GOOD, ["RS256"]),
}


@pytest.mark.parametrize("name", calls)
def test_no_text_contains_the_key(name: str) -> None:
    text = said(*calls[name])
    assert text
    assert CANARY not in text


def test_this_test_would_find_it() -> None:
    def leaks(key: str) -> None:
        try:
            key.encode("ascii")
        except UnicodeEncodeError:
            raise ValueError("not ASCII") from None

    assert CANARY in said(leaks, SURROGATE)


@examples(300)
@given(any_text, any_text, st.sampled_from(["HS256", None, 1]), st.none() | st.just({"kid": 1}))
def test_no_text_contains_the_key_in_any_argument(
    before: str, after: str, algorithm: Any, headers: Any
) -> None:
    key = before + CANARY + after
    assert CANARY not in said(jwt.encode, {}, key, algorithm, headers)
    assert CANARY not in said(jwt.decode, TOKEN, key, ["HS256"])
    assert CANARY not in said(jwt.decode, key, key, ["HS256"])

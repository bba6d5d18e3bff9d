"""Helpers of the drop-in's tests: inputs, tokens made without it, and the comparison of outcomes.

Hypothesis has one fixed seed, so that a run can be repeated. ``KLING_AUTH_TEST_SEED=1`` sets
another, and ``KLING_AUTH_TEST_EXAMPLES=20000`` runs more examples.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import warnings
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Callable, NamedTuple

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st

SEED = int(os.environ.get("KLING_AUTH_TEST_SEED", "20260423"))
EXAMPLES = os.environ.get("KLING_AUTH_TEST_EXAMPLES")

#: A moment with a fraction, at which the tests of `decode` stop both clocks.
NOW = 1_790_000_000.5


def examples(number: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a property with this many inputs, drawn from `SEED`."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        limits = settings(
            max_examples=int(EXAMPLES or number),
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        return seed(SEED)(limits(test))

    return decorate


# Outcomes


class Outcome(NamedTuple):
    """The outcome of a call: a value as text (so NaN equals NaN) or an error, and its warnings."""

    value: str | None
    error: Exception | None
    warnings: list[str]


def outcome(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Outcome:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value, error = repr(call(*args, **kwargs)), None
        except Exception as raised:
            value, error = None, raised
    return Outcome(value, error, [warning.category.__name__ for warning in caught])


def assert_same(theirs: Outcome, ours: Outcome) -> None:
    """The same value and warnings, or an exception of the same name.

    For another algorithm, the drop-in raises one class with two bases: one has PyJWT's name.
    """
    assert ours.warnings == theirs.warnings, (theirs, ours)
    if theirs.error is None or ours.error is None:
        assert ours[:2] == theirs[:2], (theirs, ours)
        return
    kind = type(ours.error)
    names = [kind.__name__]
    if kind.__name__ == "UnsupportedAlgorithmError":
        names = ["NotImplementedError", "InvalidAlgorithmError"]
    assert type(theirs.error).__name__ in names, (theirs, ours)


# Tokens made without the drop-in


def base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def sign(header: bytes, payload: bytes, key: bytes) -> bytes:
    """A token made with `hmac` and `base64`, with any content."""
    signing_input = base64url(header) + b"." + base64url(payload)
    signature = hmac.new(key, signing_input, hashlib.sha256).digest()
    return signing_input + b"." + base64url(signature)


def sign_json(header: Any, payload: Any, key: bytes) -> bytes:
    return sign(json.dumps(header).encode(), json.dumps(payload).encode(), key)


# Values

any_text = st.text(st.characters(exclude_categories=()), max_size=12)  # lone surrogates as well
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.floats(),
    any_text,
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)
not_json = st.sampled_from(
    [b"bytes", {1, 2}, 1j, Decimal("1.5"), object, range(2), datetime(2026, 4, 23), Ellipsis]
)
odd_keys = st.one_of(any_text, st.integers(), st.floats(), st.booleans(), st.none())
not_string_keys = st.one_of(odd_keys, st.binary(max_size=3), st.tuples(st.integers()))
any_values = st.one_of(
    json_values,
    json_values,
    st.dictionaries(odd_keys, scalars, max_size=3),
    st.dictionaries(not_string_keys, scalars, max_size=2),
    st.tuples(json_values, json_values),
    not_json,
    st.lists(not_json, max_size=2),
)

zones = st.one_of(
    st.none(),
    st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone),
)
moments = st.datetimes(timezones=zones)

# Keys

PEM = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw\n-----END PUBLIC KEY-----\n"
odd_hmac_keys = st.sampled_from(
    [
        "",
        b"",
        None,
        17,
        bytearray(b"k" * 32),
        PEM,
        PEM.encode(),
        "-----BEGIN PUBLIC KEY-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNh",
        '{"kty":"oct","k":"c2VjcmV0"}',
        '[1,{"keys":[{"kty":"RSA"}]}]',
        ' {"k\\u0074y":1}',
        '{"kty":1}'.encode("utf-16"),
        '{"n":%s,"kty":"RSA"}' % ("9" * 5000),
        '{"k":"no key type, so no JWK"}',
        '{"kty":"oct"',
        '"kty"',
        "0" * 40,
        "k" * 31,
        "k" * 32,
        "\ud800" * 40,
        "ключ" * 8,
    ]
)
hmac_keys = st.one_of(
    st.text(st.sampled_from("abcXYZ0189"), min_size=32, max_size=32),
    st.text(max_size=100),
    st.binary(max_size=140),
    any_text,
    odd_hmac_keys,
)

"""`encode` compared with PyJWT: byte-identical tokens or the same error."""

from __future__ import annotations

import collections
import enum
import json
import threading
from concurrent import futures
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt_strategies import (
    any_text,
    any_values,
    assert_same,
    examples,
    hmac_keys,
    json_values,
    moments,
    outcome,
    scalars,
)

from kling_auth import jwt
from kling_auth.jwt import _json

pyjwt = pytest.importorskip("jwt", minversion="2.15.1")

KEY = "a secret of thirty-two characters"
secrets = st.binary(min_size=32, max_size=130).filter(lambda key: b"-----BEGIN" not in key)


class Sorted(json.JSONEncoder):
    """An encoder that changes all of the text."""

    def encode(self, value: object) -> str:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1)


class Lenient(json.JSONEncoder):
    """An encoder that accepts every value."""

    def default(self, value: object) -> object:
        return type(value).__name__


class Algorithm(str, enum.Enum):
    """As in typed programs."""

    HS256 = "HS256"


registered = st.fixed_dictionaries(
    {},
    optional={
        "exp": st.one_of(st.integers(0, 2**40), moments, scalars),
        "nbf": st.one_of(st.integers(0, 2**40), moments, scalars),
        "iat": st.one_of(st.integers(0, 2**40), moments, scalars),
        "iss": st.one_of(any_text, any_text, scalars),
        "aud": st.one_of(any_text, st.lists(any_text, max_size=2)),
        "sub": scalars,
    },
)
payloads: st.SearchStrategy[Any] = st.one_of(
    registered,
    st.builds(
        lambda one, other: {**one, **other}, registered, st.dictionaries(any_text, any_values)
    ),
    st.dictionaries(any_text, json_values, max_size=4),
    registered.map(collections.OrderedDict),
    st.sampled_from([None, "payload", b"payload", [("iss", "ak")], 1]),
)
headers: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.just({"alg": "HS256", "typ": "JWT"}),
    st.fixed_dictionaries(
        {},
        optional={
            "alg": st.sampled_from(["HS256", Algorithm.HS256, None, "", "HS257", 256]),
            "typ": st.sampled_from(["JWT", "at+jwt", None, "", 0, []]),
            "kid": st.one_of(any_text, any_text, scalars),
            "b64": st.sampled_from([True, None, 0, "false"]),
            "crit": st.sampled_from([["b64"], [], "exp"]),
            "x": any_values,
        },
    ),
    st.dictionaries(any_text, any_values, max_size=3),
    st.sampled_from([[], [("kid", "1")], "kid", 1]),
)
algorithms = st.sampled_from(
    ["HS256", "HS256", "HS256", Algorithm.HS256, "HS257", "", "hs256", 256, ["HS256"], {"HS256"}]
)
encoders = st.sampled_from([None, None, None, Sorted, Lenient, "not an encoder"])


@examples(1500)
@given(payloads, hmac_keys, algorithms, headers, encoders, st.booleans())
def test_same_token_or_same_refusal(
    payload: Any, key: Any, algorithm: Any, headers: Any, encoder: Any, sort_headers: bool
) -> None:
    arguments = (payload, key, algorithm, headers, encoder, sort_headers)
    before = repr(arguments)
    assert_same(outcome(pyjwt.encode, *arguments), outcome(jwt.encode, *arguments))
    assert repr(arguments) == before  # no argument was changed


def test_same_token() -> None:
    """All of these are accepted, so that tokens are compared."""
    names = any_text.filter(lambda name: name not in {"alg", "b64", "crit", "kid", "typ"})
    tokens = set()

    @examples(1500)
    @given(
        st.dictionaries(any_text.filter(lambda name: name != "iss"), json_values, max_size=4),
        st.one_of(st.text(st.characters(exclude_categories=["Cs"]), min_size=32), secrets),
        st.one_of(st.none(), st.dictionaries(names, json_values, max_size=3)),
    )
    def compare(payload: dict[str, Any], key: Any, headers: dict[str, Any] | None) -> None:
        token = jwt.encode(payload, key, "HS256", headers)
        assert token == pyjwt.encode(payload, key, "HS256", headers)
        tokens.add(token)

    compare()
    assert len(tokens) >= 1000


@examples(500)
@given(hmac_keys, st.booleans())
def test_same_keys(key: Any, enforce: bool) -> None:
    options: Any = {"enforce_minimum_key_length": enforce}
    assert_same(
        outcome(pyjwt.PyJWT(options).encode, {}, key), outcome(jwt.PyJWT(options).encode, {}, key)
    )


@examples(500)
@given(any_values, st.booleans())
def test_both_ways_to_json_agree(value: Any, sort_keys: bool) -> None:
    usual = outcome(_json._usual(sort_keys), value)
    assert_same(usual, outcome(_json._reusing(sort_keys), value))


def test_the_fast_json_encoder_is_used() -> None:
    assert _json._writer is _json._reusing


def test_a_refusal_leaves_no_trace() -> None:
    payload: dict[str, Any] = {"x": object()}
    for _ in range(3):
        with pytest.raises(TypeError):
            jwt.encode(payload, KEY)
    payload["x"] = 1
    assert jwt.encode(payload, KEY) == pyjwt.encode(payload, KEY)


def test_two_threads_encode_the_same_dict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are encoding at the same time, and each C encoder knows only its own containers."""
    both = threading.Barrier(2, timeout=20)
    monkeypatch.setattr(json.JSONEncoder, "default", lambda self, value: both.wait() * 0)
    payload = {"x": {"y": object()}}
    with futures.ThreadPoolExecutor(2) as threads:
        tokens = list(threads.map(lambda key: jwt.encode(payload, key), [KEY, KEY]))
    assert tokens == [jwt.encode({"x": {"y": 0}}, KEY)] * 2


LABELS = [
    "CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST",
    "PUBLIC KEY", "RSA PUBLIC KEY", "EC PUBLIC KEY", "SSH2 PUBLIC KEY",
    "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY",
    "RSA PRIVATE KEY", "EC PRIVATE KEY", "SSH2 ENCRYPTED PRIVATE KEY", "DSA PUBLIC KEY",
    "DH PARAMETERS", "X509 CRL", "SECRET",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("dash", ["-", " "])
@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN {0}-----\nMIIB\n-----END {0}-----",
        "text before -----BEGIN {0}-----x-----END {0}----- and after",
        "-----BEGIN {0}-----\nMIIB\n-----END OTHER {0}-----",
        "-----END {0}-----\nMIIB\n-----BEGIN {0}-----",
        "-----BEGIN {0}----------END {0}-----",
        "-----BEGIN {0}-----END {0}-----",
        "-----begin {0}-----\nMIIB\n-----end {0}-----",
    ],
)
def test_same_pem(text: str, dash: str, label: str) -> None:
    key = text.replace("-----BEGIN", f"----{dash}BEGIN").replace("-----\n", f"{dash}----\n")
    key = key.format(label)
    assert_same(outcome(pyjwt.encode, {}, key), outcome(jwt.encode, {}, key))


@pytest.mark.parametrize("name", ["typ", "alg", "kid", "b64", "crit"])
@pytest.mark.parametrize("value", [None, "", 0, [], {}, True, "x", ["b64"]])
def test_same_header(name: str, value: Any) -> None:
    for sort_headers in (True, False):
        arguments: Any = ({}, KEY, "HS256", {"x": 1, name: value}, None, sort_headers)
        assert_same(outcome(pyjwt.encode, *arguments), outcome(jwt.encode, *arguments))


class Renamed(dict):  # type: ignore[type-arg]
    """A dict that changes its items when it is encoded."""

    def items(self) -> Any:
        return {"renamed": 1}.items()

    def copy(self) -> Renamed:
        return Renamed(self)


@pytest.mark.parametrize("payload", [Renamed(a=1), collections.defaultdict(str, iss="ak")])
def test_same_token_of_a_subclass_of_dict(payload: dict[str, Any]) -> None:
    assert jwt.encode(payload, KEY) == pyjwt.encode(payload, KEY)


def test_same_refusal_of_circular_claims() -> None:
    circular: dict[str, Any] = {}
    circular["itself"] = [circular]
    deep: Any = 0
    for _ in range(200_000):
        deep = [deep]
    for value, error in ((circular, ValueError), (deep, RecursionError)):
        for encode in (pyjwt.encode, jwt.encode):
            with pytest.raises(error):
                encode({"x": value}, KEY)
            with pytest.raises(error):
                encode({}, KEY, headers={"x": value})


def test_a_patched_encoder_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json.JSONEncoder, "default", lambda self, value: "patched")
    assert jwt.encode({"x": object()}, KEY) == pyjwt.encode({"x": object()}, KEY)


def test_subclasses_decide_about_payloads() -> None:
    def encode_payload(
        self: Any, payload: Any, headers: Any = None, json_encoder: Any = None
    ) -> Any:
        payload["headers"] = headers
        return json.dumps(payload, cls=json_encoder).encode()[::-1]

    def decode_payload(self: Any, decoded: dict[str, Any]) -> Any:
        return json.loads(decoded["payload"][::-1])

    hooks = {"_encode_payload": encode_payload, "_decode_payload": decode_payload}
    tokens = []
    for base in (pyjwt.PyJWT, jwt.PyJWT):
        reversing = type("Reversing", (base,), hooks)()
        payload = {"sub": "x"}
        tokens.append(reversing.encode(payload, KEY, headers={"kid": "1"}))
        assert payload == {"sub": "x"}
        decoded = reversing.decode(tokens[-1], KEY, algorithms=["HS256"])
        assert decoded == {"sub": "x", "headers": {"kid": "1"}}
    assert tokens[0] == tokens[1]

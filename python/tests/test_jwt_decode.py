"""`decode` compared with PyJWT: the same claims or the same error, at the same time."""

from __future__ import annotations

import datetime
import time
from typing import Any, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt_strategies import (
    NOW,
    Outcome,
    any_text,
    assert_same,
    base64url,
    examples,
    hmac_keys,
    json_values,
    outcome,
    scalars,
    sign,
    sign_json,
)

from kling_auth import jwt

pyjwt = pytest.importorskip("jwt", minversion="2.15.1")

KEY = b"a secret of thirty-two characters"


class Stopped(datetime.datetime):
    """PyJWT's clock."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Stopped:
        return cls.fromtimestamp(NOW, tz)


@pytest.fixture(autouse=True, scope="module")
def _stopped_clocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyjwt.api_jwt, "datetime", Stopped)
        patch.setattr(time, "time", lambda: NOW)
        yield


# Times around that moment, on both sides of each leeway below.
times: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([0, -61, -60, -1, 1, 59, 60, 61, 3600]).map(lambda offset: int(NOW) + offset),
    st.sampled_from([NOW, NOW + 60, str(int(NOW)), "soon", "", True, None, [], {}, 10**400]),
    st.sampled_from([float("nan"), float("inf"), -1e300]),
)
names = st.sampled_from(["a", "b", "c", ""])
claims = st.fixed_dictionaries(
    {},
    optional={
        "exp": times,
        "nbf": times,
        "iat": times,
        "iss": names | scalars,
        "aud": names | st.lists(names, max_size=3) | st.lists(scalars, max_size=2) | json_values,
        "sub": names | scalars,
        "jti": names | scalars,
        "x": json_values,
    },
)
good_times = st.integers(int(NOW) + 120, 2**40)
good_claims = st.fixed_dictionaries(
    {"iss": names, "sub": names}, optional={"exp": good_times, "x": json_values}
)
headers = st.one_of(
    st.just({"alg": "HS256", "typ": "JWT"}),
    st.just({"alg": "HS256", "typ": "JWT"}),
    st.fixed_dictionaries(
        {"alg": st.sampled_from(["HS256", "HS256", "HS257", "none", "", None, 256, ["HS256"], {}])},
        optional={
            "kid": any_text | scalars,
            "b64": st.sampled_from([True, None, 0]),
            "crit": st.sampled_from([["b64"], [], "b64", ["exp"], [1], ["b64", "exp"], None, {}]),
            "x": json_values,
        },
    ),
    st.just({}),
    json_values,
)
texts = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"", b"null", b"[]", b"{", b'{"a":1}x', b"[" * 100_000, b'"\xff"', b"1" * 5000]
    ),
    st.builds(
        lambda text, code: text.encode(code), st.just('{"a":1}'), st.sampled_from(["utf-16"])
    ),
)
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@st.composite
def tampered(draw: st.DrawFn, token: bytes) -> bytes:
    """A token with one error, at a random place."""
    at = draw(st.integers(0, len(token)))
    char = draw(st.sampled_from(list(BASE64URL + ".+/ \n\t%é\0"))).encode()
    kind = draw(st.sampled_from(["replace", "insert", "cut", "end", "start", "swap", "empty"]))
    parts = token.split(b".")
    if kind == "swap":
        parts.reverse()
    elif kind == "empty":
        parts[at % 3] = b""
    else:
        return {
            "replace": token[:at] + char + token[at + 1 :],
            "insert": token[:at] + char + token[at:],
            "cut": token[:at],
            "end": token + char,
            "start": char + token,
        }[kind]
    return b".".join(parts)


@st.composite
def tokens(draw: st.DrawFn) -> Any:
    """Tokens signed with `KEY`: valid, with one error, or with unusual parts; and other values."""
    kind = draw(
        st.sampled_from(["good", "good", "claims", "claims", "header", "text", "tampered", "none"])
    )
    if kind == "none":
        return draw(
            st.sampled_from([None, 1, "", b"", ".", "..", "...", bytearray(b"a.b.c"), "é.."])
        )
    header = draw(headers) if kind == "header" else {"alg": "HS256"}
    payload = draw(good_claims if kind == "good" else claims)
    token = sign_json(header, payload, KEY)
    if kind == "text":
        token = sign(draw(st.just(b'{"alg":"HS256"}') | texts), draw(texts), KEY)
    if kind == "tampered":
        token = draw(tampered(token))
    return draw(st.sampled_from([token, token.decode()]))


flags = st.sampled_from([True, False])
registered = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
options: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.none(),
    st.fixed_dictionaries(
        {},
        optional={
            "verify_signature": flags,
            **{f"verify_{claim}": flags for claim in registered},
            "require": st.sampled_from([[], ["exp"], ["iss", "sub"], ("x",), "x", None, [[]]]),
            "strict_aud": flags,
            "enforce_minimum_key_length": flags,
            "unknown": flags,
        },
    ),
)
expectations = st.fixed_dictionaries(
    {},
    optional={
        "audience": names
        | st.lists(names, max_size=2)
        | st.sampled_from([None, ("a", 1), 1, {"a"}]),
        "issuer": names | st.lists(names, max_size=2) | st.sampled_from([None, 1, {"a": 1}, b"a"]),
        "subject": names | st.sampled_from([None, 1]),
        "leeway": st.sampled_from([0, 1, 60, 59.5, -60, datetime.timedelta(minutes=1), True, None]),
        "verify": st.sampled_from([None, True, False]),
        "detached_payload": st.sampled_from([None, None, b"", b"{}"]),
        "unknown": st.just(1),
    },
)
allowed = st.one_of(
    st.just(["HS256"]),
    st.just(["HS256"]),
    st.sampled_from([("HS256", "RS256"), {"HS256"}, {"HS256": 1}, "HS256", "HS2560"]),
    st.sampled_from([["RS256"], ["HS257", "HS256"], [["HS256"], {}], 5, "", [], None]),
)
keys = st.one_of(st.just(KEY), st.just(KEY), st.just(KEY.decode()), hmac_keys)


@examples(1500)
@given(tokens(), keys, allowed, options, expectations)
def test_same_claims_or_same_refusal(
    token: Any, key: Any, algorithms: Any, options: Any, expected: dict[str, Any]
) -> None:
    arguments = (token, key, algorithms, options)
    before = repr((arguments, expected))
    theirs = outcome(pyjwt.decode_complete, *arguments, **expected)
    assert_same(theirs, outcome(jwt.decode_complete, *arguments, **expected))
    theirs = outcome(pyjwt.decode, *arguments, **expected)
    assert_same(theirs, outcome(jwt.decode, *arguments, **expected))
    assert repr((arguments, expected)) == before


@examples(500)
@given(claims, options, options, expectations)
def test_same_claims_by_an_object_with_options(
    payload: Any, own: Any, options: Any, expected: dict[str, Any]
) -> None:
    arguments = (sign_json({"alg": "HS256"}, payload, KEY), KEY, ["HS256"], options)
    theirs = outcome(pyjwt.PyJWT(own).decode, *arguments, **expected)
    assert_same(theirs, outcome(jwt.PyJWT(own).decode, *arguments, **expected))


@examples(500)
@given(tokens())
def test_same_header_unverified(token: Any) -> None:
    theirs = outcome(pyjwt.get_unverified_header, token)
    assert_same(theirs, outcome(jwt.get_unverified_header, token))


@examples(500)
@given(good_claims, st.sampled_from([None, {"kid": "1"}]))
def test_each_decodes_what_the_other_encoded(
    payload: dict[str, Any], headers: dict[str, Any] | None
) -> None:
    """Nearly all of these are accepted, so that claims are compared."""
    token = pyjwt.encode(payload, KEY, headers=headers)
    theirs = outcome(pyjwt.decode, token, KEY, ["HS256"])
    assert theirs.error is None
    assert_same(theirs, outcome(jwt.decode, token, KEY, ["HS256"]))
    assert_same(theirs, outcome(jwt.decode, jwt.encode(payload, KEY), KEY, ["HS256"]))


def read(call: Any, token: str | bytes, algorithms: Any, **arguments: Any) -> Outcome:
    return outcome(call, token, KEY, algorithms, **arguments)


# Every combination of a few values on either side of a limit


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("leeway", [0, 0.5, 60, 59.5, -60, datetime.timedelta(seconds=60.5)])
def test_same_limits_in_time(claim: str, leeway: Any) -> None:
    for offset in (-61, -60, -59, -1, 0, 1, 2, 59, 60, 61):
        token = sign_json({"alg": "HS256"}, {claim: int(NOW) + offset}, KEY)
        theirs = read(pyjwt.decode, token, ["HS256"], leeway=leeway)
        assert_same(theirs, read(jwt.decode, token, ["HS256"], leeway=leeway))


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("audience", [None, "a", "", ["a"], ["b", "a"], [], ("c",), 1])
def test_same_audiences(audience: Any, strict: bool) -> None:
    for claim in ("a", "b", "", None, [], ["a"], ["b", "c"], [1, "a"], {"a": 1}, 1, [["a"]]):
        token = sign_json({"alg": "HS256"}, {"aud": claim}, KEY)
        arguments = {"audience": audience, "options": {"strict_aud": strict}}
        theirs = read(pyjwt.decode, token, ["HS256"], **arguments)
        assert_same(theirs, read(jwt.decode, token, ["HS256"], **arguments))


@pytest.mark.parametrize("algorithms", [["HS256"], "HS256", ["", None, 0], {"HS256"}])
@pytest.mark.parametrize("algorithm", ["HS256", "HS", "", None, 0, False, [], {}])
def test_same_algorithms_allowed(algorithm: Any, algorithms: Any) -> None:
    token = sign_json({"alg": algorithm}, {}, KEY)
    theirs = read(pyjwt.decode, token, algorithms)
    assert_same(theirs, read(jwt.decode, token, algorithms))


@pytest.mark.parametrize(
    "header",
    [
        '{"alg":"\\u0048S256"}',
        '{"\\u0061lg":"HS256"}',
        '{"alg":"none","alg":"HS256"}',
        '{"alg":"HS256","alg":"none"}',
        '\ufeff{"alg":"HS256"}',
        ' {"alg":"HS256", "x":NaN}\n',
        '{"alg":"HS256",}',
        f'{{"alg":"HS256","x":{"[" * 40}{"]" * 40}}}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be"])
def test_same_reading_of_odd_headers(header: str, encoding: str) -> None:
    token = sign(header.encode(encoding), b"{}", KEY)
    assert_same(read(pyjwt.decode, token, ["HS256"]), read(jwt.decode, token, ["HS256"]))


# Where the drop-in differs from PyJWT


@pytest.mark.parametrize("segment", [0, 1, 2])
@pytest.mark.parametrize("verify", [True, False])
def test_padding_is_refused_unlike_pyjwt(segment: int, verify: bool) -> None:
    segments = [base64url(b'{"alg":"HS256"} '), base64url(b'{"a":1}'), base64url(b"s" * 31)]
    segments[segment] += b"=" * (-len(segments[segment]) % 4)
    token = b".".join(segments)
    assert b"=" in token
    theirs = read(pyjwt.decode, token, ["HS256"], options={"verify_signature": False})
    assert theirs.value == "{'a': 1}"
    with pytest.raises(jwt.DecodeError) as refused:
        jwt.decode(token, KEY, ["HS256"], {"verify_signature": verify})
    assert refused.value.code == "ERR_TOKEN_ENCODING"


@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512", "RS256", "ES256", "EdDSA"])
def test_other_algorithms(algorithm: str) -> None:
    with pytest.raises(NotImplementedError, match="PyJWT") as unsupported:
        jwt.encode({}, KEY, algorithm=algorithm)
    assert isinstance(unsupported.value, jwt.PyJWTError)
    with pytest.raises(NotImplementedError, match="PyJWT"):
        jwt.encode({}, KEY, headers={"alg": algorithm})

    token = sign_json({"alg": algorithm}, {"a": 1}, KEY)
    with pytest.raises(jwt.UnsupportedAlgorithmError, match="PyJWT"):
        jwt.decode(token, KEY, ["HS256", algorithm])
    theirs = read(pyjwt.decode, token, ["HS256"])
    assert_same(theirs, read(jwt.decode, token, ["HS256"]))
    assert isinstance(theirs.error, pyjwt.InvalidAlgorithmError)
    assert jwt.decode(token, options={"verify_signature": False}) == {"a": 1}


def test_detached_payloads() -> None:
    with pytest.raises(jwt.DetachedPayloadError, match="PyJWT"):
        jwt.encode({}, KEY, headers={"b64": False})
    token = pyjwt.encode({}, KEY, headers={"b64": False})
    for payload in (None, b"{}"):
        with pytest.raises(jwt.DetachedPayloadError, match="PyJWT") as refused:
            jwt.decode(token, KEY, ["HS256"], detached_payload=payload)
        assert isinstance(refused.value, jwt.DecodeError)
    assert jwt.get_unverified_header(token) == pyjwt.get_unverified_header(token)

    header, _, signature = token.encode().split(b".")
    with_payload = b".".join([header, base64url(b"{}"), signature])
    theirs = outcome(pyjwt.get_unverified_header, with_payload)
    assert_same(theirs, outcome(jwt.get_unverified_header, with_payload))
    assert type(theirs.error).__name__ == "DecodeError"


def test_same_refusal_of_deep_nesting() -> None:
    deep = b'{"alg":"HS256","x":%b%b}' % (b"[" * 100_000, b"]" * 100_000)
    for token in (sign(deep, b"{}", KEY), sign(b'{"alg":"HS256"}', deep, KEY)):
        theirs = read(pyjwt.decode, token, ["HS256"])
        assert_same(theirs, read(jwt.decode, token, ["HS256"]))
        assert type(theirs.error).__name__ == "DecodeError"


def test_an_endless_audience_is_read_only_as_far_as_needed() -> None:
    token = jwt.encode({"aud": "b"}, KEY)

    def audiences() -> Iterator[str]:
        yield from "ab"
        raise AssertionError("the second one has matched")

    assert jwt.decode(token, KEY, ["HS256"], audience=audiences()) == {"aud": "b"}

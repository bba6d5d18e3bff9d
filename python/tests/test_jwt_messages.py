"""The messages are the same as PyJWT's. A remedy is a note of the error."""

from __future__ import annotations

import sys
from typing import Any, Callable

import jwt as pyjwt
import pytest
from test_jwt_refusals import KEY, expected, signed, tokens

from kling_auth import jwt

# The drop-in refuses these and PyJWT accepts them, or treats them as something else.
OURS = {
    "padding": "Invalid crypto padding",
    "alg RS256": "Algorithm not supported",
}


def message(call: Callable[[], object]) -> tuple[str, str]:
    """The class and the text of the error that a call raises."""
    try:
        call()
    except Exception as error:
        return type(error).__name__, str(error)
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize("name", tokens)
def test_invalid_tokens(name: str) -> None:
    token: Any = tokens[name][0]
    algorithms = ["HS256", "RS256"]
    kind, said = message(lambda: jwt.decode(token, KEY, algorithms=algorithms))
    if name in OURS:
        assert said == OURS[name]
    else:
        assert (kind, said) == message(lambda: pyjwt.decode(token, KEY, algorithms=algorithms))


@pytest.mark.parametrize("name", expected)
def test_unexpected_claims(name: str) -> None:
    claims, arguments, *_ = expected[name]
    arguments = {"key": KEY, "algorithms": ["HS256"], **arguments}
    token = signed(claims)
    ours = message(lambda: jwt.decode(token, **arguments))
    assert ours == message(lambda: pyjwt.decode(token, **arguments))


ENCODED: dict[str, tuple[Any, ...]] = {
    "payload no dict": ("payload", KEY),
    "iss a number": ({"iss": 1}, KEY),
    "no key": ({}, ""),
    "key a number": ({}, 1),
    "key of another kind": ({}, "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----"),
    "key a JWK": ({}, '{"kty":"oct","k":"c2VjcmV0"}'),
    "kid a number": ({}, KEY, "HS256", {"kid": 1}),
}


@pytest.mark.parametrize("name", ENCODED)
def test_invalid_claims(name: str) -> None:
    arguments = ENCODED[name]
    ours = message(lambda: jwt.encode(*arguments))
    assert ours == message(lambda: pyjwt.encode(*arguments))


def test_a_short_key() -> None:
    with pytest.warns(jwt.InsecureKeyLengthWarning) as ours:
        jwt.encode({}, "short")
    with pytest.warns(pyjwt.InsecureKeyLengthWarning) as theirs:
        pyjwt.encode({}, "short")
    assert str(ours[0].message) == str(theirs[0].message)


def test_each_part_cut_short() -> None:
    token = signed({"iss": "a"}).decode()
    for end in range(len(token)):
        for broken in (
            token[:end],
            token[:end] + "!" + token[end:],
            token[:end] + "." + token[end:],
        ):
            ours = message(lambda broken=broken: jwt.decode(broken, KEY, ["HS256"]))
            theirs = message(lambda broken=broken: pyjwt.decode(broken, KEY, ["HS256"]))
            assert ours == theirs, broken


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: jwt.decode("a.b", KEY, ["HS256"]), "pass the whole token, without `Bearer`"),
        (lambda: jwt.decode(signed({}), KEY), 'pass algorithms=["HS256"]'),
        (lambda: jwt.decode(signed({}), KEY, ["RS256"]), "use PyJWT for any other"),
        (lambda: jwt.decode(signed({"aud": "a"}), KEY, ["HS256"]), "pass it as audience="),
        (lambda: jwt.encode({}, KEY, "RS256"), "use PyJWT for any other"),
        (lambda: jwt.encode({}, '{"kty":"oct"}'), "pass the secret in its `k`"),
    ],
)
def test_the_remedy_is_a_note(call: Callable[[], object], remedy: str) -> None:
    with pytest.raises(jwt.PyJWTError) as refused:
        call()
    assert refused.value.remedy.endswith(remedy) or remedy in refused.value.remedy
    assert remedy not in str(refused.value)
    if sys.version_info >= (3, 11):
        assert refused.value.__notes__ == [refused.value.remedy]


def test_an_error_without_a_remedy_has_no_note() -> None:
    with pytest.raises(jwt.ExpiredSignatureError) as refused:
        jwt.decode(signed({"exp": 1}), KEY, ["HS256"])
    assert refused.value.remedy == ""
    assert not hasattr(refused.value, "__notes__")


def test_algorithms_as_dependents_import_them() -> None:
    from jwt import algorithms as theirs

    from kling_auth.jwt import algorithms as ours

    assert ours.requires_cryptography == theirs.requires_cryptography
    assert set(ours.get_default_algorithms()) == {"HS256"}
    hs256, other = (
        ours.HMACAlgorithm(ours.HMACAlgorithm.SHA256),
        theirs.HMACAlgorithm(theirs.HMACAlgorithm.SHA256),
    )
    key = hs256.prepare_key(KEY)
    assert key == other.prepare_key(KEY)
    assert hs256.sign(b"message", key) == other.sign(b"message", key)
    assert hs256.verify(b"message", key, other.sign(b"message", key))
    assert not hs256.verify(b"messagE", key, other.sign(b"message", key))
    assert hs256.to_jwk(KEY) == other.to_jwk(KEY)
    assert hs256.to_jwk(KEY, as_dict=True) == other.to_jwk(KEY, as_dict=True)
    assert ours.HMACAlgorithm.from_jwk(hs256.to_jwk(KEY)) == KEY.encode()
    assert hs256.check_key_length(b"short") == other.check_key_length(b"short")
    assert hs256.check_key_length(key) is None
    for jwk in ("{", '{"kty":"RSA"}', "[]", '{"kty":"oct","k":""}'):
        with pytest.raises(jwt.InvalidKeyError):
            ours.HMACAlgorithm.from_jwk(jwk)
    with pytest.raises(NotImplementedError):
        ours.HMACAlgorithm(theirs.HMACAlgorithm.SHA512)

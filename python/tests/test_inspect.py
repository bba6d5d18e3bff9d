"""``inspect``: every vector, and the attributes of the result."""

import base64
import json
import traceback
import unicodedata

import pytest
from conftest import ROOT, vectors

from kling_auth import (
    ArgumentError,
    ArgumentTypeError,
    CredentialError,
    Inspection,
    KlingAuthError,
    TokenError,
    generate_kling_token,
    inspect,
)

KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
NOW = 1_800_000_000
TOKEN = generate_kling_token(*KEYS, now=NOW)


def decoded(token):
    """Header and claims, decoded with Python only."""
    parts = token.split()[-1].split(".")[:2]
    padded = (part + "=" * (-len(part) % 4) for part in parts)
    # Python does not read integers of thousands of digits.
    numbers = {"parse_int": lambda text: int(text) if len(text) < 100 else float(text)}
    return [json.loads(base64.urlsafe_b64decode(part), **numbers) for part in padded]


@pytest.mark.parametrize("case", vectors("inspect.json"), ids=lambda case: case["name"])
def test_every_vector(case):
    arguments = case["token"], case["secret_key"]
    if "code" in case:
        of_key = case["code"].startswith("ERR_SECRET_KEY")
        with pytest.raises(CredentialError if of_key else TokenError) as refusal:
            inspect(*arguments, now=case["now"])
        assert refusal.value.code == case["code"]
        return
    found = inspect(*arguments, now=case["now"])
    names = "cause", "reason", "is_signature_valid", "issuer", "expires_at", "not_before", "now"
    assert {name: getattr(found, name) for name in names} == {name: case[name] for name in names}
    assert [found.header, found.claims] == decoded(case["token"])
    for shown in case.get("shows", []):
        assert shown in str(found)


def test_control_characters_are_escaped():
    for case in vectors("inspect.json"):
        if "code" not in case:
            text = str(inspect(case["token"], now=case["now"])).replace("\n", "")
            moving = {"Cc", "Zl", "Zp"}
            turning = {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}
            for char in text:
                assert unicodedata.category(char) not in moving, case["name"]
                assert unicodedata.bidirectional(char) not in turning, case["name"]


def test_a_number_of_thousands_of_digits():
    (case,) = (c for c in vectors("inspect.json") if c["name"] == "a number of 5000 digits")
    claims = inspect(case["token"], now=case["now"]).claims
    assert claims["iss"] == "a"
    assert claims["x"] == float("inf")


def test_a_value_and_a_text():
    found = inspect(TOKEN, KEYS[1], now=NOW)
    assert type(found) is Inspection
    assert found.header == {"alg": "HS256", "typ": "JWT"}
    assert found.claims == {"iss": KEYS[0], "exp": NOW + 1800, "nbf": NOW - 5}
    assert repr(found) == f"Inspection(cause='accepted', now={NOW})"
    lines = str(found).splitlines()
    assert [lines[0], lines[-2]] == ["header", "signature: made with this secret key"]
    assert lines[-1].startswith("Kling: would accept it now; ")
    with pytest.raises(AttributeError):
        found.cause = "x"


@pytest.mark.filterwarnings("ignore::kling_auth.KlingAuthWarning")
@pytest.mark.parametrize("path", ["python/README.md", "node/README.md"])
def test_the_text_of_the_readme(path):
    text = (ROOT / path).read_text("utf-8").partition("## What a token says")[2]
    token = generate_kling_token("access-key", "secret-key", now=NOW)
    shown = text.partition("```text\n")[2].partition("```")[0]
    assert shown == f"{inspect(token, 'secret-key', now=NOW + 1900)}\n"


def test_changes_of_a_returned_dict_have_no_effect():
    found = inspect(TOKEN, now=NOW)
    found.claims["iss"] = "another"
    assert found.claims["iss"] == KEYS[0]


def test_now_and_the_key_may_be_left_out():
    fresh = generate_kling_token(*KEYS)
    assert (inspect(fresh).cause, inspect(fresh, None).is_signature_valid) == ("accepted", None)
    assert inspect(fresh, KEYS[1]).is_signature_valid is True
    assert inspect(TOKEN, now=NOW + 1800.9).cause == "token_expired"


def test_arguments_of_another_type():
    for wrong in (None, 1, TOKEN.encode(), [TOKEN]):
        with pytest.raises(ArgumentTypeError, match="token"):
            inspect(wrong)
    for wrong in (1, KEYS[1].encode(), [KEYS[1]]):
        with pytest.raises(ArgumentTypeError, match="secret_key"):
            inspect(TOKEN, wrong)
    with pytest.raises(ArgumentError):
        inspect(TOKEN, now=NOW * 1000)


def test_nothing_shows_a_secret():
    canary = "canary0123456789canary0123456789"
    token = generate_kling_token(KEYS[0], canary, now=NOW)
    found = inspect(token, canary, now=NOW)
    texts = [str(found), repr(found), *(repr(getattr(found, name)) for name in dir(found))]
    for broken in (f"{token}.", token.replace(".", "!"), f"{canary}.{canary}", canary + "\ud800"):
        with pytest.raises(KlingAuthError) as refusal:
            inspect(broken, canary)
        error = refusal.value
        texts += [
            str(error),
            repr(error),
            repr(vars(error)),
            *traceback.format_exception_only(type(error), error),
        ]
    for text in texts:
        assert canary not in text
        assert token.rpartition(".")[2] not in text

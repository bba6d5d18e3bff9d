"""Callbacks: every vector, all forms of arguments, and a comparison with the reference library."""

import base64
import binascii
import traceback
from datetime import datetime, timezone
from http.client import HTTPMessage

import httpx
import pytest
import standardwebhooks.webhooks as reference
from conftest import vectors
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict
from requests.structures import CaseInsensitiveDict
from werkzeug.test import EnvironBuilder

from kling_auth import (
    ArgumentError,
    ArgumentTypeError,
    CredentialError,
    KlingAuthError,
    Webhook,
    WebhookError,
    verify_webhook,
)

CASES = vectors("webhooks.json")
PUBLISHED = CASES[0]
(SECRET,) = PUBLISHED["secrets"]
HEADERS = [tuple(header) for header in PUBLISHED["headers"]]
BODY, NOW = PUBLISHED["body"].encode(), PUBLISHED["now"]
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"


def body_of(case):
    if "body_base64" in case:
        return base64.b64decode(case["body_base64"])
    return case["body"].replace("{pad}", "x" * case.get("pad", 0)).encode()


def first(headers, name):
    """The first header with this name, also in the form of CGI and WSGI."""
    plain = ((key.lower().replace("http_webhook_", "webhook-"), value) for key, value in headers)
    return next((value for key, value in plain if key == name), None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_vector(case):
    headers = [tuple(header) for header in case["headers"]]
    arguments = case["secrets"], headers, body_of(case)
    if case["code"] is None:
        found = verify_webhook(*arguments, now=case["now"])
        assert found.id == first(headers, "webhook-id")
        assert found.timestamp == int(first(headers, "webhook-timestamp"))
        return
    of_secret = case["code"] == "ERR_WEBHOOK_SECRET"
    with pytest.raises(CredentialError if of_secret else WebhookError) as refusal:
        verify_webhook(*arguments, now=case["now"])
    assert refusal.value.code == case["code"]


def is_taken(case, monkeypatch):
    """Say whether the library of the specification accepts it, with a clock at ``now``."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(case["now"], tz)

    monkeypatch.setattr(reference, "datetime", Clock)
    names = "webhook-id", "webhook-timestamp", "webhook-signature"
    headers = {name: first(case["headers"], name) for name in names}
    for secret in case["secrets"]:
        try:
            reference.Webhook(secret).verify(body_of(case), headers, json_parse=False)
            return True
        except (reference.WebhookVerificationError, reference.EmptyWebhookSecretError):
            pass
        except binascii.Error:  # a secret or a signature that is not base64
            pass
    return False


def test_the_library_accepts_what_we_accept(monkeypatch):
    laxer, unjudged = set(), set()
    for case in CASES:
        try:
            taken = is_taken(case, monkeypatch)
        except (ValueError, OverflowError):
            # It fails on entries without a version, among others.
            if case["code"] is None:
                unjudged.add(case["name"])
            continue
        if case["code"] is None:
            assert taken, case["name"]
        elif taken:
            laxer.add(case["name"])
    assert laxer == LAXER
    assert unjudged == UNJUDGED


# It ignores invalid characters at the end of a time, a signature and a secret.
LAXER = {
    *(f"the time '{time}'" for time in ("+1800000000", "1800000000.0", "1.8e9", "1_800_000_000")),
    *(f"the time '{time}'" for time in (" 1800000000", "1800000000 ")),
    "the time '" + "".join(chr(ord(digit) + 0xFEE0) for digit in "1800000000") + "'",
    "a time with a zero before it",
    "a signature with more padding",
    "a signature not canonical",
    "a signature with a line end in it",
    "a signature twice",
    "a secret padded too much",
    "a secret with white space in it",
    "a good secret and a bad one",
}
# The library of npm accepts all of these except the body.
UNJUDGED = {
    "in the year 9999",
    "a body that is not UTF-8",
    "after garbage",
    "after spaces",
    "joined by a comma, the right one last",
}

FORMS = [
    HEADERS,
    tuple(HEADERS),
    dict(HEADERS),
    {name.upper(): value for name, value in HEADERS},
    {name.title().encode(): value.encode() for name, value in HEADERS},
    [(name.encode(), value.encode()) for name, value in HEADERS],
    httpx.Headers(HEADERS),
    CIMultiDict(HEADERS),
    CaseInsensitiveDict(HEADERS),
    # AWS Lambda's multiValueHeaders
    {name.title(): [value] for name, value in HEADERS},
    {name: [value, "another"] for name, value in HEADERS},
    # A WSGI environ
    {
        "wsgi.input": None,
        "REQUEST_METHOD": "POST",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in HEADERS},
    },
]


@pytest.mark.parametrize("headers", FORMS, ids=lambda form: type(form).__name__)
def test_headers_of_every_form(headers):
    assert verify_webhook(SECRET, headers, BODY, now=NOW) == verified()


def verified():
    return verify_webhook(SECRET, HEADERS, BODY, now=NOW)


def test_headers_that_can_be_read_once():
    message = HTTPMessage()
    for name, value in HEADERS:
        message[name.title()] = value
    for headers in (iter(HEADERS), (pair for pair in HEADERS), message):
        assert verify_webhook(SECRET, headers, BODY, now=NOW) == verified()


def test_headers_of_the_wrong_type():
    for headers in ({}, [], (), iter([]), {name: [] for name, _ in HEADERS}):
        with pytest.raises(WebhookError, match="not signed") as refusal:
            verify_webhook(SECRET, headers, BODY, now=NOW)
        assert refusal.value.code == "ERR_WEBHOOK_UNSIGNED"
    for headers in (None, 1, "webhook-id", ["webhook-id", ID]):
        with pytest.raises(ArgumentTypeError, match="headers"):
            verify_webhook(SECRET, headers, BODY, now=NOW)


def test_bodies_of_every_form():
    for body in (
        BODY,
        BODY.decode(),
        bytearray(BODY),
        memoryview(BODY),
        memoryview(b"0" + BODY)[1:],
    ):
        assert verify_webhook(SECRET, HEADERS, body, now=NOW) == verified()


@pytest.mark.parametrize("body", [{"test": 2432232314}, [], None, 1, object()], ids=repr)
def test_a_parsed_body_is_refused(body):
    with pytest.raises(ArgumentTypeError, match=r"request\.body\(\).*request\.get_data") as refusal:
        verify_webhook(SECRET, HEADERS, body, now=NOW)
    assert refusal.value.code == "ERR_TYPE"


def test_secrets_one_or_several():
    other = "whsec_" + "A" * 32
    for secrets in (SECRET, [SECRET], (other, SECRET), {SECRET, other}, iter([SECRET])):
        assert verify_webhook(secrets, HEADERS, BODY, now=NOW) == verified()
    for wrong in (None, 1, SECRET.encode(), [SECRET.encode()], [[SECRET]]):
        with pytest.raises(ArgumentTypeError, match="secret"):
            verify_webhook(wrong, HEADERS, BODY, now=NOW)


def test_now():
    with pytest.raises(WebhookError) as refusal:
        verify_webhook(SECRET, HEADERS, BODY)
    assert refusal.value.code == "ERR_WEBHOOK_TIME"
    at = datetime.now(tz=timezone.utc)
    signature = reference.Webhook(SECRET).sign("x", at, "")
    timestamp = str(int(at.timestamp()))
    headers = {"webhook-id": "x", "webhook-timestamp": timestamp, "webhook-signature": signature}
    assert verify_webhook(SECRET, headers, b"").id == "x"
    with pytest.raises(ArgumentError):
        verify_webhook(SECRET, HEADERS, BODY, now=NOW * 1000)


def test_messages_name_the_problem():
    def message(secret=SECRET, headers=HEADERS, now=NOW):
        with pytest.raises(WebhookError) as refusal:
            verify_webhook(secret, headers, BODY, now=now)
        return str(refusal.value)

    assert "is not signed" in message(headers={})
    assert "Create one in Kling's console" in message(headers={})
    assert "webhook-id" in message(headers=HEADERS[1:])
    assert "is 4000 seconds old" in message(now=NOW + 4000)
    assert "is 301 seconds ahead" in message(now=NOW - 301)
    assert "divide it by 1000" in message(
        headers={**dict(HEADERS), "webhook-timestamp": str(NOW * 1000)}
    )
    assert "too short" in message(secret="abc")
    assert "too short" not in message(secret="whsec_" + "A" * 32)


def test_the_environ_of_a_real_request():
    builder = EnvironBuilder(method="POST", headers=HEADERS, data=BODY)
    environ = builder.get_environ()
    body = environ["wsgi.input"].read()
    assert verify_webhook(SECRET, environ, body, now=NOW) == verified()


def test_the_result_is_a_value():
    found = verified()
    assert (type(found), found.id, found.timestamp) == (Webhook, ID, NOW)
    assert repr(found) == f"Webhook(id='{ID}', timestamp={NOW})"
    with pytest.raises(AttributeError):
        found.id = "x"


def test_no_error_shows_a_secret():
    canary = "whsec_" + base64.b64encode(b"canary" * 4).decode()
    for arguments in (
        (canary, HEADERS, BODY),
        (canary, {}, BODY),
        (canary + "!", HEADERS, BODY),
        ([canary, 1], HEADERS, BODY),
        ({canary: 1}, HEADERS, {canary: 1}),
        (canary.encode(), HEADERS, BODY),
        (canary, canary, BODY),
    ):
        with pytest.raises(KlingAuthError) as refusal:
            verify_webhook(*arguments, now=NOW)
        error = refusal.value
        texts = [
            str(error),
            repr(error),
            repr(vars(error)),
            *traceback.format_exception_only(type(error), error),
        ]
        assert not any(canary[6:] in text for text in texts)


@given(
    key=st.binary(min_size=1, max_size=512),
    id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    timestamp=st.integers(0, 253_402_300_799),
    body=st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
    at=st.integers(0),
)
def test_callbacks_signed_by_the_library(key, id, timestamp, body, at):
    """It is accepted, and with any bit flipped it is not."""
    secret = "whsec_" + base64.b64encode(key).decode()
    signature = reference.Webhook(key).sign(
        id, datetime.fromtimestamp(timestamp, timezone.utc), body
    )
    parts = [bytearray(part.encode()) for part in (id, str(timestamp), signature, body)]

    def verify(parts):
        names = "webhook-id", "webhook-timestamp", "webhook-signature"
        texts = (bytes(part).decode("utf-8", "replace") for part in parts)
        return verify_webhook(secret, dict(zip(names, texts)), bytes(parts[3]), now=timestamp)

    found = verify(parts)
    assert (found.id, found.timestamp) == (id, timestamp)
    flip(parts, at % (8 * sum(map(len, parts))))
    with pytest.raises(WebhookError):
        verify(parts)


def flip(parts, bit):
    """Flip a bit, counted through all parts."""
    for part in parts:
        if bit < 8 * len(part):
            part[bit // 8] ^= 1 << bit % 8
            return
        bit -= 8 * len(part)

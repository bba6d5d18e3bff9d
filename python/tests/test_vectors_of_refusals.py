"""The vectors of verdicts, clock and origins, with the public functions."""

import base64
from email.utils import formatdate

import pytest
from conftest import vectors

from kling_auth import KlingAuth, OriginError, _native, verdict

KEYS = "access-key", "secret-key"
pytestmark = pytest.mark.filterwarnings("ignore::kling_auth.KlingAuthWarning")


def body_of(case):
    if "body_base64" in case:
        return base64.b64decode(case["body_base64"])
    return case["body"].replace("{pad}", "x" * case.get("pad", 0)).encode()


@pytest.mark.parametrize("case", vectors("verdicts.json"), ids=lambda case: case["name"])
def test_verdict(case):
    sent = f"Bearer {case['token']}" if "token" in case else None
    found = verdict(case["status"], body_of(case), sent=sent)
    assert (found.cause, found.action, found.code) == (case["cause"], case["action"], case["code"])
    assert found.status == case["status"]
    assert found.message == case.get("message", "")
    assert found.request_id == case.get("request_id")
    assert all(words in found.remedy for words in case.get("mentions", []))
    assert not any(words in found.remedy for words in case.get("omits", []))


@pytest.mark.parametrize("case", vectors("verdicts.json"), ids=lambda case: case["name"])
def test_a_handled_response(case):
    auth = KlingAuth(*KEYS)
    handled = auth.handle_response(case["status"], {}, body_of(case), token=case.get("token", ""))
    assert handled.cause == case["cause"]
    # For any HTTP status: a refusal may have 200.
    assert auth.last_verdict == (None if case["cause"] == "accepted" else handled)


@pytest.mark.parametrize("case", vectors("sent.json"), ids=lambda case: case["name"])
def test_another_authorization_header(case):
    body = "<html>" if case["code"] is None else f'{{"code":{case["code"]},"message":"refused"}}'
    status = 200 if case["code"] == 0 else 401
    found = verdict(status, body, sent=case["sent"])
    if case["says"] is None:
        assert found == verdict(status, body)
    else:
        assert case["says"] in found.remedy


def test_the_sent_header_is_not_shown():
    with pytest.raises(TypeError) as refusal:
        verdict(401, b"", sent=b"canary")
    assert "sent must be" in str(refusal.value) and "canary" not in str(refusal.value)


def test_a_body_as_text():
    for case in vectors("verdicts.json"):
        if "body" in case:
            body = body_of(case)
            assert verdict(case["status"], body.decode()) == verdict(case["status"], body)


class Walk:
    """A test clock, an auth with it, and the tokens that it had."""

    def __init__(self, case):
        keys = {"api_key": case["api_key"]} if "api_key" in case else dict(zip(KEY_NAMES, KEYS))
        lifetime, buffer = case.get("lifetime", 1800), case.get("buffer", 300)
        self.auth = KlingAuth(**keys, lifetime=lifetime, buffer_sec=buffer, clock=self.clock)
        self.now = 0
        self.tokens = []

    def clock(self):
        return self.now

    def handle_response(self, step):
        date, token = step["date"], step["token"]
        headers = {} if date is None else {"date": date if isinstance(date, str) else http(date)}
        if token == "current":
            token = self.tokens[-1]
        elif isinstance(token, int):
            token = self.tokens[token]
        body = '{{"code":{code},"message":"{message}"}}'.format_map(step)
        for _ in range(step.get("times", 1)):
            found = self.auth.handle_response(step["status"], headers, body, token=token)
            assert found.action == step["action"]

    def rotate(self, step):
        self.auth.rotate(step["access_key"], step["secret_key"])

    def token(self, step):
        pass

    def take(self, step):
        self.now = step["now"]
        getattr(self, step["do"])(step)
        token = self.auth.token
        is_new = self.tokens[-1:] != [token]
        assert self.auth.clock_offset == step["clock_offset"]
        assert self.auth.expires_at == step["expires_at"]
        assert is_new == step["is_new"]
        self.tokens += [token] * is_new


KEY_NAMES = "access_key", "secret_key"


def http(unix_seconds):
    return formatdate(unix_seconds, usegmt=True)


@pytest.mark.parametrize("case", vectors("clock.json"), ids=lambda case: case["name"])
def test_clock(case):
    walk = Walk(case)
    for step in case["steps"]:
        walk.take(step)


@pytest.mark.parametrize("case", vectors("origins.json"), ids=lambda case: repr(case)[:80])
def test_origin(case):
    if "code" in case:
        with pytest.raises(ValueError) as refusal:
            KlingAuth(*KEYS, base_url=case["base_url"])
        assert refusal.value.code == case["code"]
        return
    auth = KlingAuth(*KEYS, base_url=case.get("base_url"))
    url = case["url"]
    if case["allowed"]:
        assert auth.headers_for(url) == auth.headers
        assert _native.authorize(auth, url) == auth.headers["Authorization"]
        return
    assert _native.authorize(auth, url) is None
    assert _native.should_handle_response(auth, url, 404) is False
    for use in (
        auth.headers_for,
        lambda url: _native.authorize(auth, url, auth.headers["Authorization"]),
    ):
        with pytest.raises(OriginError) as refusal:
            use(url)
        assert refusal.value.code == "ERR_ORIGIN"

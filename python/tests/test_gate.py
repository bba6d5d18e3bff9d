"""From a credential to an accepted request, and from a refusal to its code."""

import time

import pytest

from kling_auth import KlingAuth, KlingAuthWarning, generate_kling_token

PATH = "/v1/videos/text2video"


def test_a_key_pair_is_accepted(gate):
    auth = KlingAuth(gate.access_key, gate.secret_key)
    assert gate.get(PATH, auth.headers) == (200, 0)
    token = generate_kling_token(gate.access_key, gate.secret_key)
    assert gate.get(PATH, {"Authorization": f"Bearer {token}"}) == (200, 0)


def test_an_api_key_is_accepted(gate):
    assert gate.get(PATH, KlingAuth(api_key=gate.api_key).headers) == (200, 0)


def test_an_api_key_is_preferred_to_a_key_pair(gate, monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", gate.access_key)
    monkeypatch.setenv("KLING_SECRET_KEY", gate.secret_key)
    monkeypatch.setenv("KLING_API_KEY", gate.api_key)
    with pytest.warns(KlingAuthWarning, match="ignoring KLING_ACCESS_KEY, KLING_SECRET_KEY"):
        auth = KlingAuth()
    assert gate.get(PATH, auth.headers) == (200, 0)
    assert gate.get("/tasks?task_ids=1", auth.headers) == (200, 0)


def test_a_wrong_secret_is_1000(gate):
    auth = KlingAuth(gate.access_key, gate.secret_key[::-1])
    assert gate.get(PATH, auth.headers) == (401, 1000)


def test_an_unknown_access_key_is_1002(gate):
    auth = KlingAuth(gate.access_key[::-1], gate.secret_key)
    assert gate.get(PATH, auth.headers) == (401, 1002)


def test_an_expired_token_is_1004_and_renewed(gate):
    readings = iter([time.time() - 1801, time.time()])
    auth = KlingAuth(gate.access_key, gate.secret_key, clock=lambda: next(readings))
    assert gate.get(PATH, auth.headers) == (401, 1004)
    assert gate.get(PATH, auth.headers) == (200, 0)


def test_a_clock_ahead_is_1003(gate):
    auth = KlingAuth(gate.access_key, gate.secret_key, clock=lambda: time.time() + 3600)
    assert gate.get(PATH, auth.headers) == (401, 1003)

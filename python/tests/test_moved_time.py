"""Tests that freeze or move time get tokens of that time, by default."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from unittest import mock

import freezegun
import pytest
import time_machine

import kling_auth
from kling_auth import KlingAuth, check, generate_kling_token, inspect, verify_webhook
from kling_auth.__main__ import main

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, ContextManager, Iterator

    from conftest import Gate

KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
THEN = 1893456000  # 2030-01-01
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def freezegun_to(second: int) -> ContextManager[object]:
    return freezegun.freeze_time(datetime.datetime.fromtimestamp(second, datetime.timezone.utc))


def time_machine_to(second: int) -> ContextManager[object]:
    return time_machine.travel(second, tick=False)


def mock_to(second: int) -> ContextManager[object]:
    return mock.patch("time.time", return_value=float(second))


@contextmanager
def monkeypatch_to(second: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: second)
        yield


WAYS = [freezegun_to, time_machine_to, mock_to, monkeypatch_to]
every_way = pytest.mark.parametrize("move", WAYS, ids=lambda way: way.__name__[:-3])


def expiry(token: str) -> int | None:
    return inspect(token).expires_at


@every_way
def test_everything_follows_the_time(move: Callable[[int], ContextManager[object]]) -> None:
    auth = KlingAuth(*KEYS)
    before = auth.token
    assert expiry(before) == auth.expires_at < THEN
    with move(THEN):
        assert auth.token != before
        assert expiry(auth.token) == auth.expires_at == THEN + 1800
        assert auth.headers["Authorization"] == f"Bearer {auth.token}"
        assert auth.headers_for("https://api.klingai.com")["Authorization"][7:] == auth.token
        assert auth.token is auth.token
        assert expiry(auth.refresh()) == THEN + 1800
        assert expiry(generate_kling_token(*KEYS)) == THEN + 1800
        assert inspect(auth.token).now == THEN
        assert inspect(auth.token).cause == "accepted"
        assert inspect(before).cause == "token_expired"
    with move(THEN + 1501):  # 299 seconds remain
        assert expiry(auth.token) == THEN + 1501 + 1800
    # Back again: a token minted then is not used now.
    assert expiry(auth.token) == auth.expires_at < THEN
    assert inspect(auth.token).now <= time.time() < THEN


@every_way
def test_a_passed_clock_comes_first(move: Callable[[int], ContextManager[object]]) -> None:
    auth = KlingAuth(*KEYS, clock=lambda: 1_800_000_000)
    with move(THEN):
        assert auth.expires_at == 1_800_001_800
        assert expiry(generate_kling_token(*KEYS, now=1_800_000_000)) == 1_800_001_800


@every_way
def test_a_callback_at_that_time(move: Callable[[int], ContextManager[object]]) -> None:
    sent = 1614265330
    headers = {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": str(sent),
        "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    body = b'{"test": 2432232314}'
    with pytest.raises(kling_auth.WebhookError):
        verify_webhook(SECRET, headers, body)
    with move(sent + 300):
        assert verify_webhook(SECRET, headers, body).timestamp == sent
    with move(sent + 301), pytest.raises(kling_auth.WebhookError):
        verify_webhook(SECRET, headers, body)


@every_way
def test_the_clock_is_corrected_by_that_time(move: Callable[[int], ContextManager[object]]) -> None:
    date = {"Date": "Tue, 01 Jan 2030 01:00:00 GMT"}
    body = b'{"code":1004,"message":"token expired"}'
    auth = KlingAuth(*KEYS)
    with move(THEN):
        auth.token  # noqa: B018
        assert auth.handle_response(401, date, body).action == "retry"
        assert 3595 <= auth.clock_offset <= 3605
        assert auth.expires_at == THEN + auth.clock_offset + 1800


@every_way
def test_a_check_and_the_command_line(
    move: Callable[[int], ContextManager[object]], gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    gate.prepare(skew=THEN - int(time.time()))
    auth = KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)
    with move(THEN):
        result = check(auth)
        assert result.is_valid, str(result)
        assert abs(result.clock_offset) < 60
        token = generate_kling_token(*KEYS)
        with mock.patch.object(sys, "argv", ["kling-auth", "inspect", "--json", token]):
            assert main() in (None, 0)
    assert json.loads(capsys.readouterr().out)["now"] == THEN


def test_time_that_continues_and_time_that_is_moved() -> None:
    auth = KlingAuth(*KEYS)
    with freezegun.freeze_time("2030-01-01") as frozen:
        first = auth.token
        frozen.tick(1500)
        assert auth.token == first
        frozen.tick(1)
        assert expiry(auth.token) == THEN + 1501 + 1800
        frozen.move_to("2030-01-01")
        assert expiry(auth.token) == THEN + 1800
    with time_machine.travel(THEN, tick=False) as traveller:
        first = auth.token
        traveller.shift(1501)
        assert expiry(auth.token) == THEN + 1501 + 1800
        traveller.move_to(THEN)
        assert auth.token == first
    with time_machine.travel(THEN, tick=True):
        assert THEN + 1800 <= (auth.expires_at or 0) < THEN + 1860


def test_another_built_in_function_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    auth = KlingAuth(*KEYS)
    assert (auth.expires_at or 0) < THEN
    monkeypatch.setattr(time, "time", iter([THEN] * 9).__next__)
    assert auth.expires_at == THEN + 1800
    monkeypatch.setattr(time, "time", [THEN + 7200].pop)
    assert auth.expires_at == THEN + 7200 + 1800
    monkeypatch.setattr(time, "time", time.monotonic)
    assert (auth.expires_at or 0) < time.monotonic() + 1801


def test_an_invalid_time_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    auth = KlingAuth(*KEYS)
    auth.token  # noqa: B018
    monkeypatch.setattr(time, "time", lambda: "noon")
    with pytest.raises(kling_auth.ArgumentTypeError):
        auth.token  # noqa: B018
    monkeypatch.setattr(time, "time", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        auth.token  # noqa: B018


PLAIN = """
import sys
from kling_auth import KlingAuth, generate_kling_token, inspect
auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
before = auth.token
assert auth.token is before and auth.headers and auth.headers
assert not {"freezegun", "time_machine", "unittest", "mock", "pytest"} & set(sys.modules)
MOVE
    assert auth.token != before, "the read did not notice"
    assert auth.headers["Authorization"] == "Bearer " + auth.token
    assert auth.expires_at == 1893456000 + 1800
    assert inspect(generate_kling_token("a" * 32, "b" * 32)).now == 1893456000
assert auth.expires_at < 1893456000
"""


@pytest.mark.parametrize(
    "move",
    [
        "from freezegun import freeze_time\nwith freeze_time('2030-01-01'):",
        "import time_machine\nwith time_machine.travel(1893456000, tick=False):",
        "from unittest import mock\nwith mock.patch('time.time', return_value=1893456000):",
    ],
    ids=["freezegun", "time_machine", "mock"],
)
def test_an_import_after_the_first_read(move: str) -> None:
    """Until then, the program is like one in production."""
    run(PLAIN.replace("MOVE\n", move + "\n"))


def test_the_same_number_of_other_modules() -> None:
    program = """
import sys
from kling_auth import KlingAuth
sys.modules.update(dict.fromkeys(f"of no use {number}" for number in range(1000)))
auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
before, there = auth.token, set(sys.modules)
from freezegun import freeze_time
with freeze_time("2030-01-01"):
    assert auth.token != before
    for number in range(len(sys.modules) - len(there)):
        del sys.modules[f"of no use {number}"]
    assert len(sys.modules) == len(there)
    assert auth.expires_at == 1893456000 + 1800
    assert auth.token != before
"""
    run(program)


def test_an_import_while_time_is_frozen() -> None:
    program = """
from freezegun import freeze_time
with freeze_time("2030-01-01"):
    from kling_auth import KlingAuth
    auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    assert auth.expires_at == 1893456000 + 1800
assert auth.expires_at < 1893456000
"""
    run(program)


def run(program: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr

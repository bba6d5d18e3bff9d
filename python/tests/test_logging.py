"""Events are logged to ``kling_auth``. Warnings are for callers that create or rotate an object."""

import logging
import subprocess
import sys
import warnings

import pytest
import requests
from clients import CLIENTS, Call
from conftest import ROOT
from outputs import logged

from kling_auth import KlingAuth, KlingAuthWarning, generate_kling_token

KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
PATH = "/v1/videos/text2video"


def test_events_until_the_clock_is_corrected(gate):
    gate.prepare(skew=3600)
    with logged() as lines:
        auth = KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)
        assert requests.get(gate.url + PATH, auth=auth, timeout=10).status_code == 200
        auth.rotate(*KEYS)
    assert [line.split(" (")[-1] for line in lines] == [
        "INFO_CREDENTIALS_FOUND)",
        "DEBUG_TOKEN_MINTED)",
        "INFO_CLOCK_CORRECTED)",
        "INFO_REQUEST_RETRIED)",
        "INFO_CREDENTIALS_REPLACED)",
    ]
    assert lines[0].startswith("INFO using the credentials from arguments")
    assert "seconds behind Kling's" in lines[2]
    assert lines[3].startswith("INFO the request was refused (token_expired): it is sent once more")


def test_a_malformed_file_is_logged_each_time(tmp_path, monkeypatch):
    now = [1_800_000_000]
    for name, value in zip(("ACCESS", "SECRET"), KEYS):
        (tmp_path / name).write_text(value)
        monkeypatch.setenv(f"KLING_{name}_KEY_FILE", str(tmp_path / name))
    auth = KlingAuth(clock=lambda: now[0])
    first = auth.token
    (tmp_path / "SECRET").write_text("")
    with logged(logging.WARNING) as lines:
        for _ in range(5):
            now[0] += 60
            assert auth.token == first
    assert len(lines) == 5
    assert all("WARN_RELOAD_FAILED" in line for line in lines)


@pytest.mark.parametrize("client", CLIENTS)
def test_no_warning_loses_a_response(client, gate, other, monkeypatch):
    """Not even if warnings are errors and a user's handler raises."""

    class Broken(logging.Handler):
        def emit(self, record):
            raise ZeroDivisionError

    def fetch():
        fetch.calls += 1
        if fetch.calls > 1:
            raise RuntimeError
        return "api-key-kling-nobodys"

    fetch.calls, failures = 0, []
    monkeypatch.setattr(sys, "unraisablehook", lambda it: failures.append(it.exc_type))
    auth = KlingAuth(credentials=fetch, base_url=gate.url)
    logger, handler = logging.getLogger("kling_auth"), Broken()
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", KlingAuthWarning)
            CLIENTS[client](auth, [Call("GET", gate.url + PATH, {})])
            CLIENTS[client](auth, [Call("GET", other.url + PATH, {})])
    finally:
        logger.removeHandler(handler)
    assert [gate.seen(), other.seen()] == [[[401, 1002, 1]], [[401, 1001, None]]]
    assert fetch.calls == 2
    assert failures == [ZeroDivisionError] * 2


def test_a_corrected_key_warns_with_the_line_of_the_user():
    here = [KlingAuth, KlingAuth(*KEYS).rotate, generate_kling_token]
    for call in here:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call(f" {KEYS[0]}", KEYS[1])
        assert [warning.filename for warning in caught] == [__file__]


def test_unusual_keys_of_an_asynchronous_function_do_too():
    import asyncio

    async def fetch():
        return f" {KEYS[0]}", KEYS[1]

    async def run():
        auth = await KlingAuth.afrom(fetch)
        await auth.arotate()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(run())
    assert [warning.filename for warning in caught] == [__file__] * 2


def test_the_line_in_the_log_is_the_users(caplog):
    caplog.set_level(logging.INFO, "kling_auth")
    KlingAuth(*KEYS)
    assert caplog.records[0].pathname == __file__


def test_logging_is_not_imported_without_need():
    code = "import sys, kling_auth; kling_auth.KlingAuth(*sys.argv[1:]).token; print(*sys.modules)"
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, *KEYS],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "python",
    )
    assert "logging" not in ran.stdout.split()


def test_headers_for_uses_the_passed_clock():
    auth = KlingAuth(*KEYS, clock=lambda: 1_800_000_000)
    with logged() as lines:
        auth.headers_for("https://api.klingai.com/v1/videos/text2video")
    assert [line.split(" (")[0] for line in lines] == [
        "DEBUG minted a token that expires at 2027-01-15 08:30:00 UTC"
    ]

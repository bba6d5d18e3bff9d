"""Slow, endless, broken and foreign servers.

``check`` and the command line end in time and name the cause; clients raise their own errors, and
the manager stays usable.
"""

import itertools
import resource
import subprocess
import time

import pytest
from abuse import LIMIT, Server, repeated, slowly
from clients import BROKEN, CLIENTS, Call
from conftest import TALLIES
from test_commands import program

from kling_auth import KlingAuth, check

TIMEOUT = 0.5
# Where the answer is complete, or ends: so that a busy machine is no cause.
LONG_TIMEOUT = 5
# The most seconds beyond the timeout, on a busy machine.
SLACK = 4

HEAD = b"HTTP/1.1 401 Unauthorized\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
MIB = b"x" * 1024 * 1024


def whole(body, headers=b"", status=HEAD):
    """Return a response that is sent at once."""
    length = b"content-length: %d\r\n" % len(body)
    return lambda: [status + headers + length + b"\r\n" + body]


# What the server sends, and the allowed causes.
ANSWERS = {
    "nothing": (lambda: [], {"connection"}),
    "no HTTP": (lambda: [b"SSH-2.0-OpenSSH_9.6\r\n"], {"connection"}),
    "endless zeroes": (lambda: repeated(b"", bytes(65536)), {"connection", "timeout"}),
    "an unknown status": (whole(b"{}", status=b"HTTP/1.1 999 x\r\n"), {"not_kling"}),
    "a status out of range": (whole(b"{}", status=b"HTTP/1.1 70000 x\r\n"), {"connection"}),
    "a status below all": (whole(b"{}", status=b"HTTP/1.1 000 x\r\n"), {"not_kling", "connection"}),
    "a slow head": (lambda: slowly(HEAD + b"x-slow: "), {"timeout"}),
    "a slow body": (lambda: slowly(HEAD + b"content-length: 4000\r\n\r\n"), {"timeout"}),
    "a slow chunk": (lambda: slowly(CHUNKED + b"fff\r\n"), {"timeout"}),
    "endless continue": (
        lambda: repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        {"connection", "timeout"},
    ),
    "endless headers": (lambda: repeated(HEAD, b"x-many: x\r\n"), {"connection"}),
    "10,000 headers": (whole(b"{}", b"x-many: x\r\n" * 10_000), {"connection", "not_kling"}),
    "a header of 1 MiB": (whole(b"{}", b"x-wide: " + MIB + b"\r\n"), {"connection", "not_kling"}),
    "an endless header": (lambda: repeated(HEAD + b"x-wide: ", MIB), {"connection"}),
    "an endless body": (lambda: repeated(HEAD + b"\r\n", MIB), {"not_kling"}),
    "endless chunks": (lambda: repeated(CHUNKED, b"100000\r\n" + MIB + b"\r\n"), {"not_kling"}),
    "a body of 100 MiB": (
        lambda: repeated(HEAD + b"content-length: 104857600\r\n\r\n", MIB, 100),
        {"not_kling"},
    ),
    "cut in the head": (lambda: [HEAD + b"content-le"], {"connection", "not_kling"}),
    "cut in the body": (lambda: [HEAD + b"content-length: 99\r\n\r\n{"], {"connection"}),
    "cut in a chunk": (lambda: [CHUNKED + b"ff\r\n{"], {"connection"}),
    "a chunk of no size": (lambda: [CHUNKED + b"zz\r\n{"], {"connection"}),
    "a deep body": (whole(b'{"code":' + b"[" * 100_000), {"not_kling"}),
    "no text": (whole(bytes(range(256))), {"not_kling"}),
    "an invalid date": (whole(b'{"code":1004}', b"date: \xff\xfe\r\n"), {"token_expired"}),
    "a thousand dates": (
        whole(b'{"code":1004}', b"date: Fri, 31 Dec 9999 23:59:59 GMT\r\n" * 90),
        {"token_expired"},
    ),
    "an invalid location": (
        whole(b"", b"location: \x7f\x01//[::\r\n", b"HTTP/1.1 302 Found\r\n"),
        {"redirect", "connection"},
    ),
}


def timeout_of(causes):
    return TIMEOUT if "timeout" in causes else LONG_TIMEOUT


def anybody(url):
    return KlingAuth("0" * 31 + "a", "0" * 31 + "b", base_url=url)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("name", ANSWERS)
def test_check(name):
    parts, causes = ANSWERS[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with Server(parts) as url:
        result = check(anybody(url), timeout=timeout_of(causes))
    assert time.monotonic() - start < 2 * TIMEOUT + 1 + SLACK  # two requests, a second apart
    assert not result and result.cause in causes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024
    TALLIES["abuse"]["answers to check"] += 1


@pytest.mark.parametrize("name", ANSWERS)
def test_command(name, tmp_path):
    parts, causes = ANSWERS[name]
    with Server(parts) as url:
        environment = {
            "KLING_ACCESS_KEY": "0" * 31 + "a",
            "KLING_SECRET_KEY": "0" * 31 + "b",
            "KLING_API_BASE": url,
            "HOME": str(tmp_path),
        }
        start = time.monotonic()
        run = subprocess.run(  # noqa: S603
            [program(), "check", "--json", f"--timeout={timeout_of(causes)}"],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env=environment,
            cwd=tmp_path,
        )
    assert time.monotonic() - start < 2 * TIMEOUT + 1 + SLACK
    assert any(f'"{cause}"' in run.stdout for cause in causes), run.stdout + run.stderr
    assert 0 < run.returncode < 100 and not run.stderr
    TALLIES["abuse"]["answers to the command line"] += 1


# Responses that a client reads completely: the length of a chunked one is not known before.
FOR_CLIENTS = [
    "nothing",
    "no HTTP",
    "a status out of range",
    "10,000 headers",
    "a header of 1 MiB",
    "a body of 100 MiB",
    "cut in the body",
    "a chunk of no size",
    "a deep body",
    "no text",
    "an invalid date",
]


@pytest.mark.parametrize("client", CLIENTS)
def test_clients(client, gate):
    """The client raises or returns the response, and the manager is unchanged."""
    for name in FOR_CLIENTS:
        with Server(ANSWERS[name][0]) as url:
            # One refusal mints a new token, which is the same within the same second.
            clock = itertools.repeat(1_800_000_000).__next__
            auth = KlingAuth(gate.access_key, gate.secret_key, base_url=url, clock=clock)
            token = auth.token
            try:
                status = CLIENTS[client](auth, [Call("GET", f"{url}/v1/videos", {})]).status
                assert status in (401, 70000)
            except (*BROKEN, ValueError) as error:
                assert token not in repr(error)
            assert (auth.token, auth.clock_offset) == (token, 0)
        TALLIES["abuse"]["answers to clients"] += 1


WEBHOOK = ["webhook", "--id=msg_1", "--timestamp=1800000000", "--signature=v1,x"]


@pytest.mark.parametrize("command", [["inspect", "-"], WEBHOOK], ids=lambda command: command[0])
def test_endless_input(command, tmp_path):
    environment = {"KLING_WEBHOOK_SECRET": "whsec_" + "A" * 44, "HOME": str(tmp_path)}
    with open("/dev/zero", "rb") as endless:
        run = subprocess.run(  # noqa: S603
            [program(), *command],
            stdin=endless,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env=environment,
        )
    assert (run.returncode, run.stdout) == (6, "") and run.stderr.startswith("kling-auth: ")
    TALLIES["abuse"]["inputs without end"] += 1

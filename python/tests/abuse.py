"""Helpers: runs a program with its memory measured, and hostile servers."""

import itertools
import json
import socket
import subprocess
import sys
import threading
import time

# The most seconds for a case. Most of it is the start of Python on a busy machine.
LIMIT = 60

PROGRAM = """
import json, os, resource, sys, time
import kling_auth
from kling_auth import KlingAuth, generate_kling_token, inspect, jwt, verdict, verify_webhook

{setup}
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before, start = peak(), time.monotonic()
try:
    outcome = {call}
    outcome = repr(outcome)[:200]
except Exception as error:
    outcome = f"{{type(error).__name__}} {{getattr(error, 'code', '')}}".rstrip()
took = time.monotonic() - start
print(json.dumps([outcome, (peak() - before) // 1024, took]))
"""


def outcome_of(call, setup="", **options):
    """Run a call in its own process, and return outcome, memory (MiB) and time (seconds)."""
    program = PROGRAM.format(call=call, setup=setup)
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=LIMIT, **options
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


class Server:
    """Sends to each connection what a function yields, until the client closes it."""

    def __init__(self, parts):
        self._parts = parts

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection:
            try:
                connection.recv(65536)
                for part in self._parts():
                    connection.sendall(part)
            except OSError:
                return


def slowly(start=b""):
    """Yield a start at once, and then one byte per second, without end."""
    yield start
    while True:
        yield b"x"
        time.sleep(1)


def repeated(start, part, times=1_000_000):
    """Yield a start, and then a part many times: by default, more often than any client reads."""
    yield start
    yield from itertools.repeat(part, times)

"""What the abuse shares: a program that runs by itself with its memory measured, and hostile
servers.
"""

import itertools
import json
import socket
import subprocess
import sys
import threading
import time

# What no case takes, in seconds; most of it is Python's own start on a machine that is busy.
PATIENCE = 60

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
    """Return what a call comes to in a process of its own, its memory (MiB) and time (seconds)."""
    program = PROGRAM.format(call=call, setup=setup)
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, **options
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


class Server:
    """Answers each connection with what a function yields, until the other end hangs up."""

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
    """Yield a start at once, and then a byte a second without end."""
    yield start
    while True:
        yield b"x"
        time.sleep(1)


def repeated(start, part, times=1_000_000):
    """Yield a start, and a part so many times: by default, more often than anybody reads."""
    yield start
    yield from itertools.repeat(part, times)

"""The process of the stand-in, and the requests that control it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sysconfig
import threading
from typing import IO, Any, cast

from .errors import KlingGateError

# A start takes a few milliseconds.
SECONDS = 10


def binary() -> str:
    """Return the path of the program: ``KLING_GATE``, that of this package, or that of ``PATH``."""
    chosen = os.environ.get("KLING_GATE")
    if chosen:
        return chosen
    name = "kling-gate" + (sysconfig.get_config_var("EXE") or "")
    for scheme in (None, f"{os.name}_user"):
        scripts = sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        path = os.path.join(scripts, name)
        if os.path.isfile(path):
            return path
    found = shutil.which("kling-gate")
    if found:
        return found
    raise KlingGateError("the program kling-gate is missing: pip install 'kling-auth[testing]'")


class Process:
    """A running stand-in, which ends with this process."""

    # The address of the last one. The next one takes it again if it is free, so that a program
    # which made its KlingAuth in an earlier test can still be tested.
    _last = "127.0.0.1:0"

    def __init__(self, *options: str) -> None:
        path = binary()
        try:
            self._start(path, Process._last, options)
        except KlingGateError:
            if Process._last == "127.0.0.1:0":
                raise
            self._start(path, "127.0.0.1:0", options)
        self._address = Process._last = self.opening["url"].partition("//")[2]
        self._connect()

    def _start(self, path: str, address: str, options: tuple[str, ...]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603
                [path, "--until-stdin-closes", "--listen", address, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Only the second attempt may say why it fails.
                stderr=None if address.endswith(":0") else subprocess.DEVNULL,
            )
        except OSError as error:
            raise KlingGateError(f"cannot start {path}: {error}") from error
        self.opening = self._read_opening(path)

    def _read_opening(self, path: str) -> dict[str, str]:
        # It would be silent if the path were that of another program.
        watch = threading.Timer(SECONDS, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            return cast(
                "dict[str, str]", json.loads(cast("IO[bytes]", self._process.stdout).readline())
            )
        except ValueError:
            self._process.kill()
            self.stop()
            raise KlingGateError(f"{path} did not start as a stand-in for Kling") from None
        finally:
            watch.cancel()

    def _connect(self) -> None:
        self._pid = os.getpid()
        self._connection = http.client.HTTPConnection(self._address, timeout=SECONDS)
        self._lock = threading.Lock()

    def control(self, method: str, resource: str, value: object = None) -> Any:
        """Read or set a resource of the stand-in."""
        body = None if method == "GET" else json.dumps(value)
        if self._pid != os.getpid():
            # A child process that was forked: the connection is its parent's.
            self._connect()
        with self._lock:
            # The stand-in closes a connection that was idle for 30 seconds.
            attempts = 1 if self._connection.sock is None else 2
            while True:
                attempts -= 1
                try:
                    status, answer = self._exchange(method, resource, body)
                    break
                except (BrokenPipeError, ConnectionResetError) as error:
                    if attempts == 0:
                        raise _no_answer() from error
        if status != 200:
            raise KlingGateError(answer["error"])
        return answer

    def _exchange(self, method: str, resource: str, body: str | None) -> tuple[int, Any]:
        try:
            self._connection.request(method, f"/_gate/{resource}", body)
            response = self._connection.getresponse()
            return response.status, json.loads(response.read())
        except (BrokenPipeError, ConnectionResetError):
            # The next request opens a new connection.
            self._connection.close()
            raise
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise _no_answer() from error

    def stop(self) -> None:
        """End the process, and wait for its end."""
        if hasattr(self, "_connection"):
            self._connection.close()
        cast("IO[bytes]", self._process.stdin).close()
        # Its stdin stays open in a child process that was forked.
        self._process.terminate()
        self._process.wait()
        cast("IO[bytes]", self._process.stdout).close()


def _no_answer() -> KlingGateError:
    return KlingGateError("the stand-in does not answer; was it stopped?")

"""A signed callback, and how a test hands it to the program."""

from __future__ import annotations

import asyncio
import io
import socket
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Iterable, MutableMapping
from urllib.parse import unquote

from .errors import KlingGateError

ASGI = Callable[..., Awaitable[None]]
WSGI = Callable[..., Iterable[bytes]]
# How long an answer may take.
SECONDS = 10


@dataclass(frozen=True)
class Response:
    """The answer to a callback."""

    status: int
    """The HTTP status."""
    body: bytes = field(repr=False)
    """The body."""


@dataclass(frozen=True)
class Callback:
    """A callback about a task, signed as Kling signs it.

    Give ``headers`` and ``body`` to a handler, or to the test client of a web framework.
    """

    task_id: str
    """The task that it reports."""
    headers: dict[str, str]
    """``content-type``, ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``."""
    body: bytes
    """The task as JSON, to the byte that was signed."""

    def post(self, url: str) -> Response:
        """Send it to a URL. An answer may take 10 seconds."""
        request = urllib.request.Request(url, self.body, self.headers)  # noqa: S310
        # Without the proxies of the environment: the server is the test's own.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=SECONDS) as response:
                return Response(response.status, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Response(error.code, error.read())
        except OSError as error:
            if isinstance(getattr(error, "reason", error), socket.timeout):
                raise KlingGateError(
                    f"{url} did not answer within {SECONDS} seconds. "
                    "If its server is in this event loop, use asyncio.to_thread"
                ) from error
            raise

    def wsgi(self, app: WSGI, path: str = "/") -> Response:
        """Call a WSGI application (Flask, Django, …) with it."""
        statuses: list[str] = []

        def start_response(status: str, headers: object, exc_info: object = None) -> object:
            statuses.append(status)
            return written.append

        written: list[bytes] = []
        chunks = app(self._wsgi_environ(path), start_response)
        try:
            body = b"".join([*chunks])
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()
        return Response(int(statuses[-1].split()[0]), b"".join(written) + body)

    def _wsgi_environ(self, path: str) -> dict[str, Any]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path.partition("?")[0], "latin-1"),
            "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        return environ

    def asgi(self, app: ASGI, path: str = "/") -> Response:
        """Call an ASGI application (FastAPI, Starlette, …) with it, in an event loop of its own.

        The application's startup is not run. An answer may take 10 seconds.
        """
        outcome: list[Response | BaseException] = []

        def run() -> None:
            try:
                outcome.append(asyncio.run(self._call(app, path)))
            except BaseException as error:
                outcome.append(error)

        # A test may be in an event loop already.
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(SECONDS)
        if not outcome:
            raise KlingGateError(
                f"the application did not answer within {SECONDS} seconds. If it needs the test's "
                "own event loop, give headers and body to an asynchronous client of its framework"
            )
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    async def _call(self, app: ASGI, path: str) -> Response:
        raw, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"localhost"),
                (b"content-length", str(len(self.body)).encode()),
                *((name.encode(), value.encode()) for name, value in self.headers.items()),
            ],
            "client": ("127.0.0.1", 0),
            "server": ("localhost", 80),
        }
        request = [{"type": "http.request", "body": self.body, "more_body": False}]
        status, chunks = 500, []

        async def receive() -> MutableMapping[str, Any]:
            return request.pop() if request else {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            chunks.append(message.get("body", b""))

        await app(scope, receive, send)
        return Response(status, b"".join(chunks))


@dataclass(frozen=True)
class SentCallback(Callback):
    """A callback that the stand-in sent to a task's ``callback_url`` when the task had ended."""

    url: str
    """The task's ``callback_url``."""
    status: int | None
    """The HTTP status of the answer; ``None`` if it was not sent, or not answered."""

"""The body of a client's response, which stays to be read by the caller."""

from __future__ import annotations

import io

from .errors import ArgumentTypeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from http.client import HTTPResponse
    from typing import Any


def body_of(response: Any) -> bytes:
    """Return the body of a response of requests, httpx, aiohttp or urllib."""
    if hasattr(response, "read") and hasattr(response, "fp"):
        return _of_urllib(response)
    try:
        body = response.content
    except (AttributeError, RuntimeError):
        body = None  # of requests and httpx: not read yet, or read piece by piece
    if not isinstance(body, bytes):
        # aiohttp has a stream there, and the body, once it was read, under a private name.
        body = getattr(response, "_body", None)
    if not isinstance(body, bytes):
        raise _is_needed("is not there yet: `await response.read()` before, or pass it as `body`")
    return body


def read_again(response: HTTPResponse) -> bytes | None:
    """Read the body of a response of urllib, and leave it to be read again.

    ``None`` if it breaks off: whoever reads it again meets that too.
    """
    from http.client import IncompleteRead

    try:
        body, missing = response.read(), 0
    except IncompleteRead as error:
        body, missing = error.partial, error.expected or 1
    response.fp = io.BufferedReader(io.BytesIO(body))
    response.chunked = False
    response.length = len(body) + missing
    return None if missing else body


def _of_urllib(response: Any) -> bytes:
    # An HTTPError stands around the response that it was made of, or around a file.
    if hasattr(response.fp, "isclosed"):
        response = response.fp
    if not hasattr(response, "isclosed"):
        return _of_file(response)
    if response.isclosed() and response.headers.get("Content-Length") != "0":
        raise _is_needed("was read before: pass it as `body`")
    body = read_again(response)
    if body is None:
        raise _is_needed("broke off: there is no envelope to look at")
    return body


def _of_file(file: Any) -> bytes:
    start = file.tell()
    body: bytes = file.read()
    file.seek(start)
    return body


def _is_needed(why: str) -> ArgumentTypeError:
    return ArgumentTypeError(f"the body of this response {why}", "ERR_TYPE")

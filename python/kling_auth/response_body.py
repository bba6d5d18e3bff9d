"""Reads the body of a client's response, and leaves it readable for the caller."""

from __future__ import annotations

from .errors import ArgumentTypeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def body_of(response: Any) -> bytes:
    """Return the body of a response; if it is long, the beginning of it."""
    if hasattr(response, "read") and hasattr(response, "fp"):
        return _of_urllib(response)
    try:
        body = _of_requests(response) if hasattr(response, "raw") else response.content
    except (AttributeError, RuntimeError):
        body = None  # requests and httpx: not read yet, or read as a stream
    if not isinstance(body, bytes):
        # aiohttp has a stream there, and the body in a private attribute once it was read.
        body = getattr(response, "_body", None)
    if not isinstance(body, bytes):
        raise _is_needed(
            f"is not read yet: call `{_reading(response)}` first, or pass it as `body`"
        )
    return body


def _reading(response: Any) -> str:
    """Return the call that reads the body of this response: of aiohttp, or of an httpx stream."""
    if hasattr(response, "aread"):
        is_awaited = hasattr(getattr(response, "stream", None), "__aiter__")
        return "await response.aread()" if is_awaited else "response.read()"
    return "await response.read()"


def _of_requests(response: Any) -> Any:
    from inspect import iscoroutinefunction

    from .adapters.peek import peek_raw

    if iscoroutinefunction(type(response).close):
        # niquests' AsyncSession: the content was read, or has to be awaited.
        body = vars(response).get("_content")
        if not isinstance(body, bytes):
            raise _is_needed("is not read yet: pass `await response.content` as `body`")
        return body
    body = peek_raw(response)
    return response.content if body is None else body  # the client raises its own error


def _of_urllib(response: Any) -> bytes:
    from .adapters.peek import peek

    # An HTTPError wraps the response that it was created from, or a file.
    if hasattr(response.fp, "isclosed"):
        response = response.fp
    if not hasattr(response, "isclosed"):
        return _of_file(response)
    if response.isclosed() and response.headers.get("Content-Length") != "0":
        raise _is_needed("was read already: pass it as `body`")
    body = peek(response)
    if body is None:
        raise _is_needed("is incomplete: it cannot be read")
    return body


def _of_file(file: Any) -> bytes:
    start = file.tell()
    body: bytes = file.read()
    file.seek(start)
    return body


def _is_needed(why: str) -> ArgumentTypeError:
    return ArgumentTypeError(f"the body of this response {why}", "ERR_TYPE")

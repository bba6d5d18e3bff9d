"""The body of a client's response, which stays to be read by the caller."""

from __future__ import annotations

from .errors import ArgumentTypeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def body_of(response: Any) -> bytes:
    """Return the body of a response of a client, or its long start."""
    if hasattr(response, "read") and hasattr(response, "fp"):
        return _of_urllib(response)
    try:
        body = _of_requests(response) if hasattr(response, "raw") else response.content
    except (AttributeError, RuntimeError):
        body = None  # of requests and httpx: not read yet, or read piece by piece
    if not isinstance(body, bytes):
        # aiohttp has a stream there, and the body, once it was read, under a private name.
        body = getattr(response, "_body", None)
    if not isinstance(body, bytes):
        raise _is_needed(
            f"is not read yet: call `{_reading(response)}` first, or pass it as `body`"
        )
    return body


def _reading(response: Any) -> str:
    """Return what reads the body of a response: of aiohttp, or a stream of httpx's."""
    if hasattr(response, "aread"):
        is_awaited = hasattr(getattr(response, "stream", None), "__aiter__")
        return "await response.aread()" if is_awaited else "response.read()"
    return "await response.read()"


def _of_requests(response: Any) -> Any:
    from inspect import iscoroutinefunction

    from .adapters.peek import peek_raw

    if iscoroutinefunction(type(response).close):
        # Of niquests' AsyncSession: its content is there, or has to be awaited.
        body = vars(response).get("_content")
        if not isinstance(body, bytes):
            raise _is_needed("is not read yet: pass `await response.content` as `body`")
        return body
    body = peek_raw(response)
    return response.content if body is None else body  # where it broke off, the client says so


def _of_urllib(response: Any) -> bytes:
    from .adapters.peek import peek

    # An HTTPError stands around the response that it was made of, or around a file.
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

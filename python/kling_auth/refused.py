"""``raise_for_kling``: a refusal as an exception that tells the reason."""

from __future__ import annotations

from ._native import verdict
from .errors import ArgumentTypeError, RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Response = TypeVar("_Response")


def raise_for_kling(response: _Response, body: bytes | str | None = None) -> _Response:
    """Return a response that Kling accepted; of any other, raise a ``RefusedError``.

    Takes a response of requests, httpx, aiohttp, niquests or urllib, and urllib's ``HTTPError``.
    Where the client sent other credentials instead of the bearer, the error says so. Kling may
    refuse with HTTP 200 and a code in the body, so the body is looked at, and stays to be read.
    Where it is not there yet, ``await response.read()`` (aiohttp) or ``response.aread()`` (httpx,
    of a stream) before, or pass it as ``body``.

    >>> import io, urllib.error
    >>> from kling_auth import RefusedError, raise_for_kling
    >>> body = io.BytesIO(b'{"code":1102,"message":"resource pack exhausted"}')
    >>> try:
    ...     raise_for_kling(urllib.error.HTTPError("https://…", 429, "", {}, body))
    ... except RefusedError as error:
    ...     print(error.verdict.cause)
    resource_pack_used_up
    """
    status = _status(response)
    if body is None:
        from .bodies import body_of

        body = body_of(response)
    judged = verdict(status, body, sent=sent_with(response))
    if not judged.is_accepted:
        raise RefusedError(judged, response)
    return response


def sent_with(response: Any) -> str | None:
    """Return the ``Authorization`` with which a request left; ``""`` if it had none, ``None`` if
    that is not known.
    """
    # requests and httpx have the request there, aiohttp what it was made of; urllib has neither.
    for name in ("request", "request_info"):
        try:
            headers = getattr(response, name).headers
        except (AttributeError, RuntimeError):  # of httpx: a response that was made by hand
            continue
        value = headers.get("Authorization") if hasattr(headers, "get") else None
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        return value if isinstance(value, str) else "" if value is None else None
    return None


def _status(response: Any) -> int:
    for name in ("status_code", "status", "code"):
        status = getattr(response, name, None)
        if isinstance(status, int):
            return status
    raise ArgumentTypeError(
        "response must be a response of requests, httpx, aiohttp, niquests or urllib", "ERR_TYPE"
    )

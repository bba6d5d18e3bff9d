"""``raise_for_kling``: raises an exception for a refused response."""

from __future__ import annotations

from ._native import verdict
from .errors import ArgumentTypeError, RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _Response = TypeVar("_Response")


def raise_for_kling(response: _Response, body: bytes | str | None = None) -> _Response:
    """Return a response that Kling accepted, or raise a ``RefusedError`` that says why it did not.

    A refusal may have the HTTP status 200, so the body is read too. It stays readable. If the
    client sent other credentials in place of the token, the error says so.

    Args:
        response: A response of requests, httpx, httpx2, aiohttp, niquests or urllib; an
            ``HTTPError`` of urllib as well.
        body: The raw body, if the client has not read it. Or read it first, with
            ``await response.read()`` (aiohttp) or ``response.read()`` (an httpx stream).

    Raises:
        RefusedError: Kling refused the request. The reason is in its ``verdict``.
        ArgumentTypeError: This is not a response, or its body was not read.

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
        from .response_body import body_of

        body = body_of(response)
    judged = verdict(status, body, sent=sent_with(response))
    if not judged.is_accepted:
        raise RefusedError(judged, response)
    return response


def sent_with(response: Any) -> str | None:
    """Return the ``Authorization`` header that was sent.

    It is ``""`` if the request had none, and ``None`` if that is not known.
    """
    # In requests and httpx it is the request, in aiohttp a description of it. urllib has neither.
    for name in ("request", "request_info"):
        try:
            headers = getattr(response, name).headers
        except (AttributeError, RuntimeError):  # httpx raises if a response has no request
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

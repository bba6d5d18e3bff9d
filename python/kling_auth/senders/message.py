"""Converts a check's request for a client, and the response for the core."""

from __future__ import annotations

from kling_auth._native import MAX_BODY
from kling_auth.adapters.exchange import Authorization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response


def bearer_of(request: Request) -> str:
    """Return the ``Authorization`` header, which error reports do not show."""
    return Authorization(dict(request.headers)["Authorization"])


def others_of(request: Request) -> dict[str, str]:
    """Return the other headers."""
    return {name: value for name, value in request.headers if name != "Authorization"}


def response_of(status: int, headers: Any, body: bytes) -> _Response:
    """Return the parts of a response that the core needs."""
    date, location = (headers.get(name) for name in ("Date", "Location"))
    return status, date, location, body[:MAX_BODY]

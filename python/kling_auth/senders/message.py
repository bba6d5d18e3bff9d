"""A check's request as clients take it, and what comes back as the core takes it."""

from __future__ import annotations

from kling_auth._native import MAX_BODY
from kling_auth.adapters.exchange import Authorization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response


def bearer_of(request: Request) -> str:
    """Return the ``Authorization`` header, which no error report shows."""
    return Authorization(dict(request.headers)["Authorization"])


def others_of(request: Request) -> dict[str, str]:
    """Return the headers but for the bearer."""
    return {name: value for name, value in request.headers if name != "Authorization"}


def answer(status: int, headers: Any, body: bytes) -> _Response:
    """Return what came back, so far as the core looks at it."""
    date, location = (headers.get(name) for name in ("Date", "Location"))
    return status, date, location, body[:MAX_BODY]

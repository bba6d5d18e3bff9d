"""Sends with a ``Session`` of requests or niquests."""

from __future__ import annotations

from kling_auth._native import MAX_BODY
from kling_auth.adapters.exchange import family_of
from kling_auth.failure import Failure, name_of
from kling_auth.timeouts import timeout_of, within

from .message import bearer_of, others_of, response_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response


def send(client: Any, request: Request) -> _Response:
    """Send a request with a session, or raise a ``Failure``."""
    return within(request, lambda: _exchange(client, request))


def _exchange(client: Any, request: Request) -> _Response:
    try:
        with client.get(request.url, **options_of(request)) as response:
            body = bytearray()
            for chunk in response.iter_content(4096):
                body += chunk
                if len(body) >= MAX_BODY:
                    break
            return response_of(response.status_code, response.headers, bytes(body))
    except exceptions_of(client).RequestException as error:
        return response_in(error)


def options_of(request: Request) -> dict[str, Any]:
    """Return the options of a request, besides the URL."""
    authorization = bearer_of(request)

    def sign(prepared: Any) -> Any:
        prepared.headers["Authorization"] = authorization
        return prepared

    return {
        "headers": others_of(request),
        # Replaces the session's own auth and ~/.netrc, and runs after the session's headers.
        "auth": sign,
        "allow_redirects": False,
        "stream": True,
        "timeout": timeout_of(request),
    }


def response_in(error: Any) -> _Response:
    """Return the response of an error that a user's hook raised, or raise a ``Failure``."""
    response = error.response
    if response is None:
        raise Failure(name_of(error)) from None
    content = vars(response).get("_content")
    body = content if isinstance(content, bytes) else b""
    return response_of(response.status_code, response.headers, body)


def exceptions_of(client: Any) -> Any:
    """Return the module with the exceptions of a session."""
    return family_of(client, "requests", "niquests").exceptions

"""By a ``Session`` of requests or niquests."""

from __future__ import annotations

from kling_auth._native import MAX_BODY
from kling_auth.adapters.exchange import family_of
from kling_auth.failure import Failure, name_of
from kling_auth.patience import timeout_of, within

from .message import answer, bearer_of, others_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response


def send(client: Any, request: Request) -> _Response:
    """Send a request by a session, or raise a ``Failure``."""
    return within(request, lambda: _exchange(client, request))


def _exchange(client: Any, request: Request) -> _Response:
    try:
        with client.get(request.url, **options_of(request)) as response:
            body = bytearray()
            for chunk in response.iter_content(4096):
                body += chunk
                if len(body) >= MAX_BODY:
                    break
            return answer(response.status_code, response.headers, bytes(body))
    except exceptions_of(client).RequestException as error:
        return answered_in(error)


def options_of(request: Request) -> dict[str, Any]:
    """Return what a session is told beside the URL."""
    authorization = bearer_of(request)

    def sign(prepared: Any) -> Any:
        prepared.headers["Authorization"] = authorization
        return prepared

    return {
        "headers": others_of(request),
        # In place of the session's own auth and of ~/.netrc, and after the session's headers.
        "auth": sign,
        "allow_redirects": False,
        "stream": True,
        "timeout": timeout_of(request),
    }


def answered_in(error: Any) -> _Response:
    """Return the answer that a hook of the user's made an error of, or raise a ``Failure``."""
    response = error.response
    if response is None:
        raise Failure(name_of(error)) from None
    content = vars(response).get("_content")
    body = content if isinstance(content, bytes) else b""
    return answer(response.status_code, response.headers, body)


def exceptions_of(client: Any) -> Any:
    """Return the module with the errors of a session."""
    return family_of(client, "requests", "niquests").exceptions

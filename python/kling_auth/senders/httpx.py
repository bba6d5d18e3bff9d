"""By a ``Client`` or an ``AsyncClient`` of httpx, or of a fork of it."""

from __future__ import annotations

from kling_auth._native import MAX_BODY
from kling_auth.adapters.exchange import family_of
from kling_auth.adapters.httpx import FAMILY
from kling_auth.failure import Failure, name_of
from kling_auth.loops import awithin
from kling_auth.patience import timeout_of, within

from .message import answer, bearer_of, others_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response

# Without the client's own auth. What follows a redirect is not the check's.
OPTIONS: dict[str, Any] = {"auth": None, "follow_redirects": False, "stream": True}


def send(client: Any, request: Request) -> _Response:
    """Send a request by a client, or raise a ``Failure``."""
    return within(request, lambda: _exchange(client, request))


async def asend(client: Any, request: Request) -> _Response:
    """Send a request by an asynchronous client, or raise a ``Failure``."""
    return await awithin(request, _aexchange(client, request))


def _exchange(client: Any, request: Request) -> _Response:
    try:
        response = client.send(_made(client, request), **OPTIONS)
        try:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) >= MAX_BODY:
                    break
            return answer(response.status_code, response.headers, bytes(body))
        finally:
            response.close()
    except family_of(client, *FAMILY).HTTPError as error:
        return _answered_in(error, client, request)


async def _aexchange(client: Any, request: Request) -> _Response:
    try:
        response = await client.send(_made(client, request), **OPTIONS)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) >= MAX_BODY:
                    break
            return answer(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()
    except family_of(client, *FAMILY).HTTPError as error:
        return _answered_in(error, client, request)


def _made(client: Any, request: Request) -> Any:
    headers = {**others_of(request), "Authorization": bearer_of(request)}
    return client.build_request("GET", request.url, headers=headers, timeout=timeout_of(request))


def _answered_in(error: Any, client: Any, request: Request) -> _Response:
    """Return the answer that a hook of the user's made an error of, or raise a ``Failure``."""
    response = getattr(error, "response", None)
    if response is None:
        raise Failure(name_of(error), _has_proxy(client, request)) from None
    body = vars(response).get("_content", b"")
    return answer(response.status_code, response.headers, body)


def _has_proxy(client: Any, request: Request) -> bool:
    """Say whether a proxy was asked, so far as that can be seen: httpx has no name for it."""
    find = getattr(client, "_transport_for_url", None)
    if find is None:
        return False
    transport = find(family_of(client, *FAMILY).URL(request.url))
    return "Proxy" in type(getattr(transport, "_pool", None)).__name__

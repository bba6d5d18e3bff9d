"""Sends with a ``Client`` or an ``AsyncClient`` of httpx or a fork."""

from __future__ import annotations

from kling_auth._native import MAX_BODY
from kling_auth.adapters.exchange import family_of
from kling_auth.adapters.httpx import FAMILY
from kling_auth.event_loops import awithin
from kling_auth.failure import Failure, name_of
from kling_auth.timeouts import timeout_of, within

from .message import bearer_of, others_of, response_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response

# Without the client's own auth, and without redirects.
OPTIONS: dict[str, Any] = {"auth": None, "follow_redirects": False, "stream": True}


def send(client: Any, request: Request) -> _Response:
    """Send a request with a client, or raise a ``Failure``."""
    return within(request, lambda: _exchange(client, request))


async def asend(client: Any, request: Request) -> _Response:
    """Send a request with an asynchronous client, or raise a ``Failure``."""
    return await awithin(request, _aexchange(client, request))


def _exchange(client: Any, request: Request) -> _Response:
    try:
        response = client.send(_request(client, request), **OPTIONS)
        try:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) >= MAX_BODY:
                    break
            return response_of(response.status_code, response.headers, bytes(body))
        finally:
            response.close()
    except family_of(client, *FAMILY).HTTPError as error:
        return _response_in(error, client, request)


async def _aexchange(client: Any, request: Request) -> _Response:
    try:
        response = await client.send(_request(client, request), **OPTIONS)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) >= MAX_BODY:
                    break
            return response_of(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()
    except family_of(client, *FAMILY).HTTPError as error:
        return _response_in(error, client, request)


def _request(client: Any, request: Request) -> Any:
    headers = {**others_of(request), "Authorization": bearer_of(request)}
    return client.build_request("GET", request.url, headers=headers, timeout=timeout_of(request))


def _response_in(error: Any, client: Any, request: Request) -> _Response:
    """Return the response of an error that a user's hook raised, or raise a ``Failure``."""
    response = getattr(error, "response", None)
    if response is None:
        raise Failure(name_of(error), _has_proxy(client, request)) from None
    body = vars(response).get("_content", b"")
    return response_of(response.status_code, response.headers, body)


def _has_proxy(client: Any, request: Request) -> bool:
    """Say whether a proxy was used, by httpx's internals: there is no public way."""
    find = getattr(client, "_transport_for_url", None)
    if find is None:
        return False
    transport = find(family_of(client, *FAMILY).URL(request.url))
    return "Proxy" in type(getattr(transport, "_pool", None)).__name__

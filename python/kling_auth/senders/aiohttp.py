"""Sends with a ``ClientSession`` of aiohttp 3.12 or later."""

from __future__ import annotations

from asyncio import TimeoutError
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientTimeout

from kling_auth import KlingAuth
from kling_auth._native import MAX_BODY
from kling_auth.event_loops import awithin
from kling_auth.failure import Failure, name_of
from kling_auth.timeouts import timeout_of

from .message import bearer_of, others_of, response_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response


async def asend(client: Any, request: Request) -> _Response:
    """Send a request with a session, or raise a ``Failure``."""
    return await awithin(request, _exchange(client, request))


async def _exchange(client: Any, request: Request) -> _Response:
    authorization = bearer_of(request)

    async def sign(http_request: Any, handler: Any) -> Any:
        http_request.headers["Authorization"] = authorization
        return await handler(http_request)

    # The session's own middlewares still run. The last one signs, so its bearer is sent.
    others = getattr(client, "_middlewares", ())
    middlewares = [*(each for each in others if not isinstance(each, KlingAuth)), sign]
    try:
        async with client.get(
            request.url,
            headers=others_of(request),
            allow_redirects=False,
            raise_for_status=False,
            middlewares=middlewares,
            timeout=ClientTimeout(total=timeout_of(request)),
        ) as response:
            body = bytearray()
            while len(body) < MAX_BODY:
                chunk = await response.content.readany()
                if not chunk:
                    break
                body += chunk
            return response_of(response.status, response.headers, bytes(body))
    except (ClientError, TimeoutError) as error:
        # If the host in the error is not the host of the URL, it is a proxy.
        host = getattr(error, "host", None)
        has_proxy = host is not None and host != urlsplit(request.url).hostname
        raise Failure(name_of(error), has_proxy) from None

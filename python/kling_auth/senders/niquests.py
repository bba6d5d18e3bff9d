"""Sends with an ``AsyncSession`` of niquests."""

from __future__ import annotations

from kling_auth._native import MAX_BODY
from kling_auth.event_loops import awithin

from .message import response_of
from .requests import exceptions_of, options_of, response_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response


async def asend(client: Any, request: Request) -> _Response:
    """Send a request with a session, or raise a ``Failure``."""
    return await awithin(request, _exchange(client, request))


async def _exchange(client: Any, request: Request) -> _Response:
    try:
        response = await client.get(request.url, **options_of(request))
        try:
            body = bytearray()
            async for chunk in await response.iter_content(4096):
                body += chunk
                if len(body) >= MAX_BODY:
                    break
            return response_of(response.status_code, response.headers, bytes(body))
        finally:
            await response.close()
    except exceptions_of(client).RequestException as error:
        return response_in(error)

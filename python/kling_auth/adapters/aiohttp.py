"""aiohttp 3.12 or later: ``ClientSession(middlewares=[auth])``, or the same for one request.

A middleware is called for each hop of a redirect.
"""

from __future__ import annotations

import warnings

from aiohttp import BytesPayload, ClientRequest, ClientResponse

from kling_auth._native import MAX_BODY

from .exchange import UNREAD, attach, is_refusal, is_short, is_worth_awaiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Awaitable, Callable

    from kling_auth import KlingAuth


async def exchange(
    auth: KlingAuth,
    request: ClientRequest,
    handler: Callable[[ClientRequest], Awaitable[ClientResponse]],
) -> ClientResponse:
    """Send a request, and once more if the verdict is ``retry``."""
    attach(auth, request)
    response = await handler(request)
    if await is_worth_sending_again(auth, request, response) and is_in_memory(request):
        attach(auth, request)
        response.release()  # so that the connection is reused, if the whole body was read
        response = await handler(request)
        await is_worth_sending_again(auth, request, response)  # handled, but not sent a third time
    return response


async def is_worth_sending_again(
    auth: KlingAuth, request: ClientRequest, response: ClientResponse
) -> bool:
    """Handle a refusal, and say whether to send the request once more."""
    if not is_refusal(auth, response.url, response.status, response.headers):
        return False
    body = await peek(response) if is_short(response.headers) else UNREAD
    return await is_worth_awaiting(
        auth, request, response.status, response.headers, body, was_attached=True
    )


async def peek(response: ClientResponse) -> bytes | None:
    """Return the body, or more than ``MAX_BODY`` bytes if it is longer; ``None`` if it is cut off.

    The bytes are put back, without the ends of chunks that ``iter_chunks`` shows. An error of the
    stream is raised again when the caller reads it.
    """
    body = bytearray()
    try:
        while len(body) <= MAX_BODY:
            chunk = await response.content.readany()
            if not chunk:
                break
            body += chunk
    except Exception:
        return None
    except BaseException:
        response.close()
        raise
    put_back(response, body)
    if response.content.is_eof() and len(body) <= MAX_BODY:
        await response.read()  # from memory, for callers that do not await it
        put_back(response, body)
    return bytes(body)


def put_back(response: ClientResponse, body: bytearray) -> None:
    """Put a body back, so that it can be read again."""
    with warnings.catch_warnings():
        # Deprecated for years, but aiohttp itself uses it for multipart bodies.
        warnings.simplefilter("ignore", DeprecationWarning)
        response.content.unread_data(bytes(body))


def is_in_memory(request: ClientRequest) -> bool:
    """Say whether the body can be sent again. A stream may be used up, a file be at its end."""
    return not request.body or isinstance(request.body, (bytes, BytesPayload))

"""aiohttp 3.12 or later: ``aiohttp.ClientSession(middlewares=[auth])``, and for one request.

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
    """Send a request, and once more where that helps."""
    attach(auth, request)
    response = await handler(request)
    if await is_worth_sending_again(auth, request, response) and is_in_memory(request):
        attach(auth, request)
        response.release()  # one that came whole leaves its connection to be used again
        response = await handler(request)
        await is_worth_sending_again(auth, request, response)  # observed, and never repeated
    return response


async def is_worth_sending_again(
    auth: KlingAuth, request: ClientRequest, response: ClientResponse
) -> bool:
    """Take in a refusal, and say whether the current bearer may be let in."""
    if not is_refusal(auth, response.url, response.status, response.headers):
        return False
    body = await peek(response) if is_short(response.headers) else UNREAD
    return await is_worth_awaiting(
        auth, request, response.status, response.headers, body, was_attached=True
    )


async def peek(response: ClientResponse) -> bytes | None:
    """Return the body, or more than ``MAX_BODY`` bytes if it is longer; ``None`` if it breaks.

    What is read is put back, without where its chunks ended, which ``iter_chunks`` tells. Whatever
    breaks the stream stays with it, and is raised again.
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
        await response.read()  # from memory: so it is there for those who do not await it
        put_back(response, body)
    return bytes(body)


def put_back(response: ClientResponse, body: bytearray) -> None:
    """Let a body be read from its start again."""
    with warnings.catch_warnings():
        # Deprecated for years, and what aiohttp itself reads the parts of a multipart body by.
        warnings.simplefilter("ignore", DeprecationWarning)
        response.content.unread_data(bytes(body))


def is_in_memory(request: ClientRequest) -> bool:
    """Say whether the body can be sent once more. Others may be used up, or stand at their end."""
    return not request.body or isinstance(request.body, (bytes, BytesPayload))

"""aiohttp 3.12 or later: ``aiohttp.ClientSession(middlewares=[auth])``, and for one request.

A middleware is called for each hop of a redirect.
"""

from __future__ import annotations

from aiohttp import BytesPayload, ClientPayloadError, ClientRequest, ClientResponse

from .exchange import attach, is_refusal, is_short, is_worth_repeating

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
        response = await handler(request)
        await is_worth_sending_again(auth, request, response)  # observed, and never repeated
    return response


async def is_worth_sending_again(
    auth: KlingAuth, request: ClientRequest, response: ClientResponse
) -> bool:
    """Read and take in a refusal, and say whether the current bearer may be let in.

    The body stays in the response. Reading it to its end gives the connection back.
    """
    if not is_refusal(auth, response.url, response.status):
        return False
    try:
        body = await response.read() if is_short(response.headers) else b""
    except ClientPayloadError:
        return False  # whoever reads the body meets it too
    return is_worth_repeating(
        auth, request, response.status, response.headers, body, was_attached=True
    )


def is_in_memory(request: ClientRequest) -> bool:
    """Say whether the body can be sent once more. Others may be used up, or stand at their end."""
    return not request.body or isinstance(request.body, (bytes, BytesPayload))

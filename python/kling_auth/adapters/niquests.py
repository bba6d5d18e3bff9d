"""niquests: hooks for both kinds of session, and asynchronous responses."""

from __future__ import annotations

import asyncio
import inspect

from . import peek_future
from .exchange import UNREAD, is_refusal, is_short, is_worth_awaiting
from .requests import handle, rewind, set_target, signed_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from kling_auth import KlingAuth


def hook_of(auth: KlingAuth, was_attached: bool) -> Callable[..., Any]:
    """Return a hook for both kinds of session. The response shows which kind it is.

    An ``AsyncSession`` awaits a hook that is marked as a coroutine function. A ``Session`` does
    not.
    """

    def hook(response: Any, **kwargs: Any) -> Any:
        if inspect.iscoroutinefunction(type(response).close):
            return ahandle(auth, response, kwargs, was_attached)
        return handle(auth, response, kwargs, was_attached)

    mark(hook)
    return hook


def mark(function: Any) -> None:
    """Mark a function as a coroutine function."""
    if hasattr(inspect, "markcoroutinefunction"):
        inspect.markcoroutinefunction(function)
    else:
        function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]


async def ahandle(
    auth: KlingAuth, response: Any, kwargs: dict[str, Any], was_attached: bool
) -> Any:
    """Handle a response. Return it, or the response to the repeated request."""
    request = response.request
    if await is_worth_sending_again(auth, response, was_attached) and rewind(request):
        response = await send_again(auth, response, kwargs)
        await is_worth_sending_again(
            auth, response, was_attached
        )  # handled, but not sent a third time
    set_target(response, request)
    return response


async def is_worth_sending_again(auth: KlingAuth, response: Any, was_attached: bool) -> bool:
    """Handle a refusal, and say whether to send the request once more."""
    request, status, headers = response.request, response.status_code, response.headers
    if not is_refusal(auth, request.url, status, headers):
        return False
    body = await peek_future.apeek_body(response) if is_short(headers) else UNREAD
    return await is_worth_awaiting(auth, request, status, headers, body, was_attached=was_attached)


async def send_again(auth: KlingAuth, refused: Any, kwargs: dict[str, Any]) -> Any:
    """Send a request once more, as niquests' ``AsyncHTTPDigestAuth`` does."""
    if peek_future.is_whole(refused):
        await refused.content  # so that its connection is reused
    await refused.close()
    request = signed_again(auth, refused)
    response = await refused.connection.send(request, **kwargs)
    response.history.append(refused)
    response.request = request
    return response

"""niquests: its hooks, which its ``AsyncSession`` awaits, and its asynchronous responses."""

from __future__ import annotations

import asyncio
import inspect

from . import peek_future
from .exchange import UNREAD, is_refusal, is_short, is_worth_awaiting
from .requests import judge, rewind, signed_again, tell_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from kling_auth import KlingAuth


def hook_of(auth: KlingAuth, was_attached: bool) -> Callable[..., Any]:
    """Return a hook for either kind of session: which it is, the response tells.

    An ``AsyncSession`` awaits what is marked as a coroutine function; a ``Session`` does not ask.
    """

    def hook(response: Any, **kwargs: Any) -> Any:
        if inspect.iscoroutinefunction(type(response).close):
            return ajudge(auth, response, kwargs, was_attached)
        return judge(auth, response, kwargs, was_attached)

    mark(hook)
    return hook


def mark(function: Any) -> None:
    """Mark a function that returns a coroutine as what it is."""
    if hasattr(inspect, "markcoroutinefunction"):
        inspect.markcoroutinefunction(function)
    else:
        function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]


async def ajudge(auth: KlingAuth, response: Any, kwargs: dict[str, Any], was_attached: bool) -> Any:
    """Take in a response; return it, or that to the repeated request."""
    request = response.request
    if await is_worth_sending_again(auth, response, was_attached) and rewind(request):
        response = await send_again(auth, response, kwargs)
        await is_worth_sending_again(auth, response, was_attached)  # observed, and never repeated
    tell_target(response, request)
    return response


async def is_worth_sending_again(auth: KlingAuth, response: Any, was_attached: bool) -> bool:
    """Look at and take in a refusal, and say whether the current bearer may be let in."""
    request, status, headers = response.request, response.status_code, response.headers
    if not is_refusal(auth, request.url, status, headers):
        return False
    body = await peek_future.apeek_body(response) if is_short(headers) else UNREAD
    return await is_worth_awaiting(auth, request, status, headers, body, was_attached=was_attached)


async def send_again(auth: KlingAuth, refused: Any, kwargs: dict[str, Any]) -> Any:
    """Send a request once more, in the manner of niquests' own ``AsyncHTTPDigestAuth``."""
    if peek_future.is_whole(refused):
        await refused.content  # so its connection is used again
    await refused.close()
    request = signed_again(auth, refused)
    response = await refused.connection.send(request, **kwargs)
    response.history.append(refused)
    response.request = request
    return response

"""httpx and its forks: ``httpx2.Client(auth=auth)``, ``httpx2.AsyncClient(auth=auth)``, and for one
request.

They give responses to a subclass of their own ``Auth`` alone; a function never sees them. One
adapter serves them all, also beside one another in a process: what is of a client is asked of
the module that its request is from.
"""

from __future__ import annotations

import sys

from .exchange import (
    UNREAD,
    attach,
    family_of,
    is_refusal,
    is_short,
    is_whole,
    is_worth_awaiting,
    is_worth_repeating,
)
from .httpx_body import adrop, apeek, drop, peek
from .httpx_guard import AsyncGuard, Guard, guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncGenerator, Generator

    import httpx

    from kling_auth import KlingAuth

# The client, the fork that is maintained, and another one; each has the same names.
FAMILY = ("httpx", "httpx2", "httpxyz")
# What their requests have, and those of no other client.
ATTRIBUTES = ("url", "headers", "stream", "extensions")


def sync_auth_flow(
    auth: KlingAuth, request: httpx.Request
) -> Generator[httpx.Request, httpx.Response, None]:
    """Yield the request, and once more where that helps."""
    was_attached = attach(auth, request)
    guard(request, Guard(auth))
    response = yield request
    if is_kling(auth, response):
        body = peek(response) if is_short(response.headers) else UNREAD
        if handle_response(auth, response, body, was_attached) and is_in_memory(response.request):
            attach(auth, response.request)
            if not is_whole(body):
                drop(response)
            response = yield response.request
            if is_kling(auth, response):
                body = peek(response) if is_short(response.headers) else UNREAD
                handle_response(auth, response, body, was_attached)


async def async_auth_flow(
    auth: KlingAuth, request: httpx.Request
) -> AsyncGenerator[httpx.Request, httpx.Response]:
    """Yield the request, and once more where that helps."""
    was_attached = attach(auth, request)
    guard(request, AsyncGuard(auth))
    response = yield request
    if is_kling(auth, response):
        body = await apeek(response) if is_short(response.headers) else UNREAD
        if await ahandle_response(auth, response, body, was_attached) and is_in_memory(
            response.request
        ):
            attach(auth, response.request)
            if not is_whole(body):
                await adrop(response)
            response = yield response.request
            if is_kling(auth, response):
                body = await apeek(response) if is_short(response.headers) else UNREAD
                await ahandle_response(auth, response, body, was_attached)


def is_kling(auth: KlingAuth, response: httpx.Response) -> bool:
    """Say whether a response is a refusal of Kling's."""
    return is_refusal(auth, response.url, response.status_code, response.headers)


def handle_response(
    auth: KlingAuth, response: httpx.Response, body: bytes | None, was_attached: bool
) -> bool:
    """Take in a refusal, and say whether the current bearer may be let in.

    After redirects it is the last request that was refused: those before it were answered, and
    must not be made again.
    """
    request, status, headers = response.request, response.status_code, response.headers
    return is_worth_repeating(auth, request, status, headers, body, was_attached=was_attached)


async def ahandle_response(
    auth: KlingAuth, response: httpx.Response, body: bytes | None, was_attached: bool
) -> bool:
    """Do the same for an ``AsyncClient``."""
    request, status, headers = response.request, response.status_code, response.headers
    return await is_worth_awaiting(auth, request, status, headers, body, was_attached=was_attached)


def is_in_memory(request: httpx.Request) -> bool:
    """Say whether the body can be sent once more.

    Only a ``ByteStream`` is whole in memory. A generator is used up, and a file stands at its end:
    httpx would send it as an empty body.
    """
    return isinstance(request.stream, family_of(request, *FAMILY).ByteStream)


class _Unannounced:
    """Keeps the classes of users from being told of a subclass that is none of theirs."""

    def __init_subclass__(cls) -> None:
        pass


_also_auth: dict[tuple[type, ...], type] = {}


def also_auth(cls: type) -> type:
    """Return a subclass of ``cls`` that is an ``Auth`` of each client here, by the same name.

    No object is made of it. ``KlingAuth`` names it as its ``__class__``, which ``isinstance``
    believes beside the type: so it need not derive from their classes, and they need not be there.
    """
    modules = [sys.modules[name] for name in FAMILY if sys.modules.get(name) is not None]
    # One module may be here by two names, or be on its way in and not have its names yet.
    found: Any = dict.fromkeys(getattr(module, "Auth", None) for module in modules)
    auths = tuple(auth for auth in found if auth is not None)
    if not auths:
        return cls
    bases = (cls, *auths)
    if bases not in _also_auth:
        names = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
        _also_auth[bases] = type(cls)(cls.__name__, (_Unannounced, *bases), names)
    return _also_auth[bases]

"""httpx and its forks: ``Client(auth=auth)``, ``AsyncClient(auth=auth)``, or for one request.

They pass responses only to a subclass of their own ``Auth``. One adapter serves httpx and its
forks, also in the same process: it gets their classes from the module of the request.
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

# httpx, the maintained fork, and another fork. All have the same names.
FAMILY = ("httpx", "httpx2", "httpxyz")
# Attributes that only their requests have.
ATTRIBUTES = ("url", "headers", "stream", "extensions")


def sync_auth_flow(
    auth: KlingAuth, request: httpx.Request
) -> Generator[httpx.Request, httpx.Response, None]:
    """Yield the request, and once more if the verdict is ``retry``."""
    was_attached = attach(auth, request)
    guard(request, Guard(auth))
    response = yield request
    if may_be_refusal(auth, response):
        body = peek(response) if is_short(response.headers) else UNREAD
        if handle_response(auth, response, body, was_attached) and is_in_memory(response.request):
            attach(auth, response.request)
            if not is_whole(body):
                drop(response)
            response = yield response.request
            if may_be_refusal(auth, response):
                body = peek(response) if is_short(response.headers) else UNREAD
                handle_response(auth, response, body, was_attached)


async def async_auth_flow(
    auth: KlingAuth, request: httpx.Request
) -> AsyncGenerator[httpx.Request, httpx.Response]:
    """Yield the request, and once more if the verdict is ``retry``."""
    was_attached = attach(auth, request)
    guard(request, AsyncGuard(auth))
    response = yield request
    if may_be_refusal(auth, response):
        body = await apeek(response) if is_short(response.headers) else UNREAD
        if await ahandle_response(auth, response, body, was_attached) and is_in_memory(
            response.request
        ):
            attach(auth, response.request)
            if not is_whole(body):
                await adrop(response)
            response = yield response.request
            if may_be_refusal(auth, response):
                body = await apeek(response) if is_short(response.headers) else UNREAD
                await ahandle_response(auth, response, body, was_attached)


def may_be_refusal(auth: KlingAuth, response: httpx.Response) -> bool:
    """Say whether a response may be a refusal by Kling."""
    return is_refusal(auth, response.url, response.status_code, response.headers)


def handle_response(
    auth: KlingAuth, response: httpx.Response, body: bytes | None, was_attached: bool
) -> bool:
    """Handle a refusal, and say whether to send the request once more.

    After redirects, only the last request was refused. The earlier ones must not be repeated.
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
    """Say whether the body can be sent again.

    Only a ``ByteStream`` is in memory. A generator is used up, and a file is at its end: httpx
    would send an empty body.
    """
    return isinstance(request.stream, family_of(request, *FAMILY).ByteStream)


class _HiddenSubclass:
    """Hides the new subclass from ``__init_subclass__`` of a user's class."""

    def __init_subclass__(cls) -> None:
        pass


_also_auth: dict[tuple[type, ...], type] = {}


def also_auth(cls: type) -> type:
    """Return a subclass of ``cls`` that is also an ``Auth`` of each imported client.

    It has no instances. ``KlingAuth.__class__`` returns it, so that ``isinstance`` is true although
    ``KlingAuth`` does not derive from these classes. So the clients need not be installed.
    """
    modules = [sys.modules[name] for name in FAMILY if sys.modules.get(name) is not None]
    # A module may have two names, or be partly imported and have no ``Auth`` yet.
    found: Any = dict.fromkeys(getattr(module, "Auth", None) for module in modules)
    auths = tuple(auth for auth in found if auth is not None)
    if not auths:
        return cls
    bases = (cls, *auths)
    if bases not in _also_auth:
        names = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
        _also_auth[bases] = type(cls)(cls.__name__, (_HiddenSubclass, *bases), names)
    return _also_auth[bases]

"""httpx: ``httpx.Client(auth=auth)``, ``httpx.AsyncClient(auth=auth)``, and for one request.

httpx gives responses to a subclass of ``httpx.Auth`` alone; a function never sees them.
"""

from __future__ import annotations

import httpx

from .exchange import UNREAD, attach, is_refusal, is_short, is_whole, is_worth_repeating
from .httpx_body import adrop, apeek, drop, peek

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AsyncGenerator, Generator

    from kling_auth import KlingAuth


def sync_auth_flow(
    auth: KlingAuth, request: httpx.Request
) -> Generator[httpx.Request, httpx.Response, None]:
    """Yield the request, and once more where that helps."""
    was_attached = attach(auth, request)
    response = yield request
    if is_kling(auth, response):
        body = peek(response) if is_short(response.headers) else UNREAD
        if repeats(auth, response, body, was_attached):
            if not is_whole(body):
                drop(response)
            response = yield response.request
            if is_kling(auth, response):
                body = peek(response) if is_short(response.headers) else UNREAD
                observe(auth, response, body, was_attached)


async def async_auth_flow(
    auth: KlingAuth, request: httpx.Request
) -> AsyncGenerator[httpx.Request, httpx.Response]:
    """Yield the request, and once more where that helps."""
    was_attached = attach(auth, request)
    response = yield request
    if is_kling(auth, response):
        body = await apeek(response) if is_short(response.headers) else UNREAD
        if repeats(auth, response, body, was_attached):
            if not is_whole(body):
                await adrop(response)
            response = yield response.request
            if is_kling(auth, response):
                body = await apeek(response) if is_short(response.headers) else UNREAD
                observe(auth, response, body, was_attached)


def is_kling(auth: KlingAuth, response: httpx.Response) -> bool:
    """Say whether a response is a refusal of Kling's."""
    return is_refusal(auth, response.url, response.status_code)


def observe(
    auth: KlingAuth, response: httpx.Response, body: bytes | None, was_attached: bool
) -> bool:
    """Take in a refusal, and say whether the current bearer may be let in."""
    request, status, headers = response.request, response.status_code, response.headers
    return is_worth_repeating(auth, request, status, headers, body, was_attached=was_attached)


def repeats(
    auth: KlingAuth, response: httpx.Response, body: bytes | None, was_attached: bool
) -> bool:
    """Take in a refusal, and make its request ready to be sent once more, if that helps.

    After redirects it is the last request that was refused: those before it were answered, and
    must not be made again. Only ``httpx.ByteStream`` is whole in memory. A generator is used up,
    and a file stands at its end: httpx would send it as an empty body.
    """
    request = response.request
    is_in_memory = isinstance(request.stream, httpx.ByteStream)
    if not observe(auth, response, body, was_attached) or not is_in_memory:
        return False
    attach(auth, request)
    return True


class _Unannounced:
    """Keeps the classes of users from being told of a subclass that is none of theirs."""

    def __init_subclass__(cls) -> None:
        pass


_also_auth: dict[type, type] = {}


def also_auth(cls: type) -> type:
    """Return a subclass of ``cls`` that is an ``httpx.Auth`` as well, by the same name.

    No object is made of it. ``KlingAuth`` names it as its ``__class__``, which ``isinstance``
    believes beside the type: so it need not derive from ``httpx.Auth``, and httpx not be there.
    """
    if cls not in _also_auth:
        names = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
        _also_auth[cls] = type(cls)(cls.__name__, (_Unannounced, cls, httpx.Auth), names)
    return _also_auth[cls]

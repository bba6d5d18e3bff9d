"""``check`` and ``acheck``: ask Kling whether the credentials are valid."""

from __future__ import annotations

from ._native import Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable

    from ._native import CheckResult, Request, _Response
    from .auth import KlingAuth


def check(
    auth: KlingAuth,
    *,
    client: object = None,
    timeout: float = 10,
    regions: bool | str = False,
    path: str | None = None,
) -> CheckResult:
    """Ask Kling whether the credentials are valid and, if not, what is wrong.

    This sends one ``GET``, which costs nothing, and a second one a second later if the clock is
    wrong. The result is true if Kling accepted the credentials. If not, ``cause`` and ``remedy``
    say what is wrong: the secret key, the region, the clock or the network. ``auth`` is not
    changed.

    Args:
        auth: The object whose credentials are checked.
        client: Your own client, for its proxy, certificates and mocks: a ``Session`` of requests or
            niquests, a ``Client`` of httpx2, httpx or httpxyz, or an opener of ``urllib.request``.
            The client's own auth is not used. Default: urllib.
        timeout: Seconds for each request, from DNS to the end of the body.
        regions: ``True`` to ask the host of the other region too, if this one does not know the
            key; or the base URL of a host to ask. Both hosts see the credentials.
        path: A path below the base URL, to ask in place of Kling's list of tasks: for relays that
            do not have the list. It begins with ``/``.

    Raises:
        ArgumentTypeError: An argument has the wrong type, or ``timeout`` or ``path`` is invalid.
        ArgumentError: ``regions`` is not a base URL.

    >>> from kling_auth import KlingAuth, check
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> result = check(KlingAuth(*keys, base_url="http://127.0.0.1:9"))  # connection refused
    >>> bool(result), result.cause
    (False, 'connection')
    """
    import time

    from .failure import Failure

    probe = Probe(auth, timeout, regions, path)
    send = _sender_of(client)
    while True:
        request = probe.request()
        time.sleep(request.wait)
        try:
            response = send(request)
        except Failure as failure:
            return probe.fail(failure.name, failure.has_proxy)
        result = probe.take(response)
        if result is not None:
            return result


async def acheck(
    auth: KlingAuth,
    *,
    client: object = None,
    timeout: float = 10,
    regions: bool | str = False,
    path: str | None = None,
) -> CheckResult:
    """Ask Kling whether the credentials are valid, as ``check`` does, without blocking.

    It runs in an event loop of asyncio or trio.

    Args:
        auth: The object whose credentials are checked.
        client: Your own client: an ``AsyncClient`` of httpx2, httpx or httpxyz, a ``ClientSession``
            of aiohttp, or an ``AsyncSession`` of niquests. Default: urllib, in a thread.
        timeout: Seconds for each request, from DNS to the end of the body.
        regions: ``True`` to ask the host of the other region too, if this one does not know the
            key; or the base URL of a host to ask. Both hosts see the credentials.
        path: A path below the base URL, to ask in place of Kling's list of tasks.

    Raises:
        ArgumentTypeError: An argument has the wrong type, or ``timeout`` or ``path`` is invalid.
        ArgumentError: ``regions`` is not a base URL.

    >>> import asyncio
    >>> from kling_auth import KlingAuth, acheck
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> auth = KlingAuth(*keys, base_url="http://127.0.0.1:9")  # connection refused
    >>> asyncio.run(acheck(auth)).cause
    'connection'
    """
    from .event_loops import asleep
    from .failure import Failure

    probe = Probe(auth, timeout, regions, path)
    send = _asender_of(client)
    while True:
        request = probe.request()
        await asleep(request.wait)
        try:
            response = await send(request)
        except Failure as failure:
            return probe.fail(failure.name, failure.has_proxy)
        result = probe.take(response)
        if result is not None:
            return result


def _sender_of(client: Any) -> Callable[[Request], _Response]:
    if client is None:
        from .client import send

        return send
    from .senders import sender_of

    sender = sender_of(client)
    return lambda request: sender(client, request)


def _asender_of(client: Any) -> Callable[[Request], Awaitable[_Response]]:
    if client is None:
        from .client import send
        from .event_loops import in_thread

        return lambda request: in_thread(lambda: send(request))
    from .senders import asender_of

    sender = asender_of(client)
    return lambda request: sender(client, request)

"""``check``: whether a credential is right and, if not, why. The guide's step 3."""

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
    """Ask Kling whether a credential is right and, if not, why.

    Sends one ``GET``, which costs nothing, and a second one a second later if the clock is wrong.
    ``client`` is who sends: your own ``Session`` of requests or niquests, ``Client`` of httpx,
    httpx2 or httpxyz, or opener of ``urllib.request``, with its proxy, certificates and mocks; its
    own auth is left out. ``timeout`` is in seconds, for each. ``regions=True`` asks the other
    region's host as well where this one does not know the key, and a base URL asks that host: it
    shows the credential to both. ``path`` is asked in place of Kling's list of tasks; it begins
    with ``/`` and stands below the base URL, for relays that do not have the list. ``auth`` itself
    is left as it is.

    The result is true if Kling took the credential; ``result.cause`` and ``result.remedy`` tell
    what is wrong: the secret key, the region, the clock, the network. ``result.warning`` tells what
    a valid credential cannot do all the same.

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
    """Do as ``check`` does, in an event loop, which goes on meanwhile.

    ``client`` is an ``AsyncClient`` of httpx, httpx2 or httpxyz, a ``ClientSession`` of aiohttp or
    an ``AsyncSession`` of niquests. Without it, a thread asks. All else is as for ``check``.

    >>> import asyncio
    >>> from kling_auth import KlingAuth, acheck
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> auth = KlingAuth(*keys, base_url="http://127.0.0.1:9")  # connection refused
    >>> asyncio.run(acheck(auth)).cause
    'connection'
    """
    from .failure import Failure
    from .loops import asleep

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
        from .loops import in_thread

        return lambda request: in_thread(lambda: send(request))
    from .senders import asender_of

    sender = asender_of(client)
    return lambda request: sender(client, request)

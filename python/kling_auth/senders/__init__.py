"""Sends a check's requests with the user's own client, with its proxy, certificates and mocks.

The request carries the bearer that is checked, whatever auth the client has. No redirect is
followed.
"""

from __future__ import annotations

from importlib import import_module

from kling_auth.errors import ArgumentTypeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The classes of clients, and the module here that sends with each.
SYNCHRONOUS = {
    ("requests", "Session"): "requests",
    ("niquests", "Session"): "requests",
    ("httpx", "Client"): "httpx",
    ("httpx2", "Client"): "httpx",
    ("httpxyz", "Client"): "httpx",
    ("urllib", "OpenerDirector"): "urllib",
}
ASYNCHRONOUS = {
    ("niquests", "AsyncSession"): "niquests",
    ("httpx", "AsyncClient"): "httpx",
    ("httpx2", "AsyncClient"): "httpx",
    ("httpxyz", "AsyncClient"): "httpx",
    ("aiohttp", "ClientSession"): "aiohttp",
}


def sender_of(client: Any) -> Any:
    """Return the function that sends a request with a client."""
    kind = _kind_of(client)
    if kind in SYNCHRONOUS:
        return import_module(f"{__name__}.{SYNCHRONOUS[kind]}").send
    if kind in ASYNCHRONOUS:
        raise _refused("a synchronous client: pass this one to `await acheck(…)`")
    raise _refused(
        "a Session of requests or niquests, a Client of httpx, httpx2 or httpxyz, or an opener of "
        "urllib.request"
    )


def asender_of(client: Any) -> Any:
    """Return the function that sends a request with an asynchronous client."""
    kind = _kind_of(client)
    if kind in ASYNCHRONOUS:
        return import_module(f"{__name__}.{ASYNCHRONOUS[kind]}").asend
    if kind in SYNCHRONOUS:
        raise _refused("an asynchronous client: pass this one to `check(…)`")
    raise _refused(
        "an AsyncClient of httpx, httpx2 or httpxyz, a ClientSession of aiohttp, or an "
        "AsyncSession of niquests"
    )


def _kind_of(client: Any) -> tuple[str, str]:
    """Return package and name of a client's class, or of the known class that it derives from."""
    kinds = ((cls.__module__.partition(".")[0], cls.__name__) for cls in type(client).__mro__)
    known = (kind for kind in kinds if kind in SYNCHRONOUS or kind in ASYNCHRONOUS)
    return next(known, ("", ""))


def _refused(expected: str) -> ArgumentTypeError:
    return ArgumentTypeError(f"client must be {expected}", "ERR_TYPE")

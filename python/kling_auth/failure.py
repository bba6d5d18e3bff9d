"""Why there was no answer to a check's request, by the names that the core has for it."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator


class Failure(Exception):
    """There was no answer; ``name`` says why, as the core calls it."""

    def __init__(self, name: str, has_proxy: bool = False) -> None:
        """Take the name: ``dns``, ``tls``, ``timeout`` and so on, and whether a proxy was asked."""
        super().__init__(name)
        self.name = name
        self.has_proxy = has_proxy


def name_of(error: BaseException) -> str:
    """Return the name of what an HTTP client raised.

    Clients put what the system said into errors of their own, and those into others. The innermost
    is the most exact, but for a proxy, which only the client knows of.
    """
    chain = list(_chain(error))
    if any(_is_of_proxy(link) for link in chain):
        return "proxy"
    for kinds, name in _NAMES:
        if any(isinstance(link, kinds) for link in chain):
            return name
    if any(getattr(link, "errno", None) in _UNREACHABLE for link in chain):
        return "unreachable"
    for marks, name in _MARKS:
        if any(mark in type(link).__name__ for link in chain for mark in marks):
            return name
    return "other"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, and those that it was made of."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop(0)
        # A client that sends once more hangs each failure on the one before.
        if not isinstance(link, BaseException) or link in seen or len(seen) == _MOST_LINKS:
            continue
        seen.append(link)
        yield link
        waiting += [getattr(link, "reason", None), link.__cause__, link.__context__]
        waiting += [*link.args, *getattr(link, "exceptions", ())]


def _is_of_proxy(link: BaseException) -> bool:
    is_so_called = "Proxy" in type(link).__name__
    return is_so_called or str(link).startswith("Tunnel connection failed")


_MOST_LINKS = 50

_NAMES = (
    (socket.gaierror, "dns"),
    (ssl.SSLError, "tls"),
    ((TimeoutError, socket.timeout), "timeout"),
    (ConnectionRefusedError, "refused"),
    ((ConnectionError, http.client.IncompleteRead), "cut"),
)

# What the classes of clients are called where the system said nothing.
_MARKS = (
    (("NameResolution", "DNS"), "dns"),
    (("SSL", "Certificate"), "tls"),
    (("Timeout",), "timeout"),
    (("Protocol", "Disconnected", "Payload", "Chunked", "Incomplete", "Read", "Decod"), "cut"),
)

_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)

"""Why a check's request got no response, by the core's names."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator


class Failure(Exception):
    """There was no response; ``name`` is the core's name for the reason."""

    def __init__(self, name: str, has_proxy: bool = False) -> None:
        """``name`` is ``dns``, ``tls``, ``timeout`` and so on; ``has_proxy``: a proxy was used."""
        super().__init__(name)
        self.name = name
        self.has_proxy = has_proxy


def name_of(error: BaseException) -> str:
    """Return the name for an exception of an HTTP client.

    Clients wrap the system's errors in errors of their own. The innermost error is the most exact,
    except for a proxy, which only the client knows about.
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
    """Yield an error and the errors that it wraps."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop(0)
        # A client that retries may chain many failures.
        if not isinstance(link, BaseException) or link in seen or len(seen) == _MOST_LINKS:
            continue
        seen.append(link)
        yield link
        waiting += [getattr(link, "reason", None), link.__cause__, link.__context__]
        waiting += [*link.args, *getattr(link, "exceptions", ())]


def _is_of_proxy(link: BaseException) -> bool:
    return "Proxy" in type(link).__name__ or str(link).startswith("Tunnel connection failed")


_MOST_LINKS = 50

_NAMES = (
    (socket.gaierror, "dns"),
    (ssl.SSLError, "tls"),
    ((TimeoutError, socket.timeout), "timeout"),
    (ConnectionRefusedError, "refused"),
    ((ConnectionError, http.client.IncompleteRead), "cut"),
)

# Parts of the names of clients' errors, if there is no system error.
_MARKS = (
    (("NameResolution", "DNS"), "dns"),
    (("SSL", "Certificate"), "tls"),
    (("Timeout",), "timeout"),
    (("Protocol", "Disconnected", "Payload", "Chunked", "Incomplete", "Read", "Decod"), "cut"),
)

_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)

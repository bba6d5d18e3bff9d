"""Sends one request of a check's: all of it bounded in time, every failure by its name.

By urllib, which is always there: proxies are those of the environment or the system, certificates
those that Python trusts. No redirect is followed, since the bearer must not travel.
"""

from __future__ import annotations

import errno
import http.client
import queue
import socket
import ssl
import threading
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    getproxies,
    proxy_bypass,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple, Union

    _Response = Tuple[int, Union[str, None], Union[str, None], bytes]

# As much of a body as is looked at, in bytes.
MAX_BODY = 64 * 1024


class Failure(Exception):
    """There was no answer; ``name`` says why, as the core calls it."""

    def __init__(self, name: str) -> None:
        """Take the name: ``dns``, ``tls``, ``timeout`` and so on."""
        super().__init__(name)
        self.name = name


def send(url: str, headers: list[tuple[str, str]], timeout: float) -> _Response:
    """Send a request, and return status, ``Date``, ``Location`` and body, or raise a ``Failure``.

    ``timeout`` bounds all of it, in seconds. A thread does it, since a name's lookup cannot be
    bounded otherwise; when the time is over it is left to itself.
    """
    outcome: queue.Queue[_Response | Failure] = queue.Queue(1)

    def work() -> None:
        outcome.put(_exchange(url, headers, timeout))

    threading.Thread(target=work, daemon=True).start()
    try:
        result = outcome.get(timeout=timeout)
    except queue.Empty:
        raise Failure("timeout") from None
    if isinstance(result, Failure):
        raise result
    return result


def _exchange(url: str, headers: list[tuple[str, str]], timeout: float) -> _Response | Failure:
    proxies = _proxies(url)
    opener = OpenerDirector()
    # Without those that follow redirects, or make exceptions of answers.
    for handler in (ProxyHandler(proxies), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    try:
        request = Request(url, headers=dict(headers))  # noqa: S310
        with opener.open(request, timeout=timeout) as response:
            body = response.read(MAX_BODY)
            if response.length and len(body) < MAX_BODY:
                return Failure("cut")
            date, location = (response.headers.get(name) for name in ("Date", "Location"))
            return response.status, date, location, body
    except Exception as error:
        return Failure(_with_proxy(error) if proxies else _direct(error))


def _proxies(url: str) -> dict[str, str]:
    """Return the proxy for a URL, by its scheme; empty if there is to be none."""
    parts = urlsplit(url)
    known = getproxies()
    proxy = known.get(parts.scheme) or known.get("all")
    return {parts.scheme: proxy} if proxy and not proxy_bypass(parts.netloc) else {}


def _with_proxy(error: Exception) -> str:
    """Name a failure where it is the proxy that is looked up and connected to."""
    name = _direct(error)
    return "proxy" if name in ("dns", "refused", "unreachable", "other") else name


def _direct(error: BaseException) -> str:
    if isinstance(error, URLError) and isinstance(error.reason, BaseException):
        return _direct(error.reason)
    for kinds, name in _NAMES:
        if isinstance(error, kinds):
            return name
    return "unreachable" if getattr(error, "errno", None) in _UNREACHABLE else "other"


_NAMES = (
    (socket.gaierror, "dns"),
    (ssl.SSLError, "tls"),
    ((TimeoutError, socket.timeout), "timeout"),
    (ConnectionRefusedError, "refused"),
    ((ConnectionError, http.client.IncompleteRead), "cut"),
)

_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)

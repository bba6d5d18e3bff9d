"""Sends one request of a check's: all of it bounded in time, every failure by its name.

By urllib, which is always there, with the certificates that Python trusts. The core says which
proxy is asked. No redirect is followed, since the bearer must not travel.
"""

from __future__ import annotations

import errno
import http.client
import queue
import socket
import ssl
import threading
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler
from urllib.request import Request as _UrllibRequest

from ._native import MAX_BODY, proxy_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple, Union

    from ._native import Request

    _Response = Tuple[int, Union[str, None], Union[str, None], bytes]


class Failure(Exception):
    """There was no answer; ``name`` says why, as the core calls it."""

    def __init__(self, name: str, has_proxy: bool = False) -> None:
        """Take the name: ``dns``, ``tls``, ``timeout`` and so on, and whether a proxy was asked."""
        super().__init__(name)
        self.name = name
        self.has_proxy = has_proxy


def send(request: Request) -> _Response:
    """Send a request, and return status, ``Date``, ``Location`` and body, or raise a ``Failure``.

    Its timeout bounds all of it. A thread does it, since a name's lookup cannot be bounded
    otherwise; when the time is over it is left to itself.
    """
    outcome: queue.Queue[_Response | Failure] = queue.Queue(1)

    def work() -> None:
        outcome.put(_exchange(request))

    threading.Thread(target=work, daemon=True).start()
    try:
        result = outcome.get(timeout=timeout_of(request))
    except queue.Empty:
        raise Failure("timeout") from None
    if isinstance(result, Failure):
        raise result
    return result


def timeout_of(request: Request) -> float:
    """Return the timeout, or as much of it as sockets and threads can wait for: some 24 days."""
    return min(request.timeout, _MAX_TIMEOUT)


def _exchange(request: Request) -> _Response | Failure:
    proxy = proxy_for(request.url)
    if proxy is False:
        return Failure("proxy")
    opener = OpenerDirector()
    # Without those that follow redirects, or make exceptions of answers.
    for handler in (ProxyHandler(_proxies(request.url, proxy)), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    try:
        http_request = _UrllibRequest(request.url, headers=dict(request.headers))  # noqa: S310
        with opener.open(http_request, timeout=timeout_of(request)) as response:
            body = response.read(MAX_BODY)
            if response.length and len(body) < MAX_BODY:
                return Failure("cut")
            date, location = (response.headers.get(name) for name in ("Date", "Location"))
            return response.status, date, location, body
    except Exception as error:
        return Failure(_name(error), proxy is not None)


def _proxies(url: str, proxy: tuple[str, str, str | None, str | None] | None) -> dict[str, str]:
    """Return the proxy for a URL as urllib takes it."""
    if proxy is None:
        return {}
    scheme, host, username, password = proxy
    user = "" if username is None else f"{quote(username, '')}:{quote(password or '', '')}@"
    return {urlsplit(url).scheme: f"{scheme}://{user}{host}"}


def _name(error: BaseException) -> str:
    if isinstance(error, URLError) and isinstance(error.reason, BaseException):
        return _name(error.reason)
    for kinds, name in _NAMES:
        if isinstance(error, kinds):
            return name
    if str(error).startswith("Tunnel connection failed"):
        return "proxy"
    return "unreachable" if getattr(error, "errno", None) in _UNREACHABLE else "other"


_NAMES = (
    (socket.gaierror, "dns"),
    (ssl.SSLError, "tls"),
    ((TimeoutError, socket.timeout), "timeout"),
    (ConnectionRefusedError, "refused"),
    ((ConnectionError, http.client.IncompleteRead), "cut"),
)

# In milliseconds it is the largest number that `poll` takes.
_MAX_TIMEOUT = (2**31 - 1) / 1000

_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)

"""Sends a request of a check with urllib, if the user passed no client.

It trusts Python's certificates and uses the proxy that the core names. It follows no redirect,
since the token must not be sent to another host.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler
from urllib.request import Request as _UrllibRequest

from ._native import MAX_BODY, proxy_for
from .failure import Failure, name_of
from .timeouts import timeout_of, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import Request, _Response


def send(request: Request) -> _Response:
    """Send a request. Return status, ``Date``, ``Location`` and body, or raise a ``Failure``."""
    return within(request, lambda: _exchange(request))


def _exchange(request: Request) -> _Response:
    proxy = proxy_for(request.url)
    if proxy is False:
        raise Failure("proxy")
    opener = OpenerDirector()
    # Without the handlers that follow redirects or raise an exception for a status.
    for handler in (ProxyHandler(_proxies(request.url, proxy)), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    try:
        http_request = _UrllibRequest(request.url, headers=dict(request.headers))  # noqa: S310
        with opener.open(http_request, timeout=timeout_of(request)) as response:
            body = response.read(MAX_BODY)
            if response.length and len(body) < MAX_BODY:
                raise Failure("cut")
            date, location = (response.headers.get(name) for name in ("Date", "Location"))
            return response.status, date, location, body
    except Failure:
        raise
    except Exception as error:
        raise Failure(name_of(error), proxy is not None) from None


def _proxies(url: str, proxy: tuple[str, str, str | None, str | None] | None) -> dict[str, str]:
    """Return the proxy in the form that urllib expects."""
    if proxy is None:
        return {}
    scheme, host, username, password = proxy
    user = "" if username is None else f"{quote(username, '')}:{quote(password or '', '')}@"
    return {urlsplit(url).scheme: f"{scheme}://{user}{host}"}

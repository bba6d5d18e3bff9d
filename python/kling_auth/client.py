"""Sends one request of a check's: all of it bounded in time, every failure by its name.

By urllib, which is always there, with the certificates that Python trusts. The core says which
proxy is asked. No redirect is followed, since the bearer must not travel.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler
from urllib.request import Request as _UrllibRequest

from ._native import MAX_BODY, proxy_for
from .failure import Failure, name_of
from .patience import timeout_of, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import Request, _Response


def send(request: Request) -> _Response:
    """Send a request, and return status, ``Date``, ``Location`` and body, or raise a ``Failure``.

    Its timeout bounds all of it.
    """
    return within(request, lambda: _exchange(request))


def _exchange(request: Request) -> _Response:
    proxy = proxy_for(request.url)
    if proxy is False:
        raise Failure("proxy")
    opener = OpenerDirector()
    # Without those that follow redirects, or make exceptions of answers.
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
    """Return the proxy for a URL as urllib takes it."""
    if proxy is None:
        return {}
    scheme, host, username, password = proxy
    user = "" if username is None else f"{quote(username, '')}:{quote(password or '', '')}@"
    return {urlsplit(url).scheme: f"{scheme}://{user}{host}"}

"""Sends with a copy of an opener of urllib, without handlers for redirects and passwords."""

from __future__ import annotations

import copy
import http.client
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import BaseHandler, HTTPRedirectHandler, OpenerDirector
from urllib.request import Request as HTTPRequest

from kling_auth._native import MAX_BODY
from kling_auth.adapters.urllib import KlingHandler
from kling_auth.failure import Failure, name_of
from kling_auth.timeouts import timeout_of, within

from .message import bearer_of, others_of, response_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth._native import Request, _Response


def send(client: Any, request: Request) -> _Response:
    """Send a request with an opener, or raise a ``Failure``."""
    return within(request, lambda: _exchange(client, request))


def _exchange(client: OpenerDirector, request: Request) -> _Response:
    http_request = HTTPRequest(request.url, headers=others_of(request))  # noqa: S310
    opener = _opener_of(client, bearer_of(request))
    try:
        try:
            response: Any = opener.open(http_request, timeout=timeout_of(request))
        except HTTPError as error:
            response = error
        with response:
            body = response.read(MAX_BODY)
            if getattr(response, "length", 0) and len(body) < MAX_BODY:
                raise Failure("cut")
            return response_of(response.status, response.headers, body)
    except (URLError, OSError, http.client.HTTPException) as error:
        # A request through a proxy has the proxy's host.
        has_proxy = http_request.host != urlsplit(request.url).netloc
        raise Failure(name_of(error), has_proxy) from None


def _opener_of(client: OpenerDirector, authorization: str) -> OpenerDirector:
    """Return an opener with copies of the handlers: a handler belongs to one opener."""
    opener = OpenerDirector()
    opener.addheaders = client.addheaders
    for handler in client.handlers:  # type: ignore[attr-defined]
        if not isinstance(handler, (KlingHandler, HTTPRedirectHandler)) and not _signs(handler):
            opener.add_handler(copy.copy(handler))
    opener.add_handler(_Signing(authorization))
    return opener


def _signs(handler: Any) -> bool:
    """Say whether a handler answers a 401 with a password of its own."""
    return hasattr(handler, "http_error_401")


class _Signing(BaseHandler):
    # After every handler that may have set another header.
    handler_order = 1_000_000

    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    def http_request(self, request: HTTPRequest) -> HTTPRequest:
        request.remove_header("Authorization")
        request.add_unredirected_header("Authorization", self._authorization)
        return request

    https_request = http_request

"""urllib: ``auth.opener().open(url)``, or ``KlingHandler(auth)`` for one's own ``build_opener``."""

from __future__ import annotations

from urllib.request import BaseHandler, Request

from .exchange import UNREAD, Authorization, bearer, is_refusal, is_short, text_of
from .peek import peek

TYPE_CHECKING = False
if TYPE_CHECKING:
    from http.client import HTTPResponse

    from kling_auth import KlingAuth


class KlingHandler(BaseHandler):
    """Attaches the bearer of a ``KlingAuth``, takes in refusals, and repeats where that helps.

    It comes before urllib makes an ``HTTPError`` of a response, and sees all hops of a redirect.
    """

    def __init__(self, auth: KlingAuth) -> None:
        """Take the auth that hands out the bearer."""
        self._auth = auth

    def http_request(self, request: Request) -> Request:
        """Put the bearer on a request to Kling; redirects do not inherit it."""
        url = where_it_goes(request)
        # The one put on by hand, which they do inherit, is hidden by one that is put on here.
        self._auth._authorize(url, request.headers.get("Authorization"))
        authorization = self._auth._authorize(url, request.unredirected_hdrs.get("Authorization"))
        if authorization is not None:
            request.add_unredirected_header("Authorization", Authorization(authorization))
        return request

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        """Take in a refusal, and return it, or the response to the repeated request."""
        if not is_refusal(self._auth, request.full_url, response.status, response.headers):
            return response
        body = peek(response) if is_short(response.headers) else UNREAD
        if body is None:
            return response
        hidden = request.unredirected_hdrs.get("Authorization")
        sent = Authorization(text_of(hidden or request.headers.get("Authorization")))
        verdict = self._auth.handle_response(
            response.status, response.headers, body, token=bearer(sent), sent=sent
        )
        is_first = not hasattr(request, "kling_auth_repeats")
        if verdict.action == "retry" and is_first and is_in_memory(request):
            response.close()
            return self._repeat(request)
        return response

    def _repeat(self, request: Request) -> HTTPResponse:
        # A new one: what a proxy made of the first does not bear to be opened again.
        again = Request(  # noqa: S310
            request.full_url,
            request.data,
            request.headers,
            request.origin_req_host,
            request.unverifiable,
            request.get_method(),
        )
        # By the whole opener, as urllib's own handlers do it; so the request has to carry the mark.
        again.kling_auth_repeats = True  # type: ignore[attr-defined]
        repeated: HTTPResponse = self.parent.open(again, timeout=request.timeout)
        return repeated

    https_request = http_request
    https_response = http_response


def where_it_goes(request: Request) -> str:
    """Return the URL, by the scheme that it is really sent by.

    A request that was opened once through a proxy keeps the proxy's scheme: opened again, it would
    go there in the clear.
    """
    return f"{request.type}:{request.full_url.partition(':')[2]}"


def is_in_memory(request: Request) -> bool:
    """Say whether the body can be sent once more. Others may be used up, or stand at their end."""
    return request.data is None or isinstance(request.data, (bytes, bytearray, memoryview))

"""urllib: ``auth.opener().open(url)``, or ``build_opener(KlingHandler(auth))``."""

from __future__ import annotations

from urllib.request import BaseHandler, Request

from kling_auth._native import authorize

from .exchange import UNREAD, Authorization, bearer, is_refusal, is_short, text_of
from .peek import peek

TYPE_CHECKING = False
if TYPE_CHECKING:
    from http.client import HTTPResponse

    from kling_auth import KlingAuth


class KlingHandler(BaseHandler):
    """Attaches the bearer, handles refusals, and repeats a request if the verdict is ``retry``.

    It runs before urllib raises an ``HTTPError``, and for each hop of a redirect.
    """

    def __init__(self, auth: KlingAuth) -> None:
        """``auth`` provides the bearer."""
        self._auth = auth

    def http_request(self, request: Request) -> Request:
        """Attach the bearer to a request to Kling. Redirects do not inherit it."""
        url = url_of(request)
        # The user's own header, which redirects inherit, is checked too.
        authorize(self._auth, url, request.headers.get("Authorization"))
        authorization = authorize(self._auth, url, request.unredirected_hdrs.get("Authorization"))
        if authorization is not None:
            request.add_unredirected_header("Authorization", Authorization(authorization))
        return request

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        """Handle a refusal. Return it, or the response to the repeated request."""
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
        # A new request: one that was changed for a proxy cannot be opened again.
        again = Request(  # noqa: S310
            request.full_url,
            request.data,
            request.headers,
            request.origin_req_host,
            request.unverifiable,
            request.get_method(),
        )
        # Through the whole opener, as urllib's handlers do, so the request carries a mark.
        again.kling_auth_repeats = True  # type: ignore[attr-defined]
        repeated: HTTPResponse = self.parent.open(again, timeout=request.timeout)
        return repeated

    https_request = http_request
    https_response = http_response


def url_of(request: Request) -> str:
    """Return the URL, with the scheme that is really used.

    A request that was opened through a proxy keeps the proxy's scheme. Opened again, it would be
    sent unencrypted.
    """
    return f"{request.type}:{request.full_url.partition(':')[2]}"


def is_in_memory(request: Request) -> bool:
    """Say whether the body can be sent again. A stream may be used up, a file be at its end."""
    return request.data is None or isinstance(request.data, (bytes, bytearray, memoryview))

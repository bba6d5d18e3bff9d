"""requests and niquests: ``requests.get(url, auth=auth)``, ``session.auth = auth``.

They call the auth with each prepared request. A hook receives the responses; redirected requests
inherit it, so it sees each hop. The classes of either client come from the module of the request.
"""

from __future__ import annotations

from urllib.parse import urljoin

from . import peek_future
from .exchange import (
    UNREAD,
    attach,
    family_of,
    is_leaving,
    is_refusal,
    is_short,
    is_whole,
    is_worth_repeating,
    require,
    sent_by,
)
from .peek import peek_raw, take_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from requests import PreparedRequest, Response

    from kling_auth import KlingAuth

FAMILY = ("requests", "niquests")


def prepare(auth: KlingAuth, request: PreparedRequest) -> PreparedRequest:
    """Attach the bearer, and register a hook for the response."""
    require(request, "url", "headers", "register_hook")
    was_attached = attach(auth, request)
    guard(request, lambda url, authorization: is_leaving(auth, url, authorization))
    if family_of(request, *FAMILY).__name__ == "niquests":
        from .niquests import hook_of

        request.register_hook("response", hook_of(auth, was_attached))
        return request

    def hook(response: Response, **kwargs: Any) -> Response:
        return handle(auth, response, kwargs, was_attached)

    request.register_hook("response", hook)
    return request


def guard(request: Any, leaves: Callable[[str, str], bool]) -> None:
    """Remove the bearer if a redirect leads to a host that must not see it.

    Sessions remove it themselves, unless a program changed that; but their rules for the same host
    differ from ours. The request of a redirect is a copy that gets its URL later, so the URL is
    taken from the response before it.
    """
    cls = type(request)
    if not issubclass(cls, _Guarded):
        if cls not in _guarded:
            _guarded[cls] = type(cls.__name__, (_Guarded, cls), {"__module__": cls.__module__})
        request.__class__ = _guarded[cls]
    # A function, since copies of the request share it, and an auth need not be copyable.
    request.kling_auth_leaves = leaves
    request.kling_auth_target = None


_guarded: dict[type, type] = {}


class _Guarded:
    kling_auth_leaves: Any
    kling_auth_target: str | None

    def copy(self) -> Any:
        again = super().copy()  # type: ignore[misc]
        target = self.kling_auth_target
        if target is not None and self.kling_auth_leaves(target, sent_by(again)):
            del again.headers["Authorization"]
        guard(again, self.kling_auth_leaves)
        return again


def set_target(response: Response, request: Any) -> None:
    """Set the URL to which the response redirects a request, for its guard."""
    location = response.headers.get("Location")
    target = urljoin(str(response.url), location) if location and response.is_redirect else None
    request.kling_auth_target = target


def handle(
    auth: KlingAuth, response: Response, kwargs: dict[str, Any], was_attached: bool
) -> Response:
    """Handle a response. Return it, or the response to the repeated request."""
    request = response.request
    if is_worth_sending_again(auth, response, was_attached) and rewind(request):
        response = send_again(auth, response, kwargs)
        is_worth_sending_again(auth, response, was_attached)  # handled, but not sent a third time
    # The session copies the request that it knows, also after that was repeated.
    set_target(response, request)
    return response


def is_worth_sending_again(auth: KlingAuth, response: Response, was_attached: bool) -> bool:
    """Handle a refusal, and say whether to send the request once more."""
    request, status, headers = response.request, response.status_code, response.headers
    if not is_refusal(auth, request.url, status, headers):
        return False
    body = peek_raw(response) if is_short(headers) else UNREAD
    # A response that is not an error stays a stream.
    if status >= 400 and is_whole(body):
        take_over(response)
    return is_worth_repeating(auth, request, status, headers, body, was_attached=was_attached)


def rewind(request: PreparedRequest) -> bool:
    """Rewind a body, and say whether it can be sent again."""
    if request.body is None or isinstance(request.body, (bytes, str)):
        return True
    module = family_of(request, *FAMILY)
    try:
        module.utils.rewind_body(request)
    except module.exceptions.UnrewindableBodyError:
        return False
    return True


def send_again(auth: KlingAuth, refused: Response, kwargs: dict[str, Any]) -> Response:
    """Send a request once more, as requests' ``HTTPDigestAuth`` does."""
    if peek_future.is_whole(refused):
        refused.content  # noqa: B018 - so that its connection is reused
    refused.close()
    request = signed_again(auth, refused)
    response = refused.connection.send(request, **kwargs)
    response.history.append(refused)
    response.request = request
    return response


def signed_again(auth: KlingAuth, refused: Response) -> PreparedRequest:
    """Return a copy of a refused request, with the current bearer and new cookies."""
    request = refused.request.copy()
    cookies = request._cookies
    jar = family_of(request, *FAMILY).cookies
    jar.extract_cookies_to_jar(cookies, refused.request, refused.raw)
    request.prepare_cookies(cookies)
    attach(auth, request)
    return request

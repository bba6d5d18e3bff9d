"""What all clients share: to which requests the bearer is added, and how a refusal is handled.

Error reports show local variables. A client's request is printed without its headers, so a variable
may hold a request, but not its headers; the bearer has a type whose ``repr()`` hides it.
"""

from __future__ import annotations

import sys

from kling_auth._native import MAX_BODY, authorize, should_handle_response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth import KlingAuth


# In place of a body that is too long to be Kling's, and was not read.
UNREAD = bytes(MAX_BODY + 1)


class Authorization(str):
    """An ``Authorization`` header or a bearer, whose ``repr()`` hides it in error reports."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'Bearer [elided]'"


def require(request: Any, *attributes: str) -> None:
    """Refuse an object that is not a request of the client that calls the auth."""
    if not all(hasattr(request, name) for name in attributes):
        from kling_auth.errors import ArgumentTypeError

        raise ArgumentTypeError(_REQUESTS, "ERR_TYPE")


_REQUESTS = (
    "request must be one of a client that calls the auth: requests and niquests (auth=auth), "
    "httpx, httpx2 and httpxyz (auth=auth), aiohttp (middlewares=[auth]); urllib takes "
    "auth.opener(), and for any other client there is auth.headers_for(url)"
)


def attach(auth: KlingAuth, request: Any) -> bool:
    """Add the bearer to a request, if it goes to Kling, and say whether it does."""
    authorization = authorize(auth, str(request.url), sent_by(request) or None)
    if authorization is None:
        return False
    request.headers["Authorization"] = Authorization(authorization)
    return True


def is_leaving(auth: KlingAuth, url: str, authorization: str) -> bool:
    """Say whether this is the bearer, on its way to a host that must not see it."""
    from kling_auth.errors import OriginError

    try:
        authorize(auth, url, authorization)
    except OriginError:
        return True
    return False


def is_refusal(auth: KlingAuth, url: object, status: int, headers: Any) -> bool:
    """Say whether a response is Kling's and may be a refusal, so that its body should be read.

    A refusal may have the HTTP status 200.
    """
    return (status == 200 or status >= 400) and should_handle_response(
        auth, str(url), status, headers
    )


def is_short(headers: Any) -> bool:
    """Say whether a body may be short enough to be Kling's, by its ``Content-Length``."""
    length = headers.get("Content-Length") or ""
    return not length.isdigit() or int(length) <= MAX_BODY


def is_whole(body: bytes | None) -> bool:
    """Say whether the whole body was read. Of a longer one, the core uses only the status."""
    return body is not None and len(body) <= MAX_BODY


def is_worth_repeating(
    auth: KlingAuth,
    request: Any,
    status: int,
    headers: Any,
    body: bytes | None,
    *,
    was_attached: bool,
) -> bool:
    """Handle a refusal, and say whether to send the request once more with the current bearer.

    ``body`` is ``None`` if it was cut off. Then nothing is handled, and the caller gets the error.

    Kling may not have seen the bearer: on a redirect between its hosts a client may remove it, or
    replace it by a password from ``~/.netrc``.
    """
    if body is None:
        return False
    sent = sent_by(request)
    verdict = auth.handle_response(status, headers, body, token=bearer(sent), sent=sent)
    return verdict.action == "retry" or is_lost(status, sent, was_attached)


async def is_worth_awaiting(
    auth: KlingAuth,
    request: Any,
    status: int,
    headers: Any,
    body: bytes | None,
    *,
    was_attached: bool,
) -> bool:
    """Do the same for an asynchronous client: an asynchronous function may be awaited."""
    if body is None:
        return False
    sent = sent_by(request)
    verdict = await auth.ahandle_response(status, headers, body, token=bearer(sent), sent=sent)
    return verdict.action == "retry" or is_lost(status, sent, was_attached)


def is_lost(status: int, sent: str, was_attached: bool) -> bool:
    """Say whether Kling has not seen the bearer, although it was attached."""
    return was_attached and status == 401 and not bearer(sent)


def sent_by(request: Any) -> str:
    """Return the ``Authorization`` header that was sent; ``""`` if there was none.

    Its ``repr()`` hides it, since the caller may keep it in a local variable.
    """
    return Authorization(text_of(request.headers.get("Authorization")))


def text_of(value: Any) -> str:
    """Return the value of a header as text. In requests it may be bytes."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def bearer(authorization: str) -> str:
    """Return the bearer in an ``Authorization`` header; ``""`` if there is none."""
    scheme, _, token = authorization.partition(" ")
    return Authorization(token if scheme == "Bearer" else "")


def hidden(value: Any) -> Any:
    """Wrap a value that may be a bearer, so that error reports do not show it."""
    if value is None:
        return None
    return (
        Authorization(value) if isinstance(value, str) else ...
    )  # the wrong type, which the core refuses


def family_of(thing: Any, *names: str) -> Any:
    """Return the module of an object's class, among a client and its forks.

    Several may be imported at once, also one under the name of another. For a user's subclass, this
    is the module of the base class.
    """
    for cls in type(thing).__mro__:
        name = cls.__module__.partition(".")[0]
        if name in names and name in sys.modules:
            return sys.modules[name]
    return __import__(names[0])

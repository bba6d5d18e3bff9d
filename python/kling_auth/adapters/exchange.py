"""What is the same for every client: where the bearer goes, and what follows from a refusal.

Clients print their requests without headers, so a request may stand in a local variable, which
error reports show. Its headers must not, and the bearer is of a type that does not show itself.
"""

from __future__ import annotations

import sys

from kling_auth._native import MAX_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth import KlingAuth


# Stands for a body that is too long to be one of Kling's, and was left to the caller, unread.
UNREAD = bytes(MAX_BODY + 1)


class Authorization(str):
    """An ``Authorization`` header, or the bearer in it, which does not show in an error report."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'Bearer [elided]'"


def require(request: Any, *attributes: str) -> None:
    """Refuse what is no request of the client that an auth is called by."""
    if not all(hasattr(request, name) for name in attributes):
        from kling_auth.errors import ArgumentTypeError

        raise ArgumentTypeError(_REQUESTS, "ERR_TYPE")


_REQUESTS = (
    "request must be one of a client that calls the auth: requests and niquests (auth=auth), "
    "httpx, httpx2 and httpxyz (auth=auth), aiohttp (middlewares=[auth]); urllib takes "
    "auth.opener(), and for any other client there is auth.headers_for(url)"
)


def attach(auth: KlingAuth, request: Any) -> bool:
    """Put the bearer on a request to Kling, and say whether it is one. Any other goes as it is."""
    authorization = auth._authorize(str(request.url), sent_by(request) or None)
    if authorization is None:
        return False
    request.headers["Authorization"] = Authorization(authorization)
    return True


def is_leaving(auth: KlingAuth, url: str, authorization: str) -> bool:
    """Say whether this is the bearer, on its way to where it must not go."""
    from kling_auth.errors import OriginError

    try:
        auth._authorize(url, authorization)
    except OriginError:
        return True
    return False


def is_refusal(auth: KlingAuth, url: object, status: int, headers: Any) -> bool:
    """Say whether a response is Kling's, and its body to be read: it may be a refusal.

    Kling may refuse with HTTP 200, too.
    """
    return (status == 200 or status >= 400) and auth._should_handle(str(url), status, headers)


def is_short(headers: Any) -> bool:
    """Say whether a body may be one of Kling's, so far as its length is told."""
    length = headers.get("Content-Length") or ""
    return not length.isdigit() or int(length) <= MAX_BODY


def is_whole(body: bytes | None) -> bool:
    """Say whether all of a body was looked at. Of a longer one the core looks at the status."""
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
    """Take in a refusal, and say whether the request may be let in with the current bearer.

    Without a body, since it broke off, there is nothing to take in: whoever reads it meets that.

    A client may have taken off the bearer that was attached, on a redirect from one host of Kling's
    to another, or put a password from ``~/.netrc`` in its place. Then Kling has not seen it yet.
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
    """Say the same of a client that awaits: other credentials may come meanwhile."""
    if body is None:
        return False
    sent = sent_by(request)
    verdict = await auth.ahandle_response(status, headers, body, token=bearer(sent), sent=sent)
    return verdict.action == "retry" or is_lost(status, sent, was_attached)


def is_lost(status: int, sent: str, was_attached: bool) -> bool:
    """Say whether Kling has not seen the bearer that was attached."""
    return was_attached and status == 401 and not bearer(sent)


def sent_by(request: Any) -> str:
    """Return the ``Authorization`` with which a request left; empty if it had none.

    It may stand in a local variable of whoever asks, so it does not show itself.
    """
    return Authorization(text_of(request.headers.get("Authorization")))


def text_of(value: Any) -> str:
    """Return the value of a header, which requests lets be bytes."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def bearer(authorization: str) -> str:
    """Return the bearer in the value of an ``Authorization`` header; empty if there is none."""
    scheme, _, token = authorization.partition(" ")
    return Authorization(token if scheme == "Bearer" else "")


def hidden(value: Any) -> Any:
    """Return what may be a bearer as what an error report does not show."""
    if value is None:
        return None
    return Authorization(value) if isinstance(value, str) else ...  # of no type that is taken


def family_of(thing: Any, *names: str) -> Any:
    """Return the module whose class an object has: a client, or a fork of it with the same names.

    Several may be there at a time, one by the name of another. An object of the user's own class
    is of the module that this derives from.
    """
    for cls in type(thing).__mro__:
        name = cls.__module__.partition(".")[0]
        if name in names and name in sys.modules:
            return sys.modules[name]
    return __import__(names[0])

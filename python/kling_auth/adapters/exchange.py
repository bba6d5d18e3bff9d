"""What is the same for every client: where the bearer goes, and what follows from a refusal.

Clients print their requests without headers, so a request may stand in a local variable, which
error reports show. Its headers must not, and the bearer is of a type that does not show itself.
"""

from __future__ import annotations

from kling_auth._native import MAX_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth import KlingAuth


# Stands for a body that is too long to be one of Kling's, and was left to the caller, unread.
UNREAD = bytes(MAX_BODY + 1)


class Authorization(str):
    """The value of an ``Authorization`` header, which does not show in an error report."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'Bearer [elided]'"


def attach(auth: KlingAuth, request: Any) -> bool:
    """Put the bearer on a request to Kling, and say whether it is one. Any other goes as it is."""
    authorization = auth._attach(str(request.url), request.headers.get("Authorization"))
    if authorization is None:
        return False
    request.headers["Authorization"] = Authorization(authorization)
    return True


def is_refusal(auth: KlingAuth, url: object, status: int) -> bool:
    """Say whether a response is Kling's, and its body to be read."""
    return status >= 400 and auth._is_kling(str(url), status)


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
    verdict = auth.observe(status, headers, body, token=bearer_of(request))
    is_lost = was_attached and status == 401 and not bearer_of(request)
    return verdict.next == "resign" or is_lost


def bearer_of(request: Any) -> str:
    """Return the bearer that a request carries; empty if it carries none."""
    return bearer(request.headers.get("Authorization"))


def bearer(authorization: str | None) -> str:
    """Return the bearer in the value of an ``Authorization`` header; empty if there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token if scheme == "Bearer" else ""

"""What is the same for every client: where the bearer goes, and what follows from a refusal.

Clients print their requests without headers, so a request may stand in a local variable, which
error reports show. Its headers, or the bearer, must not.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kling_auth import KlingAuth


def attach(auth: KlingAuth, request: Any) -> None:
    """Put the bearer on a request to Kling. Any other goes as it is."""
    authorization = auth._attach(str(request.url), request.headers.get("Authorization"))
    if authorization is not None:
        request.headers["Authorization"] = authorization


def is_refusal(auth: KlingAuth, url: object, status: int) -> bool:
    """Say whether a response is Kling's, and its body to be read."""
    return status >= 400 and auth._is_kling(str(url), status)


def is_worth_repeating(
    auth: KlingAuth, request: Any, status: int, headers: Any, body: bytes
) -> bool:
    """Take in a refusal, and say whether the request may be let in with the current bearer.

    A client may have taken the bearer off on a redirect from one host of Kling's to another, or
    put a password from ``~/.netrc`` in its place. Then Kling has not seen it yet.
    """
    verdict = auth.observe(status, headers, body, token=bearer_of(request))
    return verdict.next == "resign" or (status == 401 and not bearer_of(request))


def bearer_of(request: Any) -> str:
    """Return the bearer that a request carries; empty if it carries none."""
    return bearer(request.headers.get("Authorization"))


def bearer(authorization: str | None) -> str:
    """Return the bearer in the value of an ``Authorization`` header; empty if there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token if scheme == "Bearer" else ""

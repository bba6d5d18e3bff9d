"""httpx and its forks: removes the bearer if a redirect leads to a host that must not see it.

The client follows redirects without calling the auth. It removes the bearer itself, unless a
program changed that; but its rules for the same host differ from ours. The extension ``trace`` is
called for each hop, with the request before it is written, and redirects inherit it.
"""

from __future__ import annotations

from .exchange import Authorization, is_leaving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import httpx

    from kling_auth import KlingAuth


class Guard:
    """A trace that removes the bearer, and calls the user's own trace."""

    def __init__(self, auth: KlingAuth) -> None:
        """``auth`` is the object whose bearer is removed."""
        self._auth = auth
        self.inner: Any = None

    def __call__(self, event: str, info: dict[str, Any]) -> Any:
        """Receive an event of the client."""
        keep_back(self._auth, event, info)
        return None if self.inner is None else self.inner(event, info)


class AsyncGuard(Guard):
    """The same for an ``AsyncClient``."""

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Receive an event of the client."""
        keep_back(self._auth, event, info)
        if self.inner is not None:
            await self.inner(event, info)


def guard(request: httpx.Request, trace: Guard) -> None:
    """Guard a request, and the requests of its redirects."""
    inner = request.extensions.get("trace")
    # A request that the user sends again already has a guard.
    trace.inner = inner.inner if isinstance(inner, Guard) else inner
    request.extensions = {**request.extensions, "trace": trace}


def keep_back(auth: KlingAuth, event: str, info: dict[str, Any]) -> None:
    """Remove the bearer from a request before it is written, if its host must not see it."""
    request = info.get("request")
    if request is None or not event.endswith(".send_request_headers.started"):
        return
    names = [name.lower() for name, _ in request.headers]
    if b"authorization" not in names:
        return
    place = names.index(b"authorization")
    sent = Authorization(request.headers[place][1].decode("latin-1"))
    if is_leaving(auth, url_of(request.url), sent):
        request.headers = [pair for pair in request.headers if pair[0].lower() != names[place]]


def url_of(url: Any) -> str:
    """Return httpcore's URL as text."""
    target: str = url.target.decode("latin-1")
    if target.startswith(("http:", "https:")):
        return target  # sent to a proxy, whose host is in ``url.host``
    host = url.host.decode("latin-1")
    host = f"[{host}]" if ":" in host else host
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme.decode('latin-1')}://{host}{port}{target}"

"""httpx and its forks: the bearer follows no redirect that leads to where it must not go.

Redirects are followed beneath an auth, which never sees them. The client takes the bearer off by
itself, where nobody told it not to; but what it takes for the same host is not all that we do. What
tells of each hop is the extension ``trace``, which redirects inherit: it is called with the request
as it is about to be written.
"""

from __future__ import annotations

from .exchange import is_leaving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import httpx

    from kling_auth import KlingAuth


class Guard:
    """A trace that keeps the bearer back; one that the user has is called as well."""

    def __init__(self, auth: KlingAuth) -> None:
        """Take the auth whose bearer it is."""
        self._auth = auth
        self.inner: Any = None

    def __call__(self, event: str, info: dict[str, Any]) -> Any:
        """Take in an event of a client's."""
        keep_back(self._auth, event, info)
        return None if self.inner is None else self.inner(event, info)


class AsyncGuard(Guard):
    """The same for an ``AsyncClient``."""

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Take in an event of a client's."""
        keep_back(self._auth, event, info)
        if self.inner is not None:
            await self.inner(event, info)


def guard(request: httpx.Request, trace: Guard) -> None:
    """Have a request guarded, and those that follow its redirects."""
    inner = request.extensions.get("trace")
    # One that is sent again by its user has a guard already.
    trace.inner = inner.inner if isinstance(inner, Guard) else inner
    request.extensions = {**request.extensions, "trace": trace}


def keep_back(auth: KlingAuth, event: str, info: dict[str, Any]) -> None:
    """Take the bearer off a request that is about to be written, if it must not have it."""
    request = info.get("request")
    if request is None or not event.endswith(".send_request_headers.started"):
        return
    url = url_of(request.url)
    kept = [
        (name, value)
        for name, value in request.headers
        if name.lower() != b"authorization" or not is_leaving(auth, url, value.decode("latin-1"))
    ]
    if len(kept) != len(request.headers):
        request.headers = kept


def url_of(url: Any) -> str:
    """Return a URL of httpcore's as a text."""
    target: str = url.target.decode("latin-1")
    if target.startswith(("http:", "https:")):
        return target  # a proxy is asked for it, which is what the rest is of
    host = url.host.decode("latin-1")
    host = f"[{host}]" if ":" in host else host
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme.decode('latin-1')}://{host}{port}{target}"

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar, overload
from urllib.request import BaseHandler, OpenerDirector

from typing_extensions import Self

from . import _native
from ._bases.httpx import Auth as _HttpxAuth
from ._bases.httpx2 import Auth as _Httpx2Auth
from ._bases.httpxyz import Auth as _HttpxyzAuth
from ._bases.requests import AuthBase as _AuthBase
from ._native import Verdict

# The clients' own types. To name them here, the clients would have to be installed.
_Request = TypeVar("_Request")
_Response = TypeVar("_Response")

# httpx and its forks have flows of the same name, each for its own request type.
class KlingAuth(  # type: ignore[misc]
    _native.KlingAuth, _HttpxAuth, _Httpx2Auth, _HttpxyzAuth, _AuthBase
):
    """Provides the bearer token for requests to Kling, and renews it before it expires.

    Pass a key pair, an ``api_key``, or ``credentials``: a function that returns
    ``(access_key, secret_key)`` or an API key, for example from a secrets manager. The function is
    called immediately, on ``rotate()``, and when Kling does not know the credentials. Without any
    of these, the credentials are searched for in the environment, in ``.env`` and in Kling's own
    profile; ``source`` says where they were found.

    A token is valid for ``lifetime`` seconds (1 to 1800) and is renewed ``buffer_sec`` seconds
    before it expires: by default 300, and at most half of ``lifetime``. With a ``buffer_sec``
    above ``lifetime``, each request is signed anew. For tests, pass a function that returns Unix
    seconds, such as ``time.time``, as ``clock``; the default is the system's clock. Threads may
    share the object: no method takes a lock or uses the network. Files that contain the
    credentials are checked once a minute.

    The object itself is the auth of HTTP clients: ``requests.get(url, auth=auth)``,
    ``httpx2.Client(auth=auth)``, ``httpx2.AsyncClient(auth=auth)``, and httpx's likewise,
    ``aiohttp.ClientSession(middlewares=[auth])``, ``auth.opener().open(url)``. The bearer is sent
    only to Kling's hosts and to the origin of ``base_url`` (default: ``KLING_API_BASE``, or
    Kling's own). A refusal is passed to ``handle_response()``, and the request is sent once more if
    that helps; ``last_verdict`` says why it was refused.

    >>> from kling_auth import KlingAuth
    >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    >>> len(auth.token.split("."))
    3
    """

    do_not_call_in_templates: bool
    """For Django, whose templates would call the object."""
    @classmethod
    async def afrom(
        cls,
        credentials: Callable[[], Awaitable[tuple[str, str] | str] | tuple[str, str] | str],
        /,
        *,
        buffer_sec: _native._Seconds | None = 300,
        lifetime: _native._Seconds | None = 1800,
        clock: Callable[[], _native._Seconds] | None = None,
        base_url: str | None = None,
        region: str | None = None,
    ) -> Self:
        """Make one of an asynchronous ``credentials`` function, such as a secrets manager's.

        ``auth = await KlingAuth.afrom(fetch)``; ``options`` are those of the class:
        ``buffer_sec``, ``lifetime``, ``clock``, ``base_url``. The function is awaited immediately,
        on ``await auth.arotate()``, and by asynchronous clients when Kling does not know the
        credentials: once for all requests that were refused so, at most once a minute. They
        are then sent once more with the new credentials. If the function fails, those held before
        stay. A synchronous client cannot await: it keeps them, and warns.

        >>> import asyncio
        >>> from kling_auth import KlingAuth
        >>> async def fetch():
        ...     return "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
        >>> auth = asyncio.run(KlingAuth.afrom(fetch, lifetime=600))
        >>> auth.source
        'function'
        """
    async def arotate(self) -> None:
        """Go on with what an asynchronous ``credentials`` function returns now, in all threads.

        If that fails it raises, and the credentials held before stay. Of any other source, this is
        ``rotate()`` without arguments.
        """
    async def ahandle_response(
        self,
        status: int,
        headers: _native._Headers | None = None,
        body: _native._Body | None = None,
        *,
        token: str | None = None,
        sent: str | None = None,
    ) -> Verdict:
        """Handle a response as ``handle_response()`` does; may await the ``credentials`` function.

        If it returned other credentials than those that Kling did not know, the verdict's
        ``next`` is ``retry``.
        """
    @overload
    def __call__(self, request: _Request, handler: None = None, /) -> _Request: ...
    @overload
    def __call__(
        self, request: _Request, handler: Callable[[_Request], Awaitable[_Response]], /
    ) -> Coroutine[Any, Any, _Response]: ...
    def sync_auth_flow(self, request: _Request) -> Generator[_Request, Any]:
        """Authenticate the requests of an ``httpx2.Client``, or of httpx's."""
    def async_auth_flow(self, request: _Request) -> AsyncGenerator[_Request, Any]:
        """Authenticate the requests of an ``httpx2.AsyncClient``, or of httpx's."""
    def opener(self, *handlers: BaseHandler | type[BaseHandler]) -> OpenerDirector:
        """Return an opener of ``urllib.request`` with this auth and the given handlers."""

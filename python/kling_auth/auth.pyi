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
    """Provide the bearer token for requests to Kling, and renew it before it expires.

    Pass a key pair, an API key or a ``credentials`` function. Without any of them, the credentials
    are searched for in the environment, in ``.env`` and in Kling's own profile; ``source`` says
    where they were found. Files that contain the credentials are checked once a minute.

    The object is itself the auth of HTTP clients:

    - requests and niquests: ``requests.get(url, auth=auth)``, ``session.auth = auth``
    - httpx2, httpx and httpxyz: ``httpx2.Client(auth=auth)``, ``httpx2.AsyncClient(auth=auth)``
    - aiohttp: ``aiohttp.ClientSession(middlewares=[auth])``
    - urllib: ``auth.opener().open(url)``
    - any other client: ``auth.headers_for(url)`` and ``auth.handle_response(...)``

    The token is sent only to Kling's hosts and to the origin of ``base_url``. If Kling refuses it
    because of its time, the clock is corrected and the request is sent once more.

    Create one object and share it between threads, event loops and forked processes. No method
    takes a lock or uses the network. Methods that begin with ``a`` are the asynchronous forms.

    Args:
        access_key: The access key of a key pair.
        secret_key: The secret key of the same pair.
        buffer_sec: Seconds before its expiry at which a token is renewed. Default: 300, and at most
            half of ``lifetime``. If it is above ``lifetime``, each request gets a new token.
        api_key: An API key, in place of a key pair.
        lifetime: Seconds for which a token is valid, from 1 to 1800. Default: 1800.
        credentials: A function that returns ``(access_key, secret_key)`` or an API key, for example
            from a secrets manager. It is called by the constructor, by ``rotate()``, and when Kling
            does not know the credentials, at most once a minute. If it is asynchronous, use
            ``KlingAuth.afrom(function)``.
        clock: A function that returns Unix seconds, for tests. Default: the system's clock.
        base_url: The base URL of requests to Kling. Default: ``KLING_API_BASE`` or
            ``https://api-singapore.klingai.com``.
        region: The region in which the key was created, ``singapore`` or ``beijing``, in place of
            ``base_url``. Default: ``KLING_REGION``.

    Raises:
        CredentialError: The credentials are missing or malformed.
        ArgumentError: ``lifetime``, ``buffer_sec``, ``base_url`` or ``region`` is invalid.
        ArgumentTypeError: An argument has the wrong type.

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
        """Create an object from an asynchronous ``credentials`` function.

        The function is awaited by ``afrom()``, by ``arotate()``, and by asynchronous clients when
        Kling does not know the credentials: once for all refused requests, and at most once a
        minute. The requests are then sent once more with the new credentials. If the function
        raises, the current credentials stay in use. A synchronous client cannot await the function:
        it continues with the current credentials, and logs a warning.

        Args:
            credentials: A function that returns ``(access_key, secret_key)`` or an API key, or an
                awaitable of them.
            options: ``buffer_sec``, ``lifetime``, ``clock``, ``base_url`` and ``region``, as for
                ``KlingAuth()``.

        Raises:
            CredentialError: The credentials are malformed.
            ArgumentError: An option is invalid.
            ArgumentTypeError: An argument has the wrong type.
            Exception: An exception of the function is passed on unchanged.

        >>> import asyncio
        >>> from kling_auth import KlingAuth
        >>> async def fetch():
        ...     return "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
        >>> auth = asyncio.run(KlingAuth.afrom(fetch, lifetime=600))
        >>> auth.source
        'function'
        """
    async def arotate(self) -> None:
        """Replace the credentials with what the asynchronous ``credentials`` function returns now.

        If that raises, the current credentials stay in use. If the credentials have another source,
        this does the same as ``rotate()`` without arguments.

        Raises:
            CredentialError: The new credentials are missing or malformed.
            Exception: An exception of the function is passed on unchanged.

        >>> import asyncio
        >>> from kling_auth import KlingAuth
        >>> async def fetch():
        ...     return "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
        >>> async def main():
        ...     auth = await KlingAuth.afrom(fetch)
        ...     await auth.arotate()
        >>> asyncio.run(main())
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
        """Do what ``handle_response()`` does, and await an asynchronous ``credentials`` function.

        The function is awaited if Kling does not know the credentials, at most once a minute. If it
        returns other credentials, the verdict's ``action`` is ``retry``.

        Args:
            status: The HTTP status.
            headers: The response's headers: a mapping, or pairs of name and value.
            body: The raw body.
            token: The token that was sent. Default: the current one.
            sent: The full ``Authorization`` header of the request, ``""`` if there was none. If it
                was not a bearer, the verdict's ``remedy`` says so.

        Returns:
            A ``Verdict``. Its ``action`` says what to do, its ``cause`` and ``remedy`` say why.

        Raises:
            ArgumentTypeError: An argument has the wrong type.

        >>> import asyncio
        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> asyncio.run(auth.ahandle_response(429, {}, b'{"code":1302}')).action
        'backoff'
        """
    @overload
    def __call__(self, request: _Request, handler: None = None, /) -> _Request: ...
    @overload
    def __call__(
        self, request: _Request, handler: Callable[[_Request], Awaitable[_Response]], /
    ) -> Coroutine[Any, Any, _Response]: ...
    def sync_auth_flow(self, request: _Request) -> Generator[_Request, Any]:
        """Add the token to a request, and handle the response. Called by ``httpx2.Client``."""
    def async_auth_flow(self, request: _Request) -> AsyncGenerator[_Request, Any]:
        """Add the token to a request, and handle the response. Called by ``httpx2.AsyncClient``."""
    def opener(self, *handlers: BaseHandler | type[BaseHandler]) -> OpenerDirector:
        """Return an opener of ``urllib.request`` that adds the token to its requests.

        Args:
            handlers: More handlers, as for ``urllib.request.build_opener``.

        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> opener = auth.opener()  # opener.open(url)
        """

"""``KlingAuth``: the native class, with support for HTTP clients.

``token`` and ``headers`` are native, because calling a Python property takes longer than reading
the token. The module for a client is imported only when that client calls.
"""

import sys

from . import _native


class KlingAuth(_native.KlingAuth):
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

    __slots__ = ("__weakref__",)
    __module__ = "kling_auth"

    # A Django template calls every callable object, and shows nothing if the call fails. With this
    # attribute it does not call.
    do_not_call_in_templates = True

    @classmethod
    async def afrom(cls, credentials, /, **options):
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
        from .async_function import make

        return await make(cls, credentials, options)

    async def arotate(self):
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
        from .async_function import rotate

        await rotate(self)

    async def ahandle_response(self, status, headers=None, body=None, *, token=None, sent=None):
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
        from .adapters.exchange import hidden
        from .async_function import handle_response

        token, sent = hidden(token), hidden(sent)
        return await handle_response(self, status, headers, body, token, sent)

    def __call__(self, request, handler=None, /):
        """Add the token to a request. Called by requests, niquests and aiohttp."""
        if handler is None:
            from .adapters import requests

            return requests.prepare(self, request)
        from .adapters.exchange import require

        require(request, "url", "headers", "update_body")
        from .adapters import aiohttp

        return aiohttp.exchange(self, request, handler)

    def sync_auth_flow(self, request):
        """Add the token to a request, and handle the response. Called by ``httpx2.Client``."""
        from .adapters import exchange, httpx

        exchange.require(request, *httpx.ATTRIBUTES)
        return httpx.sync_auth_flow(self, request)

    def async_auth_flow(self, request):
        """Add the token to a request, and handle the response. Called by ``httpx2.AsyncClient``."""
        from .adapters import exchange, httpx

        exchange.require(request, *httpx.ATTRIBUTES)
        return httpx.async_auth_flow(self, request)

    def opener(self, *handlers):
        """Return an opener of ``urllib.request`` that adds the token to its requests.

        Args:
            handlers: More handlers, as for ``urllib.request.build_opener``.

        >>> from kling_auth import KlingAuth
        >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        >>> opener = auth.opener()  # opener.open(url)
        """
        from urllib.request import build_opener

        from .adapters.urllib import KlingHandler

        return build_opener(KlingHandler(self), *handlers)

    @property
    def __class__(self):
        """Make ``isinstance(auth, httpx.Auth)`` true: httpx and its forks accept nothing else.

        Only forks that are already imported count. ``type(auth)`` does not change.
        """
        imported = sys.modules.get
        if imported("httpx") is None and imported("httpx2") is None and imported("httpxyz") is None:
            return type(self)
        from .adapters import httpx

        return httpx.also_auth(type(self))

    def __dir__(self):
        """List the attributes of this type, without those of ``httpx.Auth``."""
        return [*dir(type(self)), *getattr(self, "__dict__", ())]

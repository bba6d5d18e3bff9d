"""``KlingAuth``: the native class, and how HTTP clients take it.

What hands out tokens is native, and stays so: a Python method around ``.token`` would cost more
than the token. What is here imports a client's module only when that client calls.
"""

import sys

from . import _native


class KlingAuth(_native.KlingAuth):
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

    __slots__ = ("__weakref__",)
    __module__ = "kling_auth"

    # Django's templates call what can be called, and show nothing of what then fails.
    do_not_call_in_templates = True

    @classmethod
    async def afrom(cls, credentials, /, **options):
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
        from .async_function import make

        return await make(cls, credentials, options)

    async def arotate(self):
        """Go on with what an asynchronous ``credentials`` function returns now, in all threads.

        If that fails it raises, and the credentials held before stay. Of any other source, this is
        ``rotate()`` without arguments.
        """
        from .async_function import rotate

        await rotate(self)

    async def ahandle_response(self, status, headers=None, body=None, *, token=None, sent=None):
        """Handle a response as ``handle_response()`` does; may await the ``credentials`` function.

        If it returned other credentials than those that Kling did not know, the verdict's
        ``next`` is ``retry``.
        """
        from .adapters.exchange import hidden
        from .async_function import handle_response

        token, sent = hidden(token), hidden(sent)
        return await handle_response(self, status, headers, body, token, sent)

    def __call__(self, request, handler=None, /):
        """Authenticate a request: for the ``auth=`` of requests, and as a middleware of aiohttp."""
        if handler is None:
            from .adapters import requests

            return requests.prepare(self, request)
        from .adapters.exchange import require

        require(request, "url", "headers", "update_body")
        from .adapters import aiohttp

        return aiohttp.exchange(self, request, handler)

    def sync_auth_flow(self, request):
        """Authenticate the requests of an ``httpx2.Client``, or of httpx's."""
        from .adapters import exchange, httpx

        exchange.require(request, *httpx.ATTRIBUTES)
        return httpx.sync_auth_flow(self, request)

    def async_auth_flow(self, request):
        """Authenticate the requests of an ``httpx2.AsyncClient``, or of httpx's."""
        from .adapters import exchange, httpx

        exchange.require(request, *httpx.ATTRIBUTES)
        return httpx.async_auth_flow(self, request)

    def opener(self, *handlers):
        """Return an opener of ``urllib.request`` with this auth and the given handlers."""
        from urllib.request import build_opener

        from .adapters.urllib import KlingHandler

        return build_opener(KlingHandler(self), *handlers)

    @property
    def __class__(self):
        """For httpx, which shows responses to ``isinstance(auth, httpx.Auth)`` alone.

        The type stays what it is. Where httpx or a fork of it was imported, whenever that was,
        ``isinstance`` says yes to its ``Auth`` as well.
        """
        here = sys.modules.get
        if here("httpx") is None and here("httpx2") is None and here("httpxyz") is None:
            return type(self)
        from .adapters import httpx

        return httpx.also_auth(type(self))

    def __dir__(self):
        """List what is there, by the type: an ``httpx.Auth`` would have more."""
        return [*dir(type(self)), *getattr(self, "__dict__", ())]

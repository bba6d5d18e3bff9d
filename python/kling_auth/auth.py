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
    before it expires. For tests, pass a function that returns Unix seconds, such as ``time.time``,
    as ``clock``; the default is the system's clock. Threads may share the object: no method takes
    a lock or uses the network. Files that contain the credentials are checked once a minute.

    The object itself is the auth of HTTP clients: ``requests.get(url, auth=auth)``,
    ``httpx.Client(auth=auth)``, ``httpx.AsyncClient(auth=auth)``,
    ``aiohttp.ClientSession(middlewares=[auth])``, ``auth.opener().open(url)``. The bearer is sent
    only to Kling's hosts and to the origin of ``base_url`` (default: ``KLING_API_BASE``, or
    Kling's own). A refusal is passed to ``observe()``, and the request is repeated once if that
    helps; ``last_verdict`` tells the reason.

    >>> from kling_auth import KlingAuth
    >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    >>> len(auth.token.split("."))
    3
    """

    __slots__ = ("__weakref__",)
    __module__ = "kling_auth"

    def __call__(self, request, handler=None, /):
        """Be the auth of requests, and a middleware of aiohttp."""
        if handler is None:
            from .adapters import requests

            return requests.prepare(self, request)
        from .adapters import aiohttp

        return aiohttp.exchange(self, request, handler)

    def sync_auth_flow(self, request):
        """Be the auth of ``httpx.Client``."""
        from .adapters import httpx

        return httpx.sync_auth_flow(self, request)

    def async_auth_flow(self, request):
        """Be the auth of ``httpx.AsyncClient``."""
        from .adapters import httpx

        return httpx.async_auth_flow(self, request)

    def opener(self, *handlers):
        """Return an opener of ``urllib.request`` with this auth and the given handlers."""
        from urllib.request import build_opener

        from .adapters.urllib import KlingHandler

        return build_opener(KlingHandler(self), *handlers)

    @property
    def __class__(self):
        """For httpx, which shows responses to ``isinstance(auth, httpx.Auth)`` alone.

        The type stays what it is. Where httpx was imported, whenever that was, ``isinstance``
        says yes to ``httpx.Auth`` as well.
        """
        if sys.modules.get("httpx") is None:
            return type(self)
        from .adapters import httpx

        return httpx.also_auth(type(self))

    def __dir__(self):
        """List what is there, by the type: an ``httpx.Auth`` would have more."""
        return [*dir(type(self)), *getattr(self, "__dict__", ())]

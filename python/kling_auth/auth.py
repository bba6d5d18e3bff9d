"""``KlingAuth``: the native class, and how HTTP clients take it.

What hands out tokens is native, and stays so: a Python method around ``.token`` would cost more
than the token. What is here imports a client's module only when that client calls.
"""

import sys

from . import _native


class KlingAuth(_native.KlingAuth):
    """Hands out the bearer token for requests to Kling, renewed before it ends.

    Takes a key pair, an ``api_key``, or ``credentials``: a function that returns
    ``(access_key, secret_key)`` or an API key, such as a call to a secrets manager, asked now, by
    ``rotate()``, and when Kling does not know the credentials. Without any of them the credentials
    are looked for: in the environment, in ``.env``, in Kling's own profile; ``source`` says where
    they were.

    A token lives ``lifetime`` seconds (1 to 1800) and is renewed ``buffer_sec`` seconds before
    its end. ``clock`` is a function that returns Unix seconds, such as ``time.time``, for tests;
    the system's clock is read without it. May be shared by threads: no method takes a lock or
    asks a network. Files that credentials came from are looked at once a minute.

    It is itself the auth of HTTP clients: ``requests.get(url, auth=auth)``,
    ``httpx.Client(auth=auth)``, ``httpx.AsyncClient(auth=auth)``,
    ``aiohttp.ClientSession(middlewares=[auth])``, ``auth.opener().open(url)``. The bearer goes to
    Kling's hosts and to the origin of ``base_url``, which is ``KLING_API_BASE`` or Kling's own if
    it is not given; other hosts never see it. A refusal is taken in as by ``observe()``, and sent
    once more where that helps; ``last_verdict`` tells the reason.

    >>> from kling_auth import KlingAuth
    >>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
    >>> len(auth.token.split("."))
    3
    """

    __slots__ = ()
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
        """Return an opener of ``urllib.request`` with this auth, and with other handlers."""
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

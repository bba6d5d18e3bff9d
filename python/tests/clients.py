"""The HTTP clients, each with a ``KlingAuth`` as its auth, behind the same interface.

A client is a function that sends calls one after the other and returns the last ``Answer``. A call
has method, URL, headers and body; the body is ``bytes`` or ``Once``.

niquests replaces urllib3, which requests uses too. So it has its own environment with requests,
where ``test_niquests.py`` runs these tests again.
"""

import asyncio
import http.client
import importlib.util
import urllib.error
import urllib.request
from typing import Any, NamedTuple

import requests

# What the clients raise for an incomplete response.
BROKEN = (requests.RequestException, urllib.error.URLError, http.client.HTTPException)

if importlib.util.find_spec("niquests"):
    import niquests

    BROKEN += (niquests.RequestException,)
else:
    import aiohttp
    import httpx
    import httpx2

    BROKEN += (httpx.HTTPError, httpx2.HTTPError, aiohttp.ClientError)


class Call(NamedTuple):
    method: str
    url: str
    headers: dict
    body: Any = None


class Answer(NamedTuple):
    status: int
    body: bytes


class Once:
    """A body that can be sent only once."""

    def __init__(self, content):
        self.content = content

    def iterator(self):
        yield self.content

    async def async_iterator(self):
        yield self.content


def with_a_session(of):
    """A client with the interface of requests."""

    def send(auth, calls):
        with of.Session() as session:
            session.auth = auth
            for call in calls:
                data = call.body.iterator() if isinstance(call.body, Once) else call.body
                response = session.request(
                    call.method, call.url, headers=call.headers, data=data, timeout=10
                )
            return Answer(response.status_code, response.content)

    return send


def by_async_niquests(auth, calls):
    async def send():
        async with niquests.AsyncSession() as session:
            session.auth = auth
            for call in calls:
                data = call.body.async_iterator() if isinstance(call.body, Once) else call.body
                response = await session.request(
                    call.method, call.url, headers=call.headers, data=data, timeout=10
                )
            return Answer(response.status_code, response.content)

    return asyncio.run(send())


def with_a_client(of):
    """A client with the interface of httpx."""

    def send(auth, calls):
        with of.Client(auth=auth, follow_redirects=True) as client:
            for call in calls:
                content = call.body.iterator() if isinstance(call.body, Once) else call.body
                response = client.request(
                    call.method, call.url, headers=call.headers, content=content
                )
            return Answer(response.status_code, response.content)

    return send


def with_an_async_client(of):
    async def send(auth, calls):
        async with of.AsyncClient(auth=auth, follow_redirects=True) as client:
            for call in calls:
                content = call.body.async_iterator() if isinstance(call.body, Once) else call.body
                response = await client.request(
                    call.method, call.url, headers=call.headers, content=content
                )
            return Answer(response.status_code, response.content)

    return lambda auth, calls: asyncio.run(send(auth, calls))


def by_aiohttp(auth, calls):
    async def send():
        async with aiohttp.ClientSession(middlewares=(auth,)) as session:
            for call in calls:
                data = call.body.async_iterator() if isinstance(call.body, Once) else call.body
                request = session.request(call.method, call.url, headers=call.headers, data=data)
                async with request as response:
                    answer = Answer(response.status, await response.read())
            return answer

    return asyncio.run(send())


def by_urllib(auth, calls):
    opener = auth.opener()
    for call in calls:
        data = call.body.iterator() if isinstance(call.body, Once) else call.body
        request = urllib.request.Request(  # noqa: S310
            call.url, data, headers=call.headers, method=call.method
        )
        try:
            response = opener.open(request, timeout=10)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            answer = Answer(response.status, response.read())
    return answer


if importlib.util.find_spec("niquests"):
    CLIENTS = {
        "niquests": with_a_session(niquests),
        "niquests async": by_async_niquests,
        "requests beside niquests": with_a_session(requests),
    }
else:
    CLIENTS = {
        "requests": with_a_session(requests),
        "httpx": with_a_client(httpx),
        "httpx async": with_an_async_client(httpx),
        "httpx2": with_a_client(httpx2),
        "httpx2 async": with_an_async_client(httpx2),
        "aiohttp": by_aiohttp,
        "urllib": by_urllib,
    }

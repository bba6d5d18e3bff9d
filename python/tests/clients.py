"""The HTTP clients, each with a ``KlingAuth`` as its auth, all to be called alike.

A client is a function that sends the same calls in turn and returns the last ``Answer``. A call
is method, URL, headers and body; the body is ``bytes``, or ``Once``.
"""

import asyncio
import http.client
import urllib.error
import urllib.request
from typing import Any, NamedTuple

import aiohttp
import httpx
import requests

# What the clients themselves raise where an answer breaks off.
BROKEN = (
    requests.RequestException,
    httpx.HTTPError,
    aiohttp.ClientError,
    urllib.error.URLError,
    http.client.HTTPException,
)


class Call(NamedTuple):
    method: str
    url: str
    headers: dict
    body: Any = None


class Answer(NamedTuple):
    status: int
    body: bytes


class Once:
    """A body that can be sent once."""

    def __init__(self, content):
        self.content = content

    def iterator(self):
        yield self.content

    async def async_iterator(self):
        yield self.content


def by_requests(auth, calls):
    with requests.Session() as session:
        session.auth = auth
        for call in calls:
            data = call.body.iterator() if isinstance(call.body, Once) else call.body
            response = session.request(
                call.method, call.url, headers=call.headers, data=data, timeout=10
            )
        return Answer(response.status_code, response.content)


def by_httpx(auth, calls):
    with httpx.Client(auth=auth, follow_redirects=True) as client:
        for call in calls:
            content = call.body.iterator() if isinstance(call.body, Once) else call.body
            response = client.request(call.method, call.url, headers=call.headers, content=content)
        return Answer(response.status_code, response.content)


def by_async_httpx(auth, calls):
    async def send():
        async with httpx.AsyncClient(auth=auth, follow_redirects=True) as client:
            for call in calls:
                content = call.body.async_iterator() if isinstance(call.body, Once) else call.body
                response = await client.request(
                    call.method, call.url, headers=call.headers, content=content
                )
            return Answer(response.status_code, response.content)

    return asyncio.run(send())


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


CLIENTS = {
    "requests": by_requests,
    "httpx": by_httpx,
    "httpx async": by_async_httpx,
    "aiohttp": by_aiohttp,
    "urllib": by_urllib,
}

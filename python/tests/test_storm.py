"""64 requests when the token expires and the clock is wrong: none fails."""

import asyncio
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest
import requests

from kling_auth import KlingAuth

REQUESTS = 64


class Clock:
    """This machine's clock, set by a test."""

    moved = 0

    def __call__(self):
        return time.time() + self.moved


def in_threads(get):
    with ThreadPoolExecutor(REQUESTS) as pool:
        return list(pool.map(lambda _: get(), range(REQUESTS)))


def by_requests(auth, url):
    return in_threads(lambda: requests.get(url, auth=auth, timeout=20).status_code)


def by_httpx(auth, url):
    with httpx.Client(auth=auth, timeout=20) as client:
        return in_threads(lambda: client.get(url).status_code)


def by_urllib(auth, url):
    opener = auth.opener(urllib.request.ProxyHandler({}))
    return in_threads(lambda: opener.open(url, timeout=20).status)


def by_async_httpx(auth, url):
    async def storm():
        async with httpx.AsyncClient(auth=auth, timeout=20) as client:
            return await asyncio.gather(*(client.get(url) for _ in range(REQUESTS)))

    return [response.status_code for response in asyncio.run(storm())]


def by_aiohttp(auth, url):
    async def storm():
        async with aiohttp.ClientSession(middlewares=(auth,)) as session:
            return await asyncio.gather(*(session.get(url) for _ in range(REQUESTS)))

    return [response.status for response in asyncio.run(storm())]


@pytest.mark.parametrize("skew", [3000, -3000])
@pytest.mark.parametrize(
    "storm",
    [by_requests, by_httpx, by_async_httpx, by_aiohttp, by_urllib],
    ids=lambda f: f.__name__,
)
def test_storm(storm, skew, gate):
    clock = Clock()
    auth = KlingAuth(gate.access_key, gate.secret_key, clock=clock, base_url=gate.url)
    clock.moved = -1501
    ended = auth.token  # 300 seconds before its end, by the clock to come
    clock.moved = 0
    gate.prepare(skew=skew)

    assert storm(auth, f"{gate.url}/v1/videos/text2video") == [200] * REQUESTS
    assert auth.token != ended
    assert abs(auth.clock_offset - skew) <= 10
    seen = gate.seen()
    assert len(seen) <= 2 * REQUESTS
    assert len({bearer for _, _, bearer in seen}) <= 3

"""Requests that are cancelled at any point while they are refused and sent again.

None hangs or leaves anything behind: connections are released, the manager has a token, and the
next request is accepted.
"""

import asyncio
import gc
import random
import ssl
import time

import aiohttp
import httpx
import pytest
from conftest import TALLIES

from kling_auth import KlingAuth

PATIENCE = 20
CANCELLED = 60  # one after the other, each at another point
AT_ONCE = 48


# For httpx clients, which otherwise load all certificates of the machine.
UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class HttpxClient:
    """An httpx client with few connections."""

    def __init__(self, auth):
        limits = httpx.Limits(max_connections=AT_ONCE // 4)
        self._client = httpx.AsyncClient(
            auth=auth, limits=limits, timeout=PATIENCE, verify=UNUSED, trust_env=False
        )

    async def get(self, url):
        return (await self._client.get(url)).status_code

    async def close(self):
        await self._client.aclose()


class AiohttpClient:
    """The same for aiohttp."""

    def __init__(self, auth):
        connector = aiohttp.TCPConnector(limit=AT_ONCE // 4)
        self._client = aiohttp.ClientSession(middlewares=(auth,), connector=connector)

    async def get(self, url):
        async with self._client.get(url) as response:
            await response.read()
            return response.status

    async def close(self):
        await self._client.close()


clients = pytest.mark.parametrize(
    "client_of", [HttpxClient, AiohttpClient], ids=["httpx", "aiohttp"]
)


class Clock:
    """This machine's clock, an hour behind: the first token has expired when it arrives."""

    behind = 3600

    def __call__(self):
        return time.time() - self.behind


async def complaints_of(storm):
    """Run a storm, and return the errors of the event loop and the remaining tasks."""
    complaints = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    await asyncio.wait_for(storm, 2 * PATIENCE)
    gc.collect()  # a task with an unread exception reports it when it is deleted
    await asyncio.sleep(0)
    return complaints, asyncio.all_tasks(loop) - {asyncio.current_task()}


async def cancelled(task):
    """Cancel a task, and say whether it was still running."""
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE)
    assert done, "a cancelled request hangs"
    return task.cancelled()


async def steps_after_refusal(auth, task, number):
    """Wait until a refusal was handled, and then for some steps of the event loop."""
    while not auth.clock_offset and not task.done():
        await asyncio.sleep(0)
    for _ in range(number):
        await asyncio.sleep(0)


def assert_has_token(auth):
    assert len(auth.token.split(".")) == 3
    assert auth.clock_offset == 0 or abs(auth.clock_offset - 3600) <= 10


@clients
def test_cancelled_at_each_point(client_of, gate):
    url = f"{gate.url}/v1/videos/text2video"
    outcomes = []

    def auth_of_this_gate():
        return KlingAuth(gate.access_key, gate.secret_key, clock=Clock(), base_url=gate.url)

    async def storm():
        start = time.monotonic()
        client = client_of(auth_of_this_gate())
        assert await client.get(url) == 200
        usual = min(time.monotonic() - start, 0.2)
        await client.close()
        for number in range(CANCELLED):
            auth = auth_of_this_gate()
            client = client_of(auth)
            task = asyncio.ensure_future(client.get(url))
            if number % 2:
                await steps_after_refusal(auth, task, number // 2)
            else:  # from before its first step to well after its usual end
                await asyncio.sleep(1.5 * usual * number / CANCELLED)
            outcomes.append((await cancelled(task), auth.clock_offset != 0))
            assert_has_token(auth)
            assert await asyncio.wait_for(client.get(url), PATIENCE) == 200
            assert_has_token(auth)
            await client.close()

    assert asyncio.run(complaints_of(storm())) == ([], set())
    # Points before and after the refusal, or the test would prove nothing.
    assert {(True, False), (True, True)} <= set(outcomes)
    TALLIES["storms"]["cancelled in turn"] += 2 * CANCELLED


@clients
def test_cancelled_among_others(client_of, gate):
    rng = random.Random(client_of.__name__)  # noqa: S311
    auth = KlingAuth(gate.access_key, gate.secret_key, clock=Clock(), base_url=gate.url)
    url = f"{gate.url}/v1/videos/text2video"

    async def cancel_some_time(task):
        await asyncio.sleep(rng.uniform(0, 0.1))
        await cancelled(task)

    async def storm():
        client = client_of(auth)
        tasks = [asyncio.ensure_future(client.get(url)) for _ in range(AT_ONCE)]
        await asyncio.gather(*(cancel_some_time(task) for task in tasks[::2]))
        assert await asyncio.gather(*tasks[1::2]) == [200] * (AT_ONCE // 2)
        assert await asyncio.gather(*(client.get(url) for _ in range(AT_ONCE))) == [200] * AT_ONCE
        await client.close()

    assert asyncio.run(complaints_of(storm())) == ([], set())
    assert_has_token(auth)
    assert len(gate.seen()) <= 4 * AT_ONCE
    TALLIES["storms"]["cancelled among others"] += 2 * AT_ONCE

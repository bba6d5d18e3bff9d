"""Asynchronous secrets managers: one call, however many requests wait for it."""

import asyncio
import gc
import importlib.util
import re
import threading
import traceback
import warnings

import pytest
from conftest import TALLIES
from outputs import logged

from kling_auth import (
    ArgumentTypeError,
    CredentialError,
    KlingAuth,
    KlingAuthError,
    _native,
)

HAS_NIQUESTS = importlib.util.find_spec("niquests") is not None
PATH = "/v1/videos/text2video"
TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'
OLD_KEYS = "0123456789abcdefghijABCDEFGHIJ01", "0123456789abcdefghijABCDEFGHIJ02"
OTHER_KEYS = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
MANY = 64
UNKNOWN = b'{"code":1002,"message":"access key not exist"}'


class Manager:
    """A slow secrets manager."""

    def __init__(self, secret=OLD_KEYS, delay=0.05):
        self.secret = secret
        self.delay = delay
        self.calls = 0

    async def fetch(self):
        self.calls += 1
        await asyncio.sleep(self.delay)
        if isinstance(self.secret, BaseException):
            raise self.secret
        return self.secret


# Clients: a coroutine function that sends many requests at once and returns their statuses.


def with_an_async_client(of):
    async def send(auth, url, many=MANY):
        limits = of.Limits(max_connections=many)
        async with of.AsyncClient(auth=auth, limits=limits, timeout=30) as client:
            sent = [client.post(url, content=TASK) for _ in range(many)]
            return [answer.status_code for answer in await asyncio.gather(*sent)]

    return send


async def by_aiohttp(auth, url, many=MANY):
    import aiohttp

    async with aiohttp.ClientSession(middlewares=[auth]) as session:

        async def one():
            async with session.post(url, data=TASK) as response:
                return response.status

        return await asyncio.gather(*[one() for _ in range(many)])


async def by_niquests(auth, url, many=MANY):
    import niquests

    async with niquests.AsyncSession(pool_maxsize=many) as session:
        sent = [session.post(url, data=TASK, auth=auth, timeout=30) for _ in range(many)]
        return [answer.status_code for answer in await asyncio.gather(*sent)]


if HAS_NIQUESTS:
    CLIENTS = {"niquests async": by_niquests}
    some_client = by_niquests
else:
    import httpx
    import httpx2

    CLIENTS = {
        "httpx async": with_an_async_client(httpx),
        "httpx2 async": with_an_async_client(httpx2),
        "aiohttp": by_aiohttp,
    }
    some_client = by_aiohttp


async def rotated(gate, manager, **options):
    """An auth with the keys from before a rotation. The manager has the current keys."""
    auth = await KlingAuth.afrom(manager.fetch, base_url=gate.url, **options)
    manager.secret = (gate.access_key, gate.secret_key)
    manager.calls = 0
    return auth


@pytest.mark.parametrize("client", CLIENTS)
def test_many_requests_after_a_rotation(client, gate):
    manager = Manager()

    async def run():
        auth = await rotated(gate, manager)
        first = await CLIENTS[client](auth, gate.url + PATH)
        return auth, first, await CLIENTS[client](auth, gate.url + PATH)

    auth, first, second = asyncio.run(run())
    assert first == second == [200] * MANY
    assert manager.calls == 1
    assert auth.access_key == gate.access_key
    assert auth.last_verdict.action == "retry"
    # Each request was refused at most once, and the later ones never.
    assert len(gate.seen()) <= 3 * MANY
    assert [status for status, _, _ in gate.seen()].count(401) <= MANY
    TALLIES["storms"]["requests after a rotation"] += 2 * MANY


@pytest.mark.parametrize("client", CLIENTS)
def test_a_manager_that_fails(client, gate):
    """The current credentials stay, one warning names the type, and there is one call."""
    manager = Manager()

    async def run():
        auth = await rotated(gate, manager)
        manager.secret = RuntimeError("the secret is fedcba9876543210")
        return await CLIENTS[client](auth, gate.url + PATH, 8)

    with logged() as lines:
        statuses = asyncio.run(run())
    assert statuses == [401] * 8
    assert manager.calls == 1
    assert any("the credentials function raised RuntimeError" in text for text in lines)
    assert "fedcba9876543210" not in "".join(lines)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_manager_that_has_the_same(client, gate):
    manager = Manager()

    async def run():
        auth = await rotated(gate, manager)
        manager.secret = OLD_KEYS
        return await CLIENTS[client](auth, gate.url + PATH, 8)

    assert asyncio.run(run()) == [401] * 8
    assert manager.calls == 1


@pytest.mark.parametrize("client", CLIENTS)
def test_once_a_minute(client, gate):
    manager = Manager(delay=0)
    now = 1_800_000_000

    async def run():
        nonlocal now
        auth = await rotated(gate, manager, clock=lambda: now)
        manager.secret = OLD_KEYS
        for at in (0, 30, 59, 60, 100):
            now = 1_800_000_000 + at
            assert await CLIENTS[client](auth, gate.url + PATH, 2) == [401] * 2
        return manager.calls

    assert asyncio.run(run()) == 2


@pytest.mark.parametrize("client", CLIENTS)
def test_a_manager_that_returns_something_else(client, gate):
    manager = Manager()

    async def run():
        auth = await rotated(gate, manager)
        manager.secret = ("", "a secret that nobody may see")
        return await CLIENTS[client](auth, gate.url + PATH, 2)

    with logged() as lines:
        assert asyncio.run(run()) == [401] * 2
    assert "raised CredentialError" in "".join(lines)
    assert "nobody may see" not in "".join(lines)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_reload_continues_if_its_request_is_cancelled(client, gate):
    manager = Manager(delay=0.4)

    async def run():
        auth = await rotated(gate, manager)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(CLIENTS[client](auth, gate.url + PATH, 1), 0.2)
        return await CLIENTS[client](auth, gate.url + PATH, 8)

    assert asyncio.run(run()) == [200] * 8
    assert manager.calls == 1


def test_threads_with_loops_of_their_own(gate):
    manager = Manager(delay=0.3)
    auth = asyncio.run(rotated(gate, manager))
    outcomes = []

    def work():
        outcomes.append(asyncio.run(some_client(auth, gate.url + PATH, 8)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [[200] * 8] * 4
    assert manager.calls == 1


def test_a_loop_that_was_closed_during_a_reload(gate):
    """Its reload can never end, so the next one does not wait for it."""
    manager = Manager(delay=0)
    now = 1_800_000_000
    auth = asyncio.run(rotated(gate, manager, clock=lambda: now))
    token = auth.token
    manager.delay = 60

    async def cut():
        asyncio.create_task(auth.ahandle_response(401, {}, UNKNOWN, token=token))  # noqa: RUF006
        await asyncio.sleep(0.1)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(cut())
    pending = asyncio.all_tasks(loop)
    loop.close()
    assert pending and auth.access_key == OLD_KEYS[0]
    now += 61
    manager.delay = 0
    verdict = asyncio.run(auth.ahandle_response(401, {}, UNKNOWN, token=token))
    assert (verdict.action, auth.access_key) == ("retry", gate.access_key)
    for task in pending:
        task._log_destroy_pending = False


def test_a_bearer_from_before_the_reload(gate):
    """A slow request: the credentials were replaced before its response."""
    manager = Manager(delay=0)

    async def run():
        auth = await rotated(gate, manager)
        token = auth.token
        first = await auth.ahandle_response(401, {}, UNKNOWN, token=token)
        late = await auth.ahandle_response(401, {}, UNKNOWN, token=token)
        return first.action, late.action

    assert asyncio.run(run()) == ("retry", "retry")
    assert manager.calls == 1


def test_a_body_that_cannot_be_sent_again(gate):
    """The refusal is returned, and the next request has the new credentials."""
    if HAS_NIQUESTS:
        return
    manager = Manager()

    async def body():
        yield TASK

    async def run():
        auth = await rotated(gate, manager)
        async with httpx2.AsyncClient(auth=auth) as client:
            first = await client.post(gate.url + PATH, content=body())
            second = await client.post(gate.url + PATH, content=body())
        return first.status_code, second.status_code

    assert asyncio.run(run()) == (401, 200)
    assert manager.calls == 1


def test_on_trio(gate):
    if HAS_NIQUESTS:
        return
    import trio

    calls = []

    async def fetch():
        calls.append(len(calls))
        await trio.sleep(0.2)
        return OLD_KEYS if len(calls) == 1 else (gate.access_key, gate.secret_key)

    async def run():
        auth = await KlingAuth.afrom(fetch, base_url=gate.url)
        statuses = []

        async def one(client):
            statuses.append((await client.post(gate.url + PATH, content=TASK)).status_code)

        async with httpx2.AsyncClient(auth=auth) as client, trio.open_nursery() as nursery:
            for _ in range(16):
                nursery.start_soon(one, client)
        return statuses

    assert trio.run(run) == [200] * 16
    assert len(calls) == 2


# Without a client.


def test_options_are_passed_on():
    async def fetch():
        return OLD_KEYS

    options = {
        "buffer_sec": 10,
        "lifetime": 60,
        "clock": lambda: 1_800_000_000,
        "base_url": "https://gateway.example",
    }
    auth = asyncio.run(KlingAuth.afrom(fetch, **options))
    assert (auth.expires_at, auth.base_url) == (1_800_000_060, "https://gateway.example")
    assert (auth.access_key, auth.source) == (OLD_KEYS[0], "function")
    assert type(auth) is KlingAuth


def test_an_api_key_and_a_function_that_need_not_be_awaited():
    async def fetch():
        return "api-key-kling-0123456789abcdef0123456789abcdef"

    assert asyncio.run(KlingAuth.afrom(fetch)).token.startswith("api-key-kling-")
    assert asyncio.run(KlingAuth.afrom(lambda: OLD_KEYS)).access_key == OLD_KEYS[0]
    assert asyncio.run(KlingAuth.afrom(lambda: fetch())).access_key is None


def test_a_subclass():
    class Mine(KlingAuth):
        pass

    async def fetch():
        return OLD_KEYS

    assert type(asyncio.run(Mine.afrom(fetch))) is Mine


def test_the_first_error_of_the_function_is_raised():
    async def fetch():
        raise LookupError("no such secret")

    with pytest.raises(LookupError):
        asyncio.run(KlingAuth.afrom(fetch))
    with pytest.raises(ArgumentTypeError, match="a function that returns credentials"):
        asyncio.run(KlingAuth.afrom("a secret"))
    with pytest.raises(CredentialError):
        asyncio.run(KlingAuth.afrom(lambda: ("", "b")))


@pytest.mark.parametrize("function", [Manager().fetch, lambda: Manager().fetch()])
def test_the_constructor_names_afrom(function):
    """Python does not warn of a coroutine that was never awaited."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ArgumentTypeError, match=r"await KlingAuth\.afrom\(function\)"):
            KlingAuth(credentials=function)
        gc.collect()


def test_rotate():
    manager = Manager(delay=0)

    async def run():
        auth = await KlingAuth.afrom(manager.fetch)
        manager.secret = OTHER_KEYS
        with pytest.raises(ArgumentTypeError, match=r"`await auth\.arotate\(\)`") as refusal:
            auth.rotate()
        assert refusal.value.code == "ERR_TYPE"
        assert auth.access_key == OLD_KEYS[0]
        before = auth.token
        await auth.arotate()
        assert auth.access_key == OTHER_KEYS[0] and auth.token != before
        manager.secret = TimeoutError()
        with pytest.raises(TimeoutError):
            await auth.arotate()
        assert auth.access_key == OTHER_KEYS[0]
        auth.rotate(*OLD_KEYS)  # explicit credentials
        return auth.access_key

    assert asyncio.run(run()) == OLD_KEYS[0]
    assert manager.calls == 3


def test_a_rotation_during_a_reload_wins():
    manager = Manager(delay=0.1)

    async def run():
        auth = await KlingAuth.afrom(manager.fetch)
        waiting = asyncio.create_task(auth.arotate())
        await asyncio.sleep(0.02)
        auth.rotate(*OTHER_KEYS)
        await waiting
        return auth.access_key

    assert asyncio.run(run()) == OTHER_KEYS[0]


def test_arotate_of_other_sources():
    calls = []
    auth = KlingAuth(credentials=lambda: calls.append(1) or OLD_KEYS)
    asyncio.run(auth.arotate())
    assert len(calls) == 2
    with pytest.raises(KlingAuthError):
        asyncio.run(KlingAuth(*OLD_KEYS).arotate())


def test_ahandle_response_of_other_sources():
    keys = iter([OLD_KEYS, OTHER_KEYS])
    auth = KlingAuth(credentials=lambda: next(keys))
    verdict = asyncio.run(auth.ahandle_response(401, {}, UNKNOWN))
    assert (verdict.action, auth.access_key) == (
        "fail",
        OTHER_KEYS[0],
    )  # the next one goes with those


def test_ahandle_response_without_a_token():
    manager = Manager(delay=0)

    async def run():
        auth = await KlingAuth.afrom(manager.fetch)
        manager.secret = OTHER_KEYS
        return auth, await auth.ahandle_response(401, {}, UNKNOWN)

    auth, verdict = asyncio.run(run())
    assert (verdict.action, auth.access_key) == ("retry", OTHER_KEYS[0])
    assert auth.last_verdict == verdict


@pytest.mark.parametrize(
    "status, body",
    [
        (401, b'{"code":1002,"message":"does not support AK/SK"}'),
        (401, b'{"code":1000,"message":"signature is invalid"}'),
        (429, b'{"code":1302}'),
        (200, b'{"code":0}'),
        (401, b"<html>"),
    ],
)
def test_other_refusals_do_not_reload(status, body):
    manager = Manager(delay=0)

    async def run():
        auth = await KlingAuth.afrom(manager.fetch)
        await auth.ahandle_response(status, {}, body)

    asyncio.run(run())
    assert manager.calls == 1


def test_a_synchronous_client_logs_a_warning(gate):
    """It keeps its credentials and says what to do. The next asynchronous client reloads."""
    import requests

    manager = Manager(delay=0)
    auth = asyncio.run(rotated(gate, manager))
    with logged() as lines:
        assert requests.get(gate.url + PATH, auth=auth, timeout=10).status_code == 401
    assert any(re.search(r"`await auth\.arotate\(\)` .*WARN_RELOAD_FAILED", line) for line in lines)
    assert manager.calls == 0
    assert asyncio.run(some_client(auth, gate.url + PATH, 2)) == [200] * 2
    assert manager.calls == 1
    assert requests.get(gate.url + PATH, auth=auth, timeout=10).status_code == 200


def test_no_secret_is_shown():
    manager = Manager(delay=0)

    async def run():
        auth = await KlingAuth.afrom(manager.fetch)
        function = _native.async_function(auth)
        return repr(auth) + repr(function) + repr(function.reloads)

    assert OLD_KEYS[1] not in asyncio.run(run())


@pytest.mark.parametrize("client", CLIENTS)
def test_no_error_report_shows_a_bearer(client, gate):
    """A ``BaseException`` ends a reload, with a traceback through our frames."""

    class Stop(BaseException):
        pass

    manager = Manager(delay=0)

    async def run():
        auth = await rotated(gate, manager)
        manager.secret = Stop(OLD_KEYS[1])
        await CLIENTS[client](auth, gate.url + PATH, 1)

    with pytest.raises(Stop) as error:
        asyncio.run(run())
    report = traceback.TracebackException.from_exception(error.value, capture_locals=True)
    shown = [str(frame.locals) for frame in report.stack if "kling_auth" in frame.filename]
    assert shown and not any("eyJ" in text or OLD_KEYS[1] in text for text in shown)

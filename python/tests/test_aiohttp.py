"""aiohttp: a middleware, and cancelled tasks."""

import asyncio

import aiohttp
import pytest

from kling_auth import KlingAuth

PATH = "/v1/videos/text2video"
TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


def with_session(use, *middlewares):
    """Run a coroutine function with a session."""

    async def run():
        async with aiohttp.ClientSession(middlewares=middlewares) as session:
            return await use(session)

    return asyncio.run(run())


def test_one_request(gate, auth):
    async def use(session):
        async with session.get(gate.url + PATH, middlewares=[auth]) as response:
            return await response.json()

    assert with_session(use)["code"] == 0


def test_a_stream_stays_a_stream(gate, auth):
    async def use(session):
        async with session.get(gate.url + PATH) as response:
            return await response.content.read()

    assert b'"code":0' in with_session(use, auth)


def test_a_refusal_stays_readable(gate, auth):
    gate.prepare(answers=[{"code": 1103}])

    async def use(session):
        async with session.get(gate.url + PATH) as response:
            return await response.json(), await response.text()

    json, text = with_session(use, auth)
    assert json["code"] == 1103
    assert '"code":1103' in text


def test_connections_are_released(gate, auth):
    gate.prepare(skew=3600)

    async def use(session):
        for _ in range(3):
            async with session.post(gate.url + PATH, data=TASK) as response:
                assert response.status == 200
        return len(session.connector._conns), len(session.connector._acquired)

    assert with_session(use, auth) == (1, 0)


@pytest.mark.parametrize("wait", ["delay", "stall"])
def test_a_cancelled_request(gate, auth, wait):
    gate.prepare(skew=3600, answers=[{"code": 1004, wait: 5}])

    async def use(session):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(session.get(gate.url + PATH), 0.3)
        assert auth.clock_offset == 0
        async with session.get(gate.url + PATH) as response:
            return response.status, len(session.connector._acquired)

    assert with_session(use, auth) == (200, 0)


def test_a_session_that_raises_for_status(gate, auth):
    gate.prepare(answers=[{"code": 1102}])

    async def use(session):
        await session.get(gate.url + PATH, raise_for_status=True)

    with pytest.raises(aiohttp.ClientResponseError):
        with_session(use, auth)
    assert auth.last_verdict.cause == "resource_pack_used_up"


def test_a_file_is_not_sent_again(gate, auth, tmp_path):
    gate.prepare(skew=3600)
    (tmp_path / "task.json").write_bytes(TASK)

    async def use(session):
        with (tmp_path / "task.json").open("rb") as file:
            async with session.post(gate.url + PATH, data=file) as response:
                return response.status

    assert with_session(use, auth) == 401
    assert len(gate.seen()) == 1


@pytest.mark.parametrize("body", [{"data": "text"}, {"json": {"a": 1}}, {"data": {"a": "1"}}, {}])
def test_a_body_in_memory_is_sent_again(gate, auth, body):
    gate.prepare(skew=3600)

    async def use(session):
        async with session.post(gate.url + PATH, **body):
            pass

    with_session(use, auth)
    assert [bearer for _, _, bearer in gate.seen()] == [1, 2]

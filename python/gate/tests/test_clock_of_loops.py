"""The time of a program that waits in event loops."""

import asyncio
import queue
import sys
import threading
import time

import aiohttp
import httpx
import pytest

from kling_auth.testing import KlingGate

# More than any machine needs for what is here.
SECONDS = 20


def test_an_event_loop(kling_gate):
    async def program():
        begin = time.time()
        assert await asyncio.sleep(600, "result") == "result"
        return time.time() - begin

    real = time.perf_counter()
    assert 600 <= asyncio.run(program()) < 600 + SECONDS
    assert time.perf_counter() - real < SECONDS


def test_tasks_of_an_event_loop_wake_in_order(kling_gate):
    async def program():
        begin, woken = time.time(), []

        async def sleeper(seconds):
            await asyncio.sleep(seconds)
            woken.append((seconds, round(time.time() - begin, -1)))

        await asyncio.gather(*map(sleeper, (300, 100, 200, 100)))
        return woken

    assert asyncio.run(program()) == [(100, 100), (100, 100), (200, 200), (300, 300)]


def test_a_sleep_that_is_cancelled(kling_gate):
    async def program():
        begin = time.time()
        task = asyncio.ensure_future(asyncio.sleep(10_000))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(100)
        return time.time() - begin

    assert 100 <= asyncio.run(program()) < 100 + SECONDS


async def by_httpx(gate):
    async with httpx.AsyncClient() as client:
        return (await asyncio.wait_for(client.get(gate.url), 30)).status_code


async def by_aiohttp(gate):
    # It limits the connection by asyncio.timeout.
    async with aiohttp.ClientSession() as session, session.get(gate.url) as response:
        return response.status


@pytest.mark.parametrize("request_of", [by_httpx, by_aiohttp])
def test_a_request_within_a_timeout_beside_tasks_that_sleep(kling_gate, request_of):
    async def program():
        queue = asyncio.Queue()

        async def producer():
            for _ in range(5):
                await asyncio.sleep(60)
                await queue.put(True)
            await queue.put(False)

        producing = asyncio.ensure_future(producer())
        statuses = []
        while await queue.get():
            statuses.append(await request_of(kling_gate))
        await producing
        return statuses

    assert asyncio.run(program()) == [401] * 5


def test_a_late_answer_within_a_timeout_beside_a_task_that_sleeps(kling_gate):
    async def ticks():
        while True:
            await asyncio.sleep(5)

    async def program():
        ticking = asyncio.ensure_future(ticks())
        async with httpx.AsyncClient() as client:
            response = await asyncio.wait_for(client.get(kling_gate.url, timeout=None), 30)
        ticking.cancel()
        return response.status_code

    kling_gate.answer(delay=1, code=0)
    assert asyncio.run(program()) == 200


def test_a_task_that_lives_longer_than_a_stand_in():
    loop = asyncio.new_event_loop()
    rounds = []

    async def refresher():
        while True:
            await asyncio.sleep(60)
            rounds.append(True)

    async def start():
        return loop.create_task(refresher())

    gate = KlingGate().start()
    task = loop.run_until_complete(start())
    loop.run_until_complete(asyncio.sleep(90))
    for _ in range(3):
        gate.stop()
        gate = KlingGate().start()
        rounds.clear()
        loop.run_until_complete(asyncio.sleep(150))
        assert len(rounds) >= 2
    assert not task.done()
    task.cancel()
    gate.stop()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()


def test_a_loop_that_pauses_while_another_one_waits(kling_gate):
    loop = asyncio.new_event_loop()

    async def start():
        return loop.create_task(asyncio.sleep(10, "done"))

    async def another():
        waiting = asyncio.ensure_future(asyncio.sleep(100))
        await asyncio.wait({waiting}, timeout=0.05)
        waiting.cancel()

    task = loop.run_until_complete(start())
    asyncio.run(another())
    begin = time.time()
    assert loop.run_until_complete(task) == "done"
    assert 10 <= time.time() - begin < 10 + SECONDS
    loop.close()


def test_timeouts_of_an_event_loop_are_real(kling_gate):
    async def program():
        kling_gate.clock.advance(10)
        waiting = asyncio.wait_for(asyncio.get_running_loop().create_future(), 0.05)
        real = time.perf_counter()
        with pytest.raises(asyncio.TimeoutError):
            await waiting
        assert time.perf_counter() - real >= 0.04
        # The time that others move does not end it early.
        waiting = asyncio.ensure_future(asyncio.wait_for(asyncio.sleep(0.1, "done"), SECONDS))
        kling_gate.clock.advance(1000)
        assert await waiting == "done"

    asyncio.run(program())


def test_a_queue_waits_in_real_time(kling_gate):
    def move():
        for _ in range(20):
            kling_gate.clock.advance(100)

    mover = threading.Thread(target=move)
    mover.start()
    real = time.perf_counter()
    with pytest.raises(queue.Empty):
        queue.Queue().get(timeout=0.2)
    assert time.perf_counter() - real >= 0.2
    mover.join()


@pytest.mark.skipif(sys.version_info < (3, 9), reason="asyncio.to_thread is newer")
def test_threads_of_an_event_loop(kling_gate):
    async def program():
        begin = time.time()
        await asyncio.gather(*(asyncio.to_thread(time.sleep, 50) for _ in range(4)))
        return time.time() - begin

    assert asyncio.run(program()) >= 50


def test_a_loop_that_ended_with_a_sleep(kling_gate):
    loop = asyncio.new_event_loop()
    task = loop.create_task(asyncio.sleep(5))
    loop.run_until_complete(asyncio.sleep(0))
    begin = time.time()
    asyncio.run(asyncio.sleep(100))
    assert 100 <= time.time() - begin < 100 + SECONDS
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()

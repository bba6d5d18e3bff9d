"""The time of the program under test."""

import asyncio
import threading
import time

import pytest
import requests

from kling_auth import KlingAuth
from kling_auth.testing import KlingGate, KlingGateError

# More than any machine needs for what is here.
SECONDS = 20

REAL_TIME = time.time


def test_it_goes_on_by_itself(kling_gate):
    first = time.time()
    time.sleep(0.01)
    assert 0 < time.time() - first < SECONDS


@pytest.mark.parametrize("name", ["time", "monotonic"])
def test_all_clocks_move(kling_gate, name):
    before = getattr(time, name)(), getattr(time, f"{name}_ns")()
    kling_gate.clock.advance(1000)
    assert 1000 <= getattr(time, name)() - before[0] < 1000 + SECONDS
    assert 1000e9 <= getattr(time, f"{name}_ns")() - before[1] < (1000 + SECONDS) * 1e9


@pytest.mark.parametrize("seconds", [-1, float("nan"), -float("inf")])
def test_it_does_not_go_back(kling_gate, seconds):
    with pytest.raises(ValueError, match="from 0 to 10000000000"):
        kling_gate.clock.advance(seconds)


def test_a_sleep_moves_both_sides(kling_gate):
    auth = KlingAuth()
    begin, real = time.time(), time.perf_counter()
    first = auth.token
    time.sleep(2400)
    assert time.perf_counter() - real < SECONDS
    assert 2400 <= time.time() - begin < 2400 + SECONDS
    assert auth.token != first
    old = {"Authorization": f"Bearer {first}"}
    url = f"{kling_gate.url}/v1/videos/text2video"
    assert requests.get(url, headers=old, timeout=5).json()["code"] == 1004
    assert requests.get(url, auth=auth, timeout=5).json()["code"] == 0


def test_a_short_sleep_is_real(kling_gate):
    begin, real = time.time(), time.perf_counter()
    time.sleep(0.1)
    assert time.perf_counter() - real >= 0.1
    assert time.time() - begin < SECONDS


def test_names_that_a_module_has_imported(module):
    before = module("from time import sleep, time, monotonic\nimport asyncio\n")
    untouched = before.sleep
    with KlingGate() as gate:
        during = module("from time import sleep, time\nfrom asyncio import sleep as wait\n")
        for program in (before, during):
            begin = program.time()
            program.sleep(100)
            assert program.time() - begin >= 100
        assert gate.clock.now() - begin >= 100
    assert before.sleep is during.sleep is untouched
    assert before.time is during.time is time.time


def test_threads_that_sleep_at_the_same_time(kling_gate):
    begin = time.time()
    threads = [threading.Thread(target=time.sleep, args=(100,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each has slept at least once, and not one after the other unless they started so.
    assert 100 <= time.time() - begin < 8 * 100 + SECONDS


def test_events_on_the_way(kling_gate):
    seen = []
    begin = time.time()
    for seconds in (300, 100, 200, 100):
        kling_gate.clock.at(
            seconds, lambda seconds=seconds: seen.append((seconds, round(time.time() - begin, -1)))
        )
    kling_gate.clock.advance(99)
    assert seen == []
    time.sleep(101)
    assert seen == [(100, 100), (100, 100), (200, 200)]


def test_an_event_that_moves_the_time(kling_gate):
    kling_gate.clock.at(10, lambda: kling_gate.clock.advance(100))
    begin = time.time()
    kling_gate.clock.advance(20)
    assert 110 <= time.time() - begin < 110 + SECONDS


def test_two_stand_ins_have_one_time():
    with KlingGate() as first:
        first.clock.advance(1000)
        with KlingGate() as second:
            second.clock.advance(1000)
            times = []
            for gate in (first, second):
                requests.get(f"{gate.url}/v1/videos/text2video", timeout=5)
                times.append(gate.requests[0].time)
            assert all(abs(one - time.time()) < SECONDS for one in times)
    with KlingGate() as third:
        assert abs(third.clock.now() - time.time()) < SECONDS
    assert abs(time.time() - REAL_TIME()) < SECONDS


def test_freezegun_has_the_time_already():
    freezegun = pytest.importorskip("freezegun")
    with freezegun.freeze_time(), pytest.raises(KlingGateError, match="freezegun"):
        KlingGate().start()


def test_time_machine_has_the_time_already():
    time_machine = pytest.importorskip("time_machine")
    with time_machine.travel(0), pytest.raises(KlingGateError, match="time-machine"):
        KlingGate().start()


def test_a_clock_that_cannot_be_moved_leaves_no_process():
    freezegun = pytest.importorskip("freezegun")
    gate = KlingGate()
    with freezegun.freeze_time(), pytest.raises(KlingGateError):
        gate.start()
    with gate:
        assert gate.requests == []


TASK = {"model_name": "kling-v1", "prompt": "a cat"}


def polls(gate):
    return sum(request.method == "GET" for request in gate.requests)


@pytest.mark.parametrize("seconds", [60, 3600, 86_400])
def test_a_thread_in_the_background_does_not_hurry_the_program(kling_gate, patience, seconds):
    kling_gate.tasks(seconds=600)
    ended = threading.Event()

    def clean():
        while not ended.is_set():
            time.sleep(seconds)

    thread = threading.Thread(target=clean, daemon=True)
    thread.start()
    auth, url = KlingAuth(), f"{kling_gate.url}/v1/videos/text2video"
    with requests.Session() as session:
        session.auth = auth
        task = session.post(url, json=TASK, timeout=5).json()["data"]
        while task["task_status"] in ("submitted", "processing"):
            time.sleep(20)
            task = session.get(f"{url}/{task['task_id']}", timeout=5).json()["data"]
    ended.set()
    assert polls(kling_gate) == 30
    assert all(request.code == 0 for request in kling_gate.requests)
    thread.join(SECONDS)


@pytest.mark.parametrize("seconds", [60, 3600, 86_400])
def test_a_task_in_the_background_does_not_hurry_the_program(kling_gate, patience, seconds):
    httpx = pytest.importorskip("httpx")
    kling_gate.tasks(seconds=600)

    async def clean():
        while True:
            await asyncio.sleep(seconds)

    async def poll(client, url):
        task = (await client.post(url, json=TASK)).json()["data"]
        while task["task_status"] in ("submitted", "processing"):
            await asyncio.sleep(20)
            task = (await client.get(f"{url}/{task['task_id']}")).json()["data"]

    async def program():
        background = asyncio.ensure_future(clean())
        url = f"{kling_gate.url}/v1/videos/text2video"
        async with httpx.AsyncClient(auth=KlingAuth()) as client:
            await asyncio.gather(*(poll(client, url) for _ in range(5)))
        background.cancel()

    asyncio.run(program())
    assert polls(kling_gate) == 5 * 30
    assert all(request.code == 0 for request in kling_gate.requests)


def test_an_event_may_wait_for_a_thread_that_sleeps(kling_gate):
    def event():
        thread = threading.Thread(target=time.sleep, args=(5,))
        thread.start()
        thread.join(SECONDS)
        assert not thread.is_alive()

    kling_gate.clock.at(60, event)
    begin = time.time()
    time.sleep(120)
    assert 120 <= time.time() - begin < 120 + SECONDS


@pytest.mark.parametrize("seconds", [1e12, 1e308, float("inf")])
def test_a_sleep_that_is_too_long_changes_nothing(kling_gate, seconds):
    begin = time.time()
    with pytest.raises(ValueError, match="from 0 to"):
        time.sleep(seconds)
    assert time.time() - begin < SECONDS
    time.sleep(100)
    assert 100 <= time.time() - begin < 100 + SECONDS


@pytest.mark.parametrize(("value", "error"), [(-1, ValueError), ("x", TypeError)])
def test_what_is_not_a_time_is_refused_as_before(kling_gate, value, error):
    with pytest.raises(error):
        time.sleep(value)


def test_not_a_number(kling_gate):
    with pytest.raises(ValueError):
        time.sleep(float("nan"))
    with pytest.raises(ValueError):
        kling_gate.clock.at(float("nan"), print)
    with pytest.raises(TypeError, match="pass a function"):
        kling_gate.clock.at(5, None)


def test_a_function_that_a_program_has_kept_is_real_afterwards(module):
    with KlingGate() as gate:
        program = module("from time import sleep as pause, time as now\n")
        gate.clock.advance(1000)
    assert abs(program.now() - time.time()) < SECONDS
    real = time.perf_counter()
    program.pause(0.2)
    assert time.perf_counter() - real >= 0.2


def test_a_clock_that_a_patch_has_restored_is_not_another_one():
    with pytest.MonkeyPatch.context() as patch, KlingGate():
        patch.setattr(time, "time", lambda: 0)
    assert time.time is not REAL_TIME
    assert abs(time.time() - REAL_TIME()) < SECONDS
    with KlingGate() as gate:
        assert abs(time.time() - gate.clock.now()) < SECONDS
    assert time.time is REAL_TIME

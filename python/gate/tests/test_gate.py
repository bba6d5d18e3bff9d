"""What a test can set, and what the program under test sees."""

import socket
import time

import pytest
import requests

from kling_auth import KlingAuth, check, verdict
from kling_auth.testing import KlingGate, KlingGateError

TASK = {"model_name": "kling-v1", "prompt": "a cat"}


def path(gate, more=""):
    return f"{gate.url}/v1/videos/text2video{more}"


def cause(response):
    return verdict(response.status_code, response.content).cause


def code(response):
    return response.status_code, response.json()["code"]


@pytest.fixture
def get(kling_gate):
    """Send a request with the credentials of the environment."""
    auth = KlingAuth()
    return lambda more="": requests.get(path(kling_gate, more), auth=auth, timeout=5)


@pytest.fixture
def post(kling_gate):
    """Create a task with the credentials of the environment."""
    auth = KlingAuth()
    return lambda **more: requests.post(
        path(kling_gate), json={**TASK, **more}, auth=auth, timeout=5
    )


def test_the_environment_has_a_valid_account(kling_gate):
    assert check(KlingAuth())
    assert KlingAuth().base_url == kling_gate.url
    assert [request.scheme for request in kling_gate.requests] == ["jwt"]


def test_an_api_key(monkeypatch):
    with KlingGate(scheme="api_key") as gate:
        auth = KlingAuth()
        assert auth.token == gate.api_key
        url = f"{gate.url}/text-to-video/kling-v3"
        assert requests.post(url, json=TASK, auth=auth, timeout=5).json()["code"] == 0
        assert [request.scheme for request in gate.requests] == ["api_key"]


@pytest.mark.parametrize("kling_gate_scheme", ["jwt", "api_key"])
def test_the_fixture_with_either_scheme(kling_gate, kling_gate_scheme):
    url = f"{kling_gate.url}/v1/videos/text2video"
    assert requests.get(url, auth=KlingAuth(), timeout=5).ok
    assert [request.scheme for request in kling_gate.requests] == [kling_gate_scheme]


def test_a_region_that_does_not_exist(kling_gate):
    with pytest.raises(KlingGateError, match="no region has this name; there are beijing, singa"):
        kling_gate.region("bejing")
    with pytest.raises(KlingGateError, match="region must be the name of a region, or null"):
        kling_gate.region(1)


def test_another_scheme():
    with pytest.raises(ValueError, match='scheme must be "jwt" or "api_key"'):
        KlingGate(scheme="basic")
    # What a traceback shows of one that was never made.
    assert repr(KlingGate.__new__(KlingGate)) == "<KlingGate, not running>"


@pytest.mark.parametrize(
    ("number", "status"), [(1000, 401), (1103, 403), (1102, 429), (1303, 429), (5001, 503)]
)
def test_refusals(kling_gate, number, status):
    kling_gate.refuse(number, times=2)
    auth = {"Authorization": f"Bearer {KlingAuth().token}"}
    seen = [code(requests.get(path(kling_gate), headers=auth, timeout=5)) for _ in range(3)]
    assert seen == [(status, number), (status, number), (200, 0)]
    assert [request.code for request in kling_gate.requests] == [number, number, 0]


def test_a_refusal_with_a_message(kling_gate):
    kling_gate.refuse(1102, message="Account balance not enough")
    response = requests.get(path(kling_gate), auth=KlingAuth(), timeout=5)
    assert response.json()["message"] == "Account balance not enough"
    assert cause(response) == "resource_pack_used_up"


def test_a_code_that_kling_does_not_have(kling_gate):
    with pytest.raises(KlingGateError, match="no such code; Kling refuses with 1000, 1001, "):
        kling_gate.refuse(1234)


def test_an_answer(kling_gate, get):
    kling_gate.answer(status=502, body="<html>")
    response = get()
    assert (response.status_code, response.text) == (502, "<html>")
    with pytest.raises(KlingGateError, match="is not a field of an answer"):
        kling_gate.answer(stauts=502)


@pytest.mark.parametrize(("seconds", "number"), [(3600, 1004), (-3600, 1003)])
def test_a_skew(kling_gate, get, seconds, number):
    kling_gate.skew(seconds)
    assert code(get()) == (200, 0)
    assert [request.code for request in kling_gate.requests] == [number, 0]


def test_a_region(kling_gate, get):
    kling_gate.region("beijing")
    assert cause(get()) == "unknown_access_key"
    kling_gate.region("singapore")
    assert code(get()) == (200, 0)


def test_slow_answers(kling_gate, get):
    kling_gate.slow(0.2)
    begin = time.perf_counter()
    get()
    assert time.perf_counter() - begin >= 0.2
    with pytest.raises(KlingGateError, match="seconds from 0 to 30"):
        kling_gate.slow(31)


def test_a_rotation_reaches_a_program_that_reads_the_environment(kling_gate, get):
    old = kling_gate.account
    assert code(get()) == (200, 0)
    new = kling_gate.rotate()
    assert new == kling_gate.account != old
    assert code(get()) == (200, 0)
    assert [request.code for request in kling_gate.requests] == [0, 1002, 0]
    assert (
        requests.get(
            path(kling_gate), headers={"Authorization": f"Bearer {old.api_key}"}, timeout=5
        ).json()["message"]
        == "api key not found"
    )


def test_a_task(kling_gate, get, post):
    kling_gate.tasks(seconds=60)
    task = post(external_task_id="order-1").json()["data"]
    assert task["task_status"] == "submitted"
    for seconds, status in [(50, "processing"), (10, "succeed")]:
        kling_gate.clock.advance(seconds)
        by_id, by_external_id = get("/" + task["task_id"]), get("/order-1")
        found = [{**one.json()["data"], "updated_at": None} for one in (by_id, by_external_id)]
        assert found[0] == found[1]
        assert by_id.json()["data"]["task_status"] == status
    url = by_id.json()["data"]["task_result"]["videos"][0]["url"]
    assert not url.startswith(kling_gate.url)
    assert [one["task_id"] for one in get().json()["data"]] == [task["task_id"]]


def test_a_task_that_fails(kling_gate, get, post):
    kling_gate.tasks(fails=True)
    task = get("/" + post().json()["data"]["task_id"]).json()["data"]
    assert task["task_status"] == "failed"


def test_limits(kling_gate, post):
    kling_gate.tasks(seconds=60)
    kling_gate.limit(parallel=1, total=2)
    assert [code(post()) for _ in range(2)] == [(200, 0), (429, 1303)]
    kling_gate.clock.advance(60)
    assert [code(post()) for _ in range(2)] == [(200, 0), (429, 1102)]


def test_what_arrived(kling_gate, post):
    begin = int(kling_gate.clock.now())
    post()
    (request,) = kling_gate.requests
    assert (request.method, request.path) == ("POST", "/v1/videos/text2video")
    assert (request.status, request.code, request.bearer) == (200, 0, 1)
    assert request.body == TASK
    assert 0 <= request.time - begin <= 5


def test_no_key_is_shown(kling_gate):
    text = f"{kling_gate!r} {kling_gate.account!r}"
    assert kling_gate.secret_key not in text
    assert kling_gate.api_key not in text


def test_a_stand_in_that_was_stopped():
    gate = KlingGate()
    with pytest.raises(KlingGateError, match=r"not running: call start\(\)"):
        gate.skew(1)
    gate.start()
    assert gate.start() is gate
    gate.stop()
    gate.stop()
    assert repr(gate) == "<KlingGate, not running>"
    with pytest.raises(KlingGateError, match="not running"):
        gate.skew(1)


@pytest.mark.parametrize("method", ["shutdown", "close"])
def test_an_idle_connection_that_was_closed(kling_gate, method):
    kling_gate.skew(1)
    connection = kling_gate._process._connection
    if method == "shutdown":
        connection.sock.shutdown(socket.SHUT_RDWR)
    else:
        # As the stand-in does it: the next write succeeds, and no answer comes.
        stale, other = socket.socketpair()
        other.close()
        connection.sock.close()
        connection.sock = stale
    kling_gate.skew(2)
    assert kling_gate.requests == []


def test_a_stand_in_that_was_killed(kling_gate):
    kling_gate._process._process.kill()
    kling_gate._process._process.wait()
    for _ in range(2):
        with pytest.raises(KlingGateError, match="does not answer; was it stopped"):
            kling_gate.skew(1)

"""``scenarios.json`` through Envoy, sent by a client that knows nothing of Kling."""

import http.client
import urllib.parse

import pytest
from conftest import TALLIES, _python_tests
from gateway import Client, Envoy, cluster, free_ports, listener, route, wasm

TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'
CASES = [
    case
    for case in _python_tests.vectors("scenarios.json")
    # The client asks another host by itself, or adds a bearer: it has none.
    if case.get("host") != "other" and not case.get("by_hand")
]
# Envoy keeps a request until it is answered, so it can send a stream twice.
STREAMS = {
    "a stream is not sent twice, but the next one is right": {
        "seen": [[401, 1004, 1], [200, 0, 2], [200, 0, 2]]
    },
    "a stream that was refused is handed on": {
        "status": 200,
        "code": 0,
        "seen": [[401, 1004, 1], [200, 0, 2]],
    },
}


@pytest.fixture(scope="module")
def envoy(a_gate):
    """Envoy with an account for each scenario, so that none has a corrected clock."""
    (port,) = free_ports(1)
    accounts = {
        str(index): a_gate.keys(case.get("credential", "key_pair"))
        for index, case in enumerate(CASES)
    }
    configuration = {"accounts": accounts, "base_url": a_gate.url, "debug_header": True}
    host = a_gate.url.removeprefix("http://")
    with Envoy(
        [listener(port, [route("kling", host)])],
        [cluster("kling", a_gate.url, wasm(configuration))],
    ) as envoy:
        envoy.port = port
        yield envoy


def call(case, index, client):
    """Send a request, and follow redirects."""
    headers = {"x-kling-account": str(index)}
    body = None
    if "body" in case:
        headers["Content-Type"] = "application/json"
        body = TASK if case["body"] == "json" else iter([TASK])
    path = case.get("path", "/v1/videos/text2video")
    answer = client.send(path, case.get("method", "GET"), body, headers)
    while answer.status in (307, 308):
        there = urllib.parse.urlsplit(answer.headers["location"])
        if there.netloc:
            other = Client(there.port)
            answer = other.send(there.path)
            other.close()
        else:
            answer = client.send(there.path, headers=headers)
    return answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_scenario(case, envoy, gate, another_gate):
    index = CASES.index(case)
    expect = {**case["expect"], **STREAMS.get(case["name"], {})}
    _python_tests.prepare(case, gate, another_gate)
    before = envoy.counters()
    client = envoy.client(envoy.port)
    try:
        for _ in range(case.get("times", 1)):
            answer = call(case, index, client)
        status = answer.status
    except (http.client.HTTPException, ConnectionError):
        status = "broken"

    # What a client sees of an answer that was cut is up to Envoy: its own 502 or 503.
    if expect["status"] == "broken":
        assert status in ("broken", 502, 503)
        assert gate.seen() == expect["seen"]
        TALLIES["scenarios"] += 1
        return
    assert status == expect["status"]
    if "code" in expect:
        assert answer.json["code"] == expect["code"]
    assert gate.seen() == expect["seen"]
    assert another_gate.seen() == expect.get("other_seen", [])
    if "other_seen" not in expect:
        check_verdict(answer, case, expect, before, envoy.counters())
    TALLIES["scenarios"] += 1


def check_verdict(answer, case, expect, before, after):
    """A refusal is counted, and the last answer says why it is one."""
    debug = dict(part.split("=") for part in answer.headers["x-kling-auth-debug"].split(", "))
    assert debug["account"] == str(CASES.index(case))
    if "clock_offset" in expect:
        assert abs(int(debug["clock_offset"]) - expect["clock_offset"]) <= 2
    cause = expect.get("cause")
    counted = [
        name.removeprefix("refused.")
        for name, count in after.items()
        if name.startswith("refused.") and count > before.get(name, 0)
    ]
    assert counted == ([cause] if cause else [])
    ours = answer.of_ours()
    if expect["seen"][-1][1] == 0 or not cause:
        assert set(ours) == {"debug"}
        return
    assert ours["cause"] == cause
    assert ours["remedy"]
    if "action" in expect:
        assert ours["action"] == expect["action"]

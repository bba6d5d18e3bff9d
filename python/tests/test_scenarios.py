"""``scenarios.json`` with every client."""

import json
import logging

import pytest
from clients import BROKEN, CLIENTS, Call, Once
from conftest import SCENARIOS, prepare, vectors
from outputs import logged

from kling_auth import KlingAuth, KlingAuthError

TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'
BODIES = {None: None, "json": TASK, "stream": Once(TASK)}


def call(case, auth, host):
    headers = {"Content-Type": "application/json"} if "body" in case else {}
    if case.get("by_hand"):
        headers["Authorization"] = auth.headers["Authorization"]
    url = host.url + case.get("path", "/v1/videos/text2video")
    return Call(case.get("method", "GET"), url, headers, BODIES[case.get("body")])


def outcome(send, auth, calls):
    """The result for the caller, in the terms of the vectors, and the body."""
    try:
        answer = send(auth, calls)
    except KlingAuthError as error:
        return {"error": error.code}, b""
    except BROKEN:
        return {"status": "broken"}, b""
    return {"status": answer.status}, answer.body


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("case", vectors("scenarios.json"), ids=lambda case: case["name"])
def test_scenario(case, client, gate, other):
    expect = dict(case["expect"])
    prepare(case, gate, other)
    auth = KlingAuth(**gate.keys(case.get("credential", "key_pair")), base_url=gate.url)
    host = other if case.get("host") == "other" else gate
    with logged(logging.WARNING) as lines:
        calls = [call(case, auth, host)] * case.get("times", 1)
        seen, body = outcome(CLIENTS[client], auth, calls)

    assert seen == {name: expect[name] for name in ("status", "error") if name in expect}
    if "code" in expect:
        assert json.loads(body)["code"] == expect["code"]
    if "clock_offset" in expect:
        assert abs(auth.clock_offset - expect["clock_offset"]) <= 2
    if "warning" in expect:
        assert any(expect["warning"] in text for text in lines)
    assert gate.seen() == expect["seen"]
    assert other.seen() == expect.get("other_seen", [])
    if seen != {"status": "broken"}:
        check_verdict(auth.last_verdict, expect)
    SCENARIOS[client] += 1


def check_verdict(verdict, expect):
    assert getattr(verdict, "cause", None) == expect.get("cause")
    if "action" in expect:
        assert verdict.action == expect["action"]

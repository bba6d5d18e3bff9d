"""Callbacks through Envoy. Signatures are made by the specification's own library."""

import base64
import json
import socket
import time
from datetime import datetime, timezone

import pytest
from conftest import TALLIES
from gateway import Envoy, cluster, free_ports, listener, route, wasm
from server import Server
from standardwebhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_" + base64.b64encode(b"another secret, with 32 bytes...").decode()
BODY = json.dumps({"task_id": "1", "task_status": "succeed"}, separators=(",", ":"))


@pytest.fixture(scope="module")
def program():
    program = Server()
    yield program
    program.close()


@pytest.fixture(scope="module")
def envoy(program):
    (port,) = free_ports(1)
    variables = {"NEW": SECRET, "OLD": OLD}
    own = wasm({"webhook_secrets_env": ["NEW", "OLD"]}, variables)
    listeners = [listener(port, [route("program", "program")], own)]
    with Envoy(listeners, [cluster("program", program.url)]) as envoy:
        envoy.port = port
        yield envoy


def signed(body=BODY, secret=SECRET, at=None, id="msg_1"):
    at = int(time.time()) if at is None else at
    text = body if isinstance(body, str) else body.decode("latin-1")
    signature = Webhook(secret).sign(id, datetime.fromtimestamp(at, timezone.utc), text)
    return {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": signature}


def deliver(envoy, program, headers, body=BODY):
    """Return Envoy's answer, and what the program got."""
    program.seen.clear()
    answer = envoy.client(envoy.port).send("/callback", "POST", body, headers)
    TALLIES["callbacks"] += 1
    return answer, program.seen


@pytest.mark.parametrize("secret", [SECRET, OLD], ids=["new secret", "old secret"])
def test_a_signed_callback_is_passed_on(envoy, program, secret):
    headers = signed(secret=secret)
    answer, [(seen, body)] = deliver(envoy, program, headers)
    assert answer.status == 200
    assert body == BODY.encode()
    assert seen["x-kling-auth-webhook-id"] == "msg_1"
    assert seen["x-kling-auth-webhook-timestamp"] == headers["webhook-timestamp"]


def test_the_body_arrives_unchanged_whatever_its_length(envoy, program):
    for body in ["", " \r\n\t{ }", "x" * 70_000, "y" * 900_000]:
        answer, [(_, got)] = deliver(envoy, program, signed(body), body.encode())
        assert answer.status == 200, len(body)
        assert got == body.encode()


def test_a_body_in_chunks(envoy, program):
    parts = [BODY[:5].encode(), BODY[5:].encode()]
    answer, [(_, got)] = deliver(envoy, program, signed(), iter(parts))
    assert (answer.status, got) == (200, BODY.encode())


def refusals():
    now = int(time.time())
    no_header = signed()
    del no_header["webhook-timestamp"]
    yield "not signed", {}, BODY, "ERR_WEBHOOK_UNSIGNED"
    yield "no time", no_header, BODY, "ERR_WEBHOOK_HEADER"
    yield "too old", signed(at=now - 400), BODY, "ERR_WEBHOOK_TIME"
    yield "from the future", signed(at=now + 400), BODY, "ERR_WEBHOOK_TIME"
    yield "a changed body", signed(), BODY + " ", "ERR_WEBHOOK_SIGNATURE"
    other = "whsec_" + base64.b64encode(b"a secret that nobody knows......").decode()
    yield "another secret", signed(secret=other), BODY, "ERR_WEBHOOK_SIGNATURE"


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [each[1:] for each in refusals()],
    ids=[each[0] for each in refusals()],
)
def test_others_are_answered_with_401(envoy, program, headers, body, code):
    before = envoy.counters()
    answer, seen = deliver(envoy, program, headers, body)
    assert (answer.status, answer.json["code"], seen) == (401, code, [])
    after = envoy.counters()
    changed = {name for name in after if after[name] != before.get(name, 0)}
    assert changed == {f"callbacks.refused.{code.removeprefix('ERR_WEBHOOK_').lower()}"}


def test_nobody_else_says_that_it_is_verified(envoy, program):
    forged = {"x-kling-auth-webhook-id": "forged", "x-kling-auth-webhook-timestamp": "1"}
    _, [(seen, _)] = deliver(envoy, program, {**signed(), **forged})
    assert seen["x-kling-auth-webhook-id"] == "msg_1"
    assert seen["x-kling-auth-webhook-timestamp"] != "1"


def test_a_body_beyond_envoys_buffer_is_refused(envoy, program):
    """Envoy keeps 1 MiB by default: nothing is passed on before it is verified."""
    body = "z" * 3_000_000
    answer, seen = deliver(envoy, program, signed(body), body.encode())
    assert (answer.status, seen) == (413, [])


def test_an_unsigned_callback_is_answered_before_its_body(envoy, program):
    """Nobody can make Envoy wait, or keep a body, without a signature."""
    with socket.create_connection(("127.0.0.1", envoy.port), timeout=10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nhost: gateway\r\ncontent-length: 500000\r\n\r\n{")
        assert connection.recv(1000).startswith(b"HTTP/1.1 401")

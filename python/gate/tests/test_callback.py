"""Callbacks: signed, and given to a handler, an application, or a URL."""

import asyncio
import json
import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from standardwebhooks import Webhook

from kling_auth import KlingAuth, WebhookError, verify_webhook
from kling_auth.testing import KlingGateError

TASK = {"model_name": "kling-v1", "prompt": "a cat"}


@pytest.fixture
def task(kling_gate):
    """Create a task, and return its id."""

    def create(**more):
        url = f"{kling_gate.url}/v1/videos/text2video"
        body = {**TASK, **more}
        answer = requests.post(url, json=body, auth=KlingAuth(), timeout=5).json()
        return answer["data"]["task_id"]

    return create


@pytest.fixture
def server():
    """A server that keeps what it receives."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((self.path, dict(self.headers.items()), body))
            self.send_response(202)
            self.end_headers()
            self.wfile.write(b"thanks")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    thread.join()
    server.server_close()


def verified(headers, body):
    return verify_webhook(os.environ["KLING_WEBHOOK_SECRET"], headers, body)


def test_it_reports_a_task_and_is_signed(kling_gate, task):
    kling_gate.tasks(seconds=60)
    first, second = task(), task()
    early = kling_gate.callback()
    assert early.task_id == second
    assert json.loads(early.body)["task_status"] == "processing"
    kling_gate.clock.advance(60)
    callback = kling_gate.callback(first)
    assert callback.task_id == json.loads(callback.body)["task_id"] == first
    assert json.loads(callback.body)["task_status"] == "succeed"
    assert verified(callback.headers, callback.body)
    # By the reference library, which has the moved time, too.
    Webhook(kling_gate.webhook_secret).verify(callback.body, callback.headers)
    with pytest.raises(WebhookError):
        verified(callback.headers, callback.body + b" ")


def test_a_task_that_does_not_exist(kling_gate):
    for task_id, reason in [
        (None, "there is no task: the program"),
        ("42", "there is no such task"),
    ]:
        with pytest.raises(KlingGateError, match=reason):
            kling_gate.callback(task_id)


def test_a_url(kling_gate, task, server):
    url, received = server
    task()
    callback = kling_gate.callback()
    answer = callback.post(f"{url}/kling?x=1")
    assert (answer.status, answer.body) == (202, b"thanks")
    ((path, headers, body),) = received
    assert path == "/kling?x=1"
    assert verified(headers, body)
    assert callback.post(f"{kling_gate.url}/none").status == 401


def test_a_wsgi_application(kling_gate, task):
    flask = pytest.importorskip("flask")
    app = flask.Flask("shop")

    @app.post("/kling")
    def kling():
        verified(flask.request.headers, flask.request.get_data())
        return flask.request.args["order"], 201

    task()
    answer = kling_gate.callback().wsgi(app, "/kling?order=1")
    assert (answer.status, answer.body) == (201, b"1")
    assert kling_gate.callback().wsgi(app).status == 404


def test_a_plain_wsgi_application(kling_gate, task):
    closed = []

    class Body(list):
        def close(self):
            closed.append(True)

    def app(environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        headers = {
            name[5:].replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        verified(headers, body)
        start_response("200 OK", [])(b"first ")
        return Body([b"second"])

    task()
    assert kling_gate.callback().wsgi(app).body == b"first second"
    assert closed == [True]


async def asgi(scope, receive, send):
    message = await receive()
    verified(dict(scope["headers"]), message["body"])
    assert (await receive())["type"] == "http.disconnect"
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def test_an_asgi_application(kling_gate, task):
    task()
    answer = kling_gate.callback().asgi(asgi, "/kling")
    assert (answer.status, answer.body) == (201, b"/kling")


def test_an_error_of_an_application(kling_gate, task):
    async def broken(scope, receive, send):
        raise ZeroDivisionError

    task()
    with pytest.raises(ZeroDivisionError):
        kling_gate.callback().asgi(broken)


def test_the_stand_in_calls_the_url_of_a_task_that_ended(kling_gate, task, server):
    url, received = server
    kling_gate.tasks(seconds=600)
    task_id = task(callback_url=f"{url}/kling")
    kling_gate.clock.advance(590)
    assert kling_gate.callbacks == []
    kling_gate.clock.advance(10)
    for _ in range(200):
        if kling_gate.callbacks:
            break
        time.sleep(0.02)
    (sent,) = kling_gate.callbacks
    assert (sent.task_id, sent.url, sent.status) == (task_id, f"{url}/kling", 202)
    ((_, headers, body),) = received
    assert body == sent.body
    assert verified(headers, body)


def test_it_calls_no_other_machine(kling_gate, task):
    url = "http://192.0.2.1/kling"
    kling_gate.tasks()
    task(callback_url=url)
    for _ in range(200):
        if kling_gate.callbacks:
            break
        time.sleep(0.02)
    (sent,) = kling_gate.callbacks
    assert (sent.url, sent.status) == (url, None)


def test_a_server_or_an_application_that_does_not_answer(kling_gate, task, monkeypatch):
    monkeypatch.setattr("kling_gate.callback.SECONDS", 0.2)
    task()
    made = kling_gate.callback()
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/kling"
        with pytest.raises(KlingGateError, match=r"did not answer within .* asyncio\.to_thread"):
            made.post(url)

    async def silent(scope, receive, send):
        await asyncio.Event().wait()

    with pytest.raises(KlingGateError, match="the application did not answer within"):
        made.asgi(silent)

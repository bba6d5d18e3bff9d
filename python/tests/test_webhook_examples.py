"""The examples of callbacks, with callbacks signed by the library of the specification."""

import json
import runpy
import time
from datetime import datetime, timezone

import pytest
from conftest import ROOT
from fastapi import FastAPI
from fastapi.testclient import TestClient
from standardwebhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TASK = {"task_id": "1", "task_status": "succeed", "prompt": "猫"}
BODY = json.dumps(TASK, indent=1)


def callback(now, secret=SECRET):
    """The headers of a callback with ``BODY``."""
    signature = Webhook(secret).sign("msg_1", datetime.fromtimestamp(now, timezone.utc), BODY)
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(now)}
    return {**headers, "Webhook-Signature": signature, "Content-Type": "application/json"}


class OfFastAPI:
    def __init__(self, app):
        self.client = TestClient(app)

    def post(self, headers, body):
        response = self.client.post("/kling", headers=headers, content=body)
        return response.status_code, response.text


class OfFlask:
    def __init__(self, app):
        self.client = app.test_client()

    def post(self, headers, body):
        response = self.client.post("/kling", headers=headers, data=body)
        return response.status_code, response.text


@pytest.fixture(params=["fastapi", "flask"])
def example(request, monkeypatch):
    monkeypatch.setenv("KLING_WEBHOOK_SECRET", SECRET)
    path = ROOT / "python" / "examples" / f"webhook_{request.param}.py"
    app = runpy.run_path(str(path))["app"]
    return OfFastAPI(app) if isinstance(app, FastAPI) else OfFlask(app)


def test_a_callback_is_accepted(example, capsys):
    assert example.post(callback(int(time.time())), BODY.encode()) == (200, "")
    assert capsys.readouterr().out == "msg_1 succeed\n"


def test_others_are_refused(example, capsys):
    now, body = int(time.time()), BODY.encode()
    for headers, sent, code in (
        ({}, body, "ERR_WEBHOOK_UNSIGNED"),
        (callback(now), json.dumps(TASK).encode(), "ERR_WEBHOOK_SIGNATURE"),
        (callback(now - 400), body, "ERR_WEBHOOK_TIME"),
        (callback(now, SECRET.replace("Mf", "Nf")), body, "ERR_WEBHOOK_SIGNATURE"),
    ):
        status, text = example.post(headers, sent)
        assert status == 400
        assert code in text
    assert capsys.readouterr().out == ""

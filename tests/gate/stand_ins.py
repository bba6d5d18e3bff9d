# ruff: noqa: S603, S607
"""The stand-ins that Python starts, behind one interface, for `compare.py`.

    stand_ins.py start NAME COUNT          milliseconds to the first answer, each of COUNT times
    stand_ins.py loop URL BEARER SECONDS   requests a second of one client in a loop
    stand_ins.py loop responses SECONDS    the same, without a server
    stand_ins.py serve NAME OPTIONS        pytest-httpserver or WireMock, until stdin closes
    stand_ins.py bearer OPENING            a bearer for the gate, whose first line this is
    stand_ins.py size NAME                 bytes of a package and of all that it depends on

It runs in the environment that `compare.py` makes.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import importlib.metadata
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import MappingProxyType
from typing import Callable, Iterator, Mapping, NamedTuple

import requests
import responses
from pip._vendor.packaging.requirements import Requirement
from pytest_httpserver import HTTPServer
from werkzeug import Response

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python" / "gate"))

from kling_gate import KlingGate  # noqa: E402

PATH = "/v1/videos/text2video"
# Nothing has this name, so no request reaches a host if a stand-in does not see it.
NOWHERE = "https://kling.invalid"
# What the gate answers before it has a task.
BODY = {"code": 0, "message": "SUCCEED", "request_id": "1", "data": []}
PATIENCE = 30

# It would write a line for each request.
logging.getLogger("werkzeug").setLevel(logging.ERROR)


class Answer(NamedTuple):
    """An answer that a stand-in gives."""

    status: int = 200
    body: dict = BODY
    headers: Mapping[str, str] = MappingProxyType({})


class Account(NamedTuple):
    """A key pair."""

    access_key: str
    secret_key: str


def signed(account: Account, now: float, lifetime: int = 1800, delay: int = -5) -> str:
    """A bearer, without a library."""
    claims = {
        "iss": account.access_key,
        "exp": int(now) + lifetime,
        "nbf": int(now) + delay,
    }
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    text = b".".join(_encode(json.dumps(part).encode()) for part in parts)
    return f"Bearer {(text + b'.' + _signature(text, account)).decode()}"


def _encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _signature(text: bytes, account: Account) -> bytes:
    return _encode(hmac.digest(account.secret_key.encode(), text, hashlib.sha256))


def verified(authorization: str, account: Account, now: float) -> Answer:
    """What a user writes where a stand-in does not verify the bearer."""
    text, _, signature = authorization.replace("Bearer ", "").encode().rpartition(b".")
    if signature != _signature(text, account):
        return refused(1000, "signature is invalid")
    claims = json.loads(base64.urlsafe_b64decode(text.split(b".")[1] + b"=="))
    if claims["nbf"] > now:
        return refused(1003, "Authorization is not yet valid")
    if claims["exp"] <= now:
        return refused(1004, "Authorization has expired")
    if claims["exp"] - now > 1830:
        return refused(1002, "Authorization is invalid")
    return Answer()


def refused(code: int, message: str) -> Answer:
    """A refusal of Kling's."""
    return Answer(401, {"code": code, "message": message, "request_id": "1", "data": None})


class HttpServer:
    """pytest-httpserver, without pytest."""

    name = "pytest-httpserver"

    def __init__(self) -> None:
        self.server = HTTPServer(host="127.0.0.1")

    def __enter__(self) -> HttpServer:
        self.server.start()
        self.url = self.server.url_for("").rstrip("/")
        self.session = requests.Session()
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self.server.stop()

    def serve(self, *answers: Answer) -> None:
        """Give these answers in turn. The last one is repeated."""
        for answer in answers[:-1]:
            self.server.expect_oneshot_request(PATH).respond_with_response(_response(answer))
        self.server.expect_request(PATH).respond_with_response(_response(answers[-1]))

    def serve_by(self, function: Callable[[str], Answer]) -> None:
        """Give the answers of a function, which gets the bearer."""
        self.server.expect_request(PATH).respond_with_handler(
            lambda request: _response(function(request.headers["authorization"]))
        )

    def clear(self) -> None:
        """Forget all answers."""
        self.server.clear()


def _response(answer: Answer) -> Response:
    headers = {"content-type": "application/json", **answer.headers}
    return Response(json.dumps(answer.body), answer.status, headers)


class Responses:
    """responses: it replaces what `requests` sends by."""

    name = "responses"
    url = NOWHERE

    def __enter__(self) -> Responses:
        self.mock = responses.RequestsMock(assert_all_requests_are_fired=False)
        self.mock.start()
        self.session = requests.Session()
        return self

    def __exit__(self, *_: object) -> None:
        self.mock.stop()

    def serve(self, *answers: Answer) -> None:
        """Give these answers in turn. The last one is repeated."""
        for answer in answers:
            self.mock.get(
                self.url + PATH, json=answer.body, status=answer.status, headers=answer.headers
            )

    def serve_by(self, function: Callable[[str], Answer]) -> None:
        """Give the answers of a function, which gets the bearer."""

        def callback(request: requests.PreparedRequest) -> tuple:
            answer = function(request.headers["authorization"])
            return answer.status, answer.headers, json.dumps(answer.body)

        self.mock.add_callback("GET", self.url + PATH, callback)

    def clear(self) -> None:
        """Forget all answers."""
        self.mock.reset()


class WireMock:
    """WireMock in Java. `WIREMOCK` is its jar."""

    name = "WireMock"

    def __init__(self, *options: str) -> None:
        self.options = options

    def __enter__(self) -> WireMock:
        self.folder = tempfile.TemporaryDirectory()
        # A stub in its folder is there as soon as it listens.
        mappings = Path(self.folder.name) / "mappings"
        mappings.mkdir()
        (mappings / "stub.json").write_text(json.dumps(_stub(Answer())))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.session = requests.Session()
        # As many entries as the gate's own log.
        options = ("--disable-banner", "--max-request-journal-entries", "10000", *self.options)
        places = ("--port", str(port), "--bind-address", "127.0.0.1")
        places = (*places, "--root-dir", self.folder.name)
        self.process = subprocess.Popen(
            ["java", "-jar", os.environ["WIREMOCK"], *places, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(port, self.process)
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def serve(self, *answers: Answer) -> None:
        """Give these answers in turn. The last one is repeated."""
        states = ["Started", *map(str, range(1, len(answers)))]
        for answer, state, following in zip(answers, states, [*states[1:], states[-1]]):
            scenario = {"scenarioName": "in turn", "requiredScenarioState": state}
            stub = {**_stub(answer), **scenario, "newScenarioState": following}
            self.control("mappings", stub)

    def clear(self) -> None:
        """Forget all answers."""
        self.control("mappings", None)
        self.control("scenarios/reset", {})

    def control(self, resource: str, value: object) -> dict:
        """Set a resource of WireMock's API, or delete it if the value is None."""
        method = "DELETE" if value is None else "POST"
        answer = self.session.request(method, f"{self.url}/__admin/{resource}", json=value)
        answer.raise_for_status()
        return answer.json() if answer.content else {}


def _stub(answer: Answer) -> dict:
    response = {"status": answer.status, "jsonBody": answer.body}
    headers = {"content-type": "application/json", **answer.headers}
    request = {"method": "GET", "urlPath": PATH}
    return {"request": request, "response": {**response, "headers": headers}}


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen) -> None:
    """Wait until something listens."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.005)
    raise SystemExit(f"this did not start: {' '.join(process.args)}")


@contextlib.contextmanager
def gate() -> Iterator[tuple[str, dict]]:
    """kling-gate as a user of Python starts it: the URL, and the headers to ask with."""
    with KlingGate() as running:
        account = Account(running.access_key, running.secret_key)
        yield running.url, {"authorization": signed(account, time.time())}


@contextlib.contextmanager
def peer(kind: type) -> Iterator[tuple[str, dict]]:
    """A peer that answers one request, likewise."""
    with kind() as running:
        running.serve(Answer())
        yield running.url, {}


STARTS = {
    "kling-gate": gate,
    **{kind.name: lambda kind=kind: peer(kind) for kind in (HttpServer, Responses, WireMock)},
}


def start(name: str, count: int) -> list[float]:
    """Start a stand-in so often, and ask it once."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        with STARTS[name]() as (url, headers):
            answer = requests.get(url + PATH, headers=headers, timeout=PATIENCE)
            times.append((time.perf_counter() - began) * 1e3)
            assert answer.json()["code"] == 0, answer.text
    return times


def loop(url: str, bearer: str, seconds: float) -> float:
    """Ask with one session of requests, one request after another."""
    session = requests.Session()
    session.headers["authorization"] = bearer
    count, began = 0, time.perf_counter()
    while time.perf_counter() < began + seconds:
        answer = session.get(url + PATH, timeout=PATIENCE)
        assert answer.json()["code"] == 0, answer.text
        count += 1
    return count / (time.perf_counter() - began)


def loop_twice(url: str, bearer: str, seconds: float) -> float:
    """As `loop`, after as many seconds that do not count."""
    loop(url, bearer, seconds)
    return loop(url, bearer, seconds)


def serve(name: str, *options: str) -> None:
    """Run a server until stdin closes."""
    [kind] = (kind for kind in (HttpServer, WireMock) if kind.name == name)
    with kind(*options) as server:
        server.serve(Answer())
        print(json.dumps({"url": server.url}), flush=True)
        sys.stdin.read()


def size(name: str) -> int:
    """Bytes of an installed package and of all that it depends on, without extras."""
    found, names = {}, [name]
    while names:
        one = importlib.metadata.distribution(names.pop())
        if one.name in found:
            continue
        files = (file for file in one.files or () if file.suffix != ".pyc")
        found[one.name] = sum(file.locate().stat().st_size for file in files)
        for line in one.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                names.append(needed.name)
    return sum(found.values())


def main(action: str, *values: str) -> None:
    """Run one action, and print its result as JSON."""
    if action == "serve":
        serve(*values)
    elif action == "bearer":
        opening = json.loads(values[0])
        print(signed(Account(opening["access_key"], opening["secret_key"]), time.time()))
    elif action == "size":
        print(size(values[0]))
    elif action == "start":
        print(json.dumps(start(values[0], int(values[1]))))
    elif values[0] == Responses.name:
        with Responses() as stand_in:
            stand_in.serve(Answer())
            print(loop_twice(stand_in.url, "Bearer none", float(values[1])))
    else:
        print(loop_twice(values[0], values[1], float(values[2])))


if __name__ == "__main__":
    main(*sys.argv[1:])

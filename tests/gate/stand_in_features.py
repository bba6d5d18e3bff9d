# ruff: noqa: S603
"""What each stand-in was seen to do, for the table of `compare.py`.

    stand_in_features.py NODE     prints {stand-in: {feature: what was seen}}

What a user writes himself is "by hand": this program wrote just that, and saw it work. `NODE` is a
Node, which asks as another language.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import warnings
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Iterator
from unittest import mock

import requests
import responses
import time_machine
from pytest_httpserver import HTTPServer, RequestMatcher
from responses import _recorder
from stand_ins import (
    BODY,
    NOWHERE,
    PATH,
    Account,
    Answer,
    HttpServer,
    KlingGate,
    Responses,
    WireMock,
    free_port,
    refused,
    signed,
    verified,
)

PAIR = Account("AKcompared", "SKcompared")
HOUR = 3600
STATES = ("processing", "processing", "succeed")
# What is answered to bearers that are right, of another key, too early, expired, and too long.
CODES = [0, 1000, 1003, 1004, 1002]
YES, BY_HAND, NO, OPTION = "yes", "by hand", "no", "with an option"


def ask(url: str, bearer: str = "Bearer none", **options: object) -> requests.Response:
    """Ask for the tasks."""
    return requests.get(url + PATH, headers={"authorization": bearer}, timeout=10, **options)


def codes_of_bearers(url: str, account: Account) -> list[int]:
    """What is answered to each of the five bearers."""
    now = time.time()
    bearers = (
        signed(account, now),
        signed(account._replace(secret_key="another"), now),
        signed(account, now, delay=600),
        signed(account, now, lifetime=-600),
        signed(account, now, lifetime=HOUR),
    )
    return [ask(url, bearer).json()["code"] for bearer in bearers]


def codes_while_polling(url: str, account: Account) -> set[int]:
    """40 minutes, with a bearer that is signed again when it has expired."""
    codes, began, expires = set(), time.time(), 0.0
    while time.time() < began + 40 * 60:
        if time.time() >= expires:
            bearer, expires = signed(account, time.time()), time.time() + 1800
        codes.add(ask(url, bearer).json()["code"])
        time.sleep(30)
    return codes


def is_ahead(answer: requests.Response) -> bool:
    """Whether the answer's one `Date` is an hour ahead."""
    date = parsedate_to_datetime(answer.headers["date"]).timestamp()
    return abs(date - time.time() - HOUR) < 60


def asked_by_node(url: str, node: str) -> bool:
    """Whether a program in another language gets an answer."""
    program = f"fetch({url + PATH!r}).then(() => process.exit(0), () => process.exit(1))"
    return subprocess.run([node, "-e", program], check=False).returncode == 0


def has_socket(url: str) -> bool:
    """Whether bytes on a socket are answered."""
    parts = urllib.parse.urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, parts.port or 443), timeout=10) as one:
            one.sendall(f"GET {PATH} HTTP/1.1\r\nhost: {parts.netloc}\r\n\r\n".encode())
            return one.recv(7) == b"HTTP/1."
    except OSError:
        return False


def gate(node: str) -> dict[str, str]:
    """kling-gate."""
    seen = {}

    def note(feature: str, is_so: bool) -> None:
        seen[feature] = YES if is_so else NO

    with KlingGate() as running:
        account = Account(running.access_key, running.secret_key)
        url = running.url

        def bearer() -> str:
            return signed(account, time.time())

        note("bearer", codes_of_bearers(url, account) == CODES)
        began = time.perf_counter()
        note("clock", codes_while_polling(url, account) == {0})
        seen["seconds"] = f"{time.perf_counter() - began:.2f}"
        running.refuse(1102)
        answer = ask(url, bearer())
        note("codes", (answer.status_code, answer.json()["code"]) == (429, 1102))
        running.skew(HOUR)
        answer = ask(url, bearer())
        note("skew", answer.json()["code"] == 1004 and is_ahead_of(running, answer))
        running.skew(0)
        running.region("beijing")
        note("regions", ask(url, bearer()).json()["code"] == 1002)
        running.region(None)
        note("unknown", requests.get(f"{url}/unknown", timeout=10).status_code >= 400)
        note("languages", asked_by_node(url, node))
        note("socket", has_socket(url))

        running.tasks(seconds=120)
        task = {"model_name": "kling-v2", "prompt": "a cat"}
        headers = {"authorization": bearer()}
        created = requests.post(url + PATH, json=task, headers=headers, timeout=10).json()
        place = f"{url}{PATH}/{created['data']['task_id']}"
        states = []
        for _ in STATES:
            answer = requests.get(place, headers=headers, timeout=10).json()
            states.append(answer["data"]["task_status"])
            time.sleep(70)
        note("tasks", tuple(states) == STATES)
        note("callbacks", is_signed(running.callback(), running.webhook_secret))
        note("others", requests.get(f"{url}/another", headers=headers, timeout=10).ok)
        # The list of requests, and an assertion of the user's.
        seen["missing"] = BY_HAND if all(one.path != "/never" for one in running.requests) else NO
    note("https", url.startswith("https:"))
    seen["fixed"] = seen["records"] = NO
    return seen


def is_ahead_of(running: KlingGate, answer: requests.Response) -> bool:
    """As `is_ahead`, by the clock of the program, which was moved."""
    date = parsedate_to_datetime(answer.headers["date"]).timestamp()
    return abs(date - running.clock.now() - HOUR) < 60


def is_signed(callback: object, secret: str) -> bool:
    """Verify a callback, as Standard Webhooks has it."""
    headers = callback.headers
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + callback.body
    key = base64.b64decode(secret.partition("_")[2])
    signature = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    return headers["webhook-signature"] == f"v1,{signature}"


@contextlib.contextmanager
def moved_time() -> Iterator[None]:
    """What moves the time of a program and of all that is in its process, by hand."""
    with time_machine.travel(time.time()) as traveller:
        real = time.sleep

        def sleep(seconds: float) -> None:
            if seconds < 1:
                real(seconds)
            else:
                traveller.shift(seconds)

        with mock.patch("time.sleep", sleep):
            yield


def common(stand_in: HttpServer | Responses | WireMock, node: str) -> dict[str, str]:
    """What is asked of each peer in the same way."""
    seen = {}
    stand_in.clear()
    for feature, answer in {
        "codes": refused(1102, "Resource pack depleted or expired"),
        "regions": refused(1002, "access key not exist"),
    }.items():
        stand_in.serve(answer)
        is_so = ask(stand_in.url).json() == answer.body
        seen[feature] = BY_HAND if is_so else NO
        stand_in.clear()

    stand_in.serve(Answer(headers={"date": formatdate(time.time() + HOUR, usegmt=True)}))
    answer = ask(stand_in.url)
    # Of two headers, requests makes one, with a comma between their values.
    is_single = answer.headers["date"].count(",") == 1
    seen["skew"] = (BY_HAND if is_ahead(answer) else NO) if is_single else "with a second `Date`"
    stand_in.clear()

    stand_in.serve(*(Answer(body={**BODY, "data": state}) for state in STATES))
    states = tuple(ask(stand_in.url).json()["data"] for _ in STATES)
    seen["tasks"] = BY_HAND if states == STATES else NO
    stand_in.clear()

    stand_in.serve(Answer())
    is_asked = asked_by_node(stand_in.url, node)
    seen["languages"] = YES if is_asked else "Python's requests alone"
    seen["socket"] = YES if has_socket(stand_in.url) else NO
    seen["fixed"] = YES if stand_in.url == NOWHERE and ask(stand_in.url).ok else NO
    stand_in.clear()
    return seen


def in_this_process(stand_in: HttpServer | Responses) -> dict[str, str]:
    """What is written as a function that answers."""
    seen = {}
    stand_in.serve_by(lambda bearer: verified(bearer, PAIR, time.time()))
    seen["bearer"] = BY_HAND if codes_of_bearers(stand_in.url, PAIR) == CODES else NO
    with moved_time():
        seen["clock"] = BY_HAND if codes_while_polling(stand_in.url, PAIR) == {0} else NO
    stand_in.clear()
    return seen


def is_error(function: object, kind: type[BaseException]) -> bool:
    """Whether calling a function is an error of this kind."""
    try:
        function()
    except kind:
        return True
    return False


def http_server(node: str) -> dict[str, str]:
    """pytest-httpserver."""
    with HttpServer() as stand_in:
        seen = {**common(stand_in, node), **in_this_process(stand_in)}
        answer = requests.get(f"{stand_in.url}/unknown", timeout=10)
        is_refused = answer.status_code == 500 and is_error(
            stand_in.server.check_assertions, AssertionError
        )
        seen["unknown"] = YES if is_refused else NO
        stand_in.clear()
        matcher = RequestMatcher("/never")
        is_missed = is_error(lambda: stand_in.server.assert_request_made(matcher), AssertionError)
        seen["missing"] = YES if is_missed else NO
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        making = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
        ]
        subprocess.run(
            [*making, "-keyout", key, "-out", certificate], check=True, capture_output=True
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
            server.expect_request(PATH).respond_with_json(BODY)
            seen["https"] = YES if ask(server.url_for("").rstrip("/"), verify=False).ok else NO
    return seen


def responses_of_requests(node: str) -> dict[str, str]:
    """responses."""
    with Responses() as stand_in:
        seen = {**common(stand_in, node), **in_this_process(stand_in)}
        is_refused = is_error(lambda: ask(f"{NOWHERE}/unknown"), requests.ConnectionError)
        seen["unknown"] = YES if is_refused else NO
        seen["https"] = seen["fixed"]
        with KlingGate() as running:
            bearer = signed(Account(running.access_key, running.secret_key), time.time())
            stand_in.mock.add_passthru(running.url)
            seen["beside"] = YES if ask(running.url, bearer).ok else NO

    def without_a_request() -> None:
        with responses.RequestsMock() as one:
            one.get(NOWHERE)

    seen["missing"] = YES if is_error(without_a_request, AssertionError) else NO
    with HttpServer() as real, tempfile.TemporaryDirectory() as folder:
        real.serve(Answer())
        file = Path(folder, "recorded.yaml")
        _recorder.record(file_path=file)(lambda: ask(real.url))()
        with responses.RequestsMock() as one:
            one._add_from_file(file_path=file)
            seen["records"] = YES if ask(real.url).ok and len(one.calls) == 1 else NO
    return seen


def wiremock(node: str) -> dict[str, str]:
    """WireMock."""
    secure = free_port()
    with WireMock("--https-port", str(secure), "--enable-browser-proxying") as stand_in:
        seen = common(stand_in, node)
        answer = requests.get(f"{stand_in.url}/unknown", timeout=10)
        seen["unknown"] = YES if answer.status_code == 404 else NO
        count = stand_in.control("requests/count", {"urlPath": "/never"})["count"]
        seen["missing"] = YES if count == 0 else NO
        stand_in.serve(Answer())
        seen["https"] = YES if ask(f"https://127.0.0.1:{secure}", verify=False).ok else NO
        proxies = {"https": stand_in.url}
        is_answered = ask(NOWHERE, verify=False, proxies=proxies).ok
        seen["fixed"] = "as a proxy" if is_answered else NO
        stand_in.clear()
        with HttpServer() as real:
            real.serve(Answer())
            stand_in.control("recordings/start", {"targetBaseUrl": real.url})
            ask(stand_in.url)
            stand_in.control("recordings/stop", {})
        seen["records"] = YES if ask(stand_in.url).ok else NO
        stand_in.clear()
        seen["callbacks"] = "unsigned" if sends_callbacks(stand_in) else NO
    return seen


def sends_callbacks(stand_in: WireMock) -> bool:
    """Whether WireMock sends a request of its own after it has answered."""
    came = threading.Event()

    class Program(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            came.set()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Program) as program:
        threading.Thread(target=program.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{program.server_port}/"
        webhook = {"name": "webhook", "parameters": {"method": "POST", "url": url, "body": "{}"}}
        stub = {"request": {"urlPath": PATH}, "response": {"status": 200}}
        stand_in.control("mappings", {**stub, "serveEventListeners": [webhook]})
        ask(stand_in.url)
        is_sent = came.wait(10)
        program.shutdown()
    return is_sent


def of_node(name: str, node: str) -> dict[str, str]:
    """msw or nock, which `compare.mjs` asks."""
    program = Path(__file__).with_name("compare.mjs")
    ran = subprocess.run(
        [node, "--no-warnings", program, "seen", name], check=True, stdout=subprocess.PIPE
    )
    return json.loads(ran.stdout)


def main(node: str) -> None:
    """Ask each, and print what was seen."""
    warnings.filterwarnings("ignore", message="Unverified HTTPS request")
    seen = {
        "kling-gate": gate(node),
        "pytest-httpserver": http_server(node),
        "WireMock": wiremock(node),
        "responses": responses_of_requests(node),
        "msw": of_node("msw", node),
        "nock": of_node("nock", node),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1])

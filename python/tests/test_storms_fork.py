"""A process is forked or spawned during a storm: parent and child continue.

A lock that a thread holds would stay locked in the child for ever, so there is no lock.
"""

import http.client
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest
from conftest import TALLIES
from storms import FIRST, KEYS, bearer_of, claims_of

from kling_auth import KlingAuth

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork"),
    # The warning is about what is tested: a fork while threads run.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]

# The seconds until a process counts as hanging.
PATIENCE = 30
CHILDREN = 24
SECOND = list(KEYS.items())[1]


def live_on(auth, pipe):
    """Use the manager in a child, and return the tokens."""
    tokens = [auth.token for _ in range(100)]
    tokens += [auth.refresh(), bearer_of(auth.headers)]
    auth.rotate()
    tokens.append(auth.token)
    auth.handle_response(401, {}, b'{"code":1004,"message":"Authorization has expired"}')
    auth.rotate(*SECOND)
    tokens.append(auth.token)
    pipe.send(tokens)


def run(context, auth):
    """Run a child to its end, and return its tokens."""
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=live_on, args=(auth, there), daemon=True)
    process.start()
    there.close()
    try:
        assert here.poll(PATIENCE), "the child hangs"
        tokens = here.recv()
        process.join(PATIENCE)
        assert process.exitcode == 0
        return tokens
    finally:
        process.kill()


@pytest.fixture
def auth(tmp_path, monkeypatch):
    """A manager that found its keys in a file, and reads the file again."""
    (tmp_path / ".env").write_text("KLING_ACCESS_KEY={}\nKLING_SECRET_KEY={}\n".format(*FIRST))
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("KLING")]:
        monkeypatch.delenv(name)
    return KlingAuth()


def assert_whole(tokens):
    issuers = [claims_of(token)["iss"] for token in tokens]
    assert issuers == [FIRST[0]] * 103 + [SECOND[0]]


def test_fork_in_the_middle(auth):
    is_over, reads = threading.Event(), []

    def read():
        number = 0
        while not is_over.is_set():
            assert claims_of(auth.token)["iss"] == FIRST[0]
            auth.refresh()
            auth.rotate()  # reads the file while other threads run
            number += 3
        reads.append(number)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        children = [run(multiprocessing.get_context("fork"), auth) for _ in range(CHILDREN)]
    finally:
        is_over.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(reads) == len(threads) and all(reads)
    for tokens in children:
        assert_whole(tokens)
    assert auth.access_key == FIRST[0]  # whatever credentials a child uses
    TALLIES["storms"]["around forks"] += sum(reads) + 104 * CHILDREN


def test_spawn_finds_them_again(auth):
    before = auth.token
    assert_whole(run(multiprocessing.get_context("spawn"), auth))
    assert auth.token == before
    TALLIES["storms"]["after spawn"] += 104


def test_a_secret_is_not_sent_to_another_process():
    with pytest.raises(TypeError, match="pickled"):
        run(multiprocessing.get_context("spawn"), KlingAuth(*FIRST))


APPLICATION = """
import json, os
from kling_auth import KlingAuth

auth = KlingAuth(os.environ["STORM_ACCESS_KEY"], os.environ["STORM_SECRET_KEY"])
at_import = auth.token

def application(environ, start_response):
    token = auth.refresh() if environ["PATH_INFO"] == "/refresh" else auth.token
    body = json.dumps([os.getpid(), at_import, token]).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""

WORKERS = 3


def test_gunicorn_forks_after_the_import(gate, tmp_path):
    (tmp_path / "storm_application.py").write_text(APPLICATION)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", "gunicorn", "--preload", f"--workers={WORKERS}"]
        command += [f"--bind=fd://{listener.fileno()}", "--log-level=error"]
        server = subprocess.Popen(  # noqa: S603
            [*command, "storm_application:application"],
            cwd=tmp_path,
            pass_fds=[listener.fileno()],
            env={
                **os.environ,
                "STORM_ACCESS_KEY": gate.access_key,
                "STORM_SECRET_KEY": gate.secret_key,
            },
        )
        try:
            answers = asked_of_all(listener.getsockname()[1])
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) == 0
    assert len({at_import for _, at_import, _ in answers}) == 1
    for _, at_import, token in answers:
        for each in (at_import, token):
            headers = {"Authorization": f"Bearer {each}"}
            assert gate.get("/v1/videos/text2video", headers) == (200, 0)
    TALLIES["storms"]["behind gunicorn"] += len(answers)


def asked_of_all(port):
    """Send requests until every worker has answered often, and return the responses."""
    answers, counts = [], {}
    while len(counts) < WORKERS or min(counts.values()) < 5:
        assert len(answers) < 2_000, f"not all workers answer: {counts}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/refresh" if len(answers) % 2 else "/")
        answers.append(json.loads(connection.getresponse().read()))
        connection.close()
        counts[answers[-1][0]] = counts.get(answers[-1][0], 0) + 1
    return answers

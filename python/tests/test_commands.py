"""``commands.json``: a table of command lines, run with the installed program."""

import base64
import hashlib
import hmac
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
from conftest import COMMANDS, Gate, vectors

import kling_auth

CASES = vectors("commands.json")
WEBHOOK_KEY = b"the gate's webhook secret"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A host that knows no credentials."""
    accounts = tmp_path_factory.mktemp("accounts") / "accounts.json"
    accounts.write_text("{}")
    gate = Gate("--accounts", str(accounts))
    yield gate
    gate.stop()


@pytest.fixture(scope="module")
def closed():
    """A port that is closed."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


class World:
    """The values of the table's placeholders, and where the program runs."""

    def __init__(self, gate, elsewhere, closed, root, case):
        now = str(int(time.time()))
        signed = f"msg_1.{now}.{case.get('stdin', '')}".encode()
        signature = hmac.digest(WEBHOOK_KEY, signed, hashlib.sha256)
        self._values = {
            "gate": gate.url,
            "gate_https": gate.url.replace("http:", "https:"),
            "elsewhere": elsewhere.url,
            "closed": closed,
            "access_key": gate.access_key,
            "secret_key": gate.secret_key,
            "api_key": gate.api_key,
            "webhook_secret": "whsec_" + base64.b64encode(WEBHOOK_KEY).decode(),
            "signature": "v1," + base64.b64encode(signature).decode(),
            "now": now,
            "version": kling_auth.__version__,
        }
        self._case, self._root = case, root
        self._gate, self._secret = gate, gate.secret_key

    def fill(self, text):
        for name, value in self._values.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def run(self):
        """Return exit status, standard output and standard error."""
        self._gate.prepare(**self._case.get("gate", {}))
        (self._root / "project").mkdir(parents=True)
        for path, text in self._case.get("files", {}).items():
            file = self._root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.fill(text).encode())
            file.chmod(0o600)
        environment = {k: self.fill(v) for k, v in self._case.get("environment", {}).items()}
        run = on_a_terminal if self._case.get("terminal") else through_pipes
        return run(
            [program(), *map(self.fill, self._case["arguments"])],
            self.fill(self._case.get("stdin", "")).encode(),
            cwd=self._root / "project",
            env={**environment, "HOME": str(self._root / "home")},
        )

    def fault(self, status, stdout, stderr):
        """Return what is wrong with the result, or an empty text."""
        case = self._case
        is_as_told = (
            status == case["status"]
            and self._is_as_told("stdout", stdout)
            and self._is_as_told("stderr", stderr)
        )
        # All secrets of the tests are canaries, except those of the gate's account.
        shown = stdout + stderr
        shows = "canary" in shown or self._secret in shown or "eyJ" in stderr
        return f"{status}\n{stdout}{stderr}" if shows or not is_as_told else None

    def _is_as_told(self, name, text):
        pattern = self._case.get(f"{name}_matches")
        if pattern is not None:
            return re.fullmatch(f"(?:{self.fill(pattern)})", text) is not None
        return text == self.fill(self._case.get(name, ""))


def program():
    """Return the path of the program that is installed with this Python."""
    return os.path.join(os.path.dirname(sys.executable), "kling-auth")


def through_pipes(command, stdin, **where):
    ended = subprocess.run(command, input=stdin, capture_output=True, timeout=60, **where)  # noqa: S603
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


def on_a_terminal(command, stdin, **where):
    """Run a program with only its standard output on a terminal."""
    terminal, end = pty.openpty()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=end, stderr=pipe, **where) as process:  # noqa: S603
        os.close(end)
        _, stderr = process.communicate(stdin, timeout=60)
        stdout = read_terminal(terminal)
    return process.returncode, stdout, stderr.decode()


def complaining_on_a_terminal(command, **where):
    """Run a program with only its standard error on a terminal."""
    terminal, end = pty.openpty()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=end, **where) as process:  # noqa: S603
        os.close(end)
        stdout, _ = process.communicate(timeout=60)
        stderr = read_terminal(terminal)
    return process.returncode, stdout.decode(), stderr


def read_terminal(terminal):
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # Linux: the other end is closed
        pass
    os.close(terminal)
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_command(case, gate, elsewhere, closed, tmp_path):
    # A new second may begin between the run and the comparison.
    for attempt in ("first", "second"):
        world = World(gate, elsewhere, closed, tmp_path / attempt, case)
        fault = world.fault(*world.run())
        if fault is None:
            COMMANDS["pip"] += 1
            return
    pytest.fail(fault)


def test_as_a_module():
    command = [sys.executable, "-m", "kling_auth", "--version"]
    version = f"kling-auth {kling_auth.__version__}\n"
    assert through_pipes(command, b"") == (0, version, "")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_output_that_cannot_be_written(stream):
    command = f"exec {program()} {'--version' if stream == 'stdout' else '--colour'}"
    redirect = ">/dev/full" if stream == "stdout" else "2>/dev/full"
    status, _, stderr = through_pipes(["/bin/sh", "-c", f"{command} {redirect}"], b"")
    assert (status, stderr) == (1 if stream == "stdout" else 2, "")


def test_an_interrupt_has_no_traceback(closed):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {"KLING_API_KEY": "api-key-kling-canary", "KLING_API_BASE": url}
        # A background job ignores interrupts, and so do the processes that it starts.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            process = subprocess.Popen(  # noqa: S603
                [program(), "check"],
                stderr=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
        finally:
            signal.signal(signal.SIGINT, before)
        with process:
            # Kept open, or the program would have its answer, and end by itself.
            connection, _ = silent.accept()
            process.send_signal(2)
            _, stderr = process.communicate(timeout=10)
            connection.close()
    assert (process.returncode, stderr) == (130, b"")


def test_a_check_shows_the_host_on_a_terminal(gate):
    """Without a terminal it does not, as in the table."""
    environment = {
        "KLING_ACCESS_KEY": gate.access_key,
        "KLING_SECRET_KEY": gate.secret_key,
        "KLING_API_BASE": gate.url,
    }
    gate.prepare(skew=3600)  # so that it sends two requests
    command = [program(), "check"]
    status, stdout, stderr = complaining_on_a_terminal(command, env=environment)
    assert (status, stderr) == (0, f"asking {gate.url} \u2026\n")
    assert "clock_skew" in stdout and "asking" not in stdout
    for others in (["check", "--json"], ["token"]):
        command = [program(), *others]
        assert complaining_on_a_terminal(command, env=environment)[2] == ""

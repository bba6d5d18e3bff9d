"""The environment of the program under test, and how it is restored."""

import os
import socket
import subprocess
import sys
import urllib.request
from time import sleep as real_sleep

import httpx
import pytest
import requests

from kling_auth import KlingAuth, check
from kling_auth.testing import KlingGate, KlingGateError


@pytest.fixture
def before(monkeypatch):
    """Set the variables of a developer's machine, and check that they are back."""
    monkeypatch.setenv("KLING_API_KEY", "api-key-kling-real")
    monkeypatch.setenv("KLINGAI_ACCESS_KEY", "real")
    monkeypatch.setenv("KLING_API_BASE", "https://api-beijing.klingai.com")
    monkeypatch.setenv("NO_PROXY", "intranet")
    monkeypatch.delenv("no_proxy", raising=False)
    before = variables()
    yield
    assert variables() == before


def variables():
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


def test_the_developers_own_keys_are_hidden_and_restored(before):
    with KlingGate() as gate:
        assert "KLINGAI_ACCESS_KEY" not in os.environ
        assert "KLING_API_KEY" not in os.environ
        hosts = "intranet,127.0.0.1,localhost,klingai.com,.klingai.com,kling.ai,.kling.ai"
        assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == hosts
        assert KlingAuth().access_key == gate.access_key
        os.environ["KLING_ACCESS_KEY"] = "changed by the program"
        os.environ["KLING_MORE"] = "added by the program"


@pytest.mark.parametrize("first_stops_first", [True, False])
def test_two_stand_ins(before, first_stops_first):
    first, second = KlingGate().start(), KlingGate(scheme="api_key").start()
    assert os.environ["KLING_API_BASE"] == second.url
    assert "KLING_SECRET_KEY" not in os.environ
    stopping, other = (first, second) if first_stops_first else (second, first)
    stopping.stop()
    assert os.environ["KLING_API_BASE"] == other.url
    other.stop()


def test_an_error_in_the_test(before):
    with pytest.raises(ZeroDivisionError), KlingGate():
        raise ZeroDivisionError


def test_a_program_that_cannot_be_started(monkeypatch, tmp_path):
    monkeypatch.setenv("KLING_GATE", str(tmp_path / "missing"))
    with pytest.raises(KlingGateError, match=r"cannot start .*missing"):
        KlingGate().start()


def test_a_program_that_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.delenv("KLING_GATE")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sysconfig.get_path", lambda *_: str(tmp_path))
    with pytest.raises(KlingGateError, match=r"pip install 'kling-auth\[testing\]'"):
        KlingGate().start()


@pytest.mark.skipif(os.name != "posix", reason="needs a shell script")
@pytest.mark.parametrize("line", ["exit 3", "echo hello", "echo '[1'"])
def test_another_program(monkeypatch, tmp_path, line):
    script = tmp_path / "other"
    script.write_text(f"#!/bin/sh\n{line}\n")
    script.chmod(0o755)
    monkeypatch.setenv("KLING_GATE", str(script))
    with pytest.raises(KlingGateError, match="did not start as a stand-in"):
        KlingGate().start()


def test_it_ends_with_a_test_that_is_killed():
    code = (
        "import os; from kling_auth.testing import KlingGate; gate = KlingGate().start();"
        "print(gate._process._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment()
    )
    pid = int(done.stdout)
    assert has_ended(pid)


def environment():
    path = os.pathsep.join([p for p in sys.path if p])
    return {**os.environ, "PYTHONPATH": path}


def has_ended(pid):
    import time

    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_without_pytest_and_unittest_the_tokens_follow_the_clock():
    code = """
import sys
from kling_auth.testing import KlingGate
from kling_auth import KlingAuth, check
with KlingGate() as gate:
    auth = KlingAuth()
    first = auth.token
    gate.clock.advance(1000)
    assert auth.token == first
    gate.clock.advance(501)
    assert auth.token != first
assert not {"pytest", "unittest", "mock"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, env=environment())  # noqa: S603


def test_the_door_says_what_to_install(tmp_path):
    code = "import sys; sys.modules['kling_gate'] = None; import kling_auth.testing"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert "pip install 'kling-auth[testing]'" in done.stderr


def test_unittest(tmp_path):
    (tmp_path / "test_program.py").write_text(
        "import unittest\n"
        "from kling_auth import KlingAuth, check\n"
        "from kling_auth.testing import KlingGate\n"
        "class Test(unittest.TestCase):\n"
        "    def test(self):\n"
        "        gate = KlingGate().start()\n"
        "        self.addCleanup(gate.stop)\n"
        "        gate.skew(-3600)\n"
        "        self.assertTrue(check(KlingAuth()))\n"
    )
    command = [sys.executable, "-m", "unittest", "-q"]
    subprocess.run(command, check=True, cwd=tmp_path, env=environment())  # noqa: S603


def test_a_program_keeps_its_klingauth_from_test_to_test():
    urls = []
    for _ in range(3):
        with KlingGate() as gate:
            urls.append(gate.url)
            if len(urls) == 1:
                auth = KlingAuth()
            assert check(auth)
    assert len(set(urls)) == 1


def test_its_address_may_be_taken():
    with KlingGate() as first, KlingGate() as second:
        assert first.url != second.url
        assert check(KlingAuth())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_it_ends_beside_a_child_that_was_forked():
    gate = KlingGate().start()
    pid = os.fork()
    if pid == 0:
        # As a child of a pool, which keeps what its parent had open.
        real_sleep(30)
        os._exit(0)
    gate.stop()
    os.kill(pid, 9)
    os.waitpid(pid, 0)


@pytest.mark.parametrize("client", ["requests", "httpx", "urllib"])
def test_no_request_goes_to_kling_itself(before, client):
    made_before = KlingAuth("a" * 32, "b" * 32)
    url = f"{made_before.base_url}/v1/videos/text2video"
    get = {"requests": requests.get, "httpx": httpx.get, "urllib": urllib.request.urlopen}[client]
    with KlingGate(), pytest.raises(KlingGateError, match="import it in the test"):
        get(url)
    assert socket.getaddrinfo("localhost", 80)


def test_other_hosts_are_looked_up():
    with KlingGate():
        assert socket.getaddrinfo("localhost", 80)
        assert socket.getaddrinfo(b"127.0.0.1", 80)
        assert socket.getaddrinfo(None, 80)
        with pytest.raises(OSError):
            socket.getaddrinfo("notklingai.com.invalid", 80)


@pytest.mark.parametrize("upper", ["intranet", ""])
def test_the_list_in_lower_case_is_the_one_that_clients_use(monkeypatch, upper):
    monkeypatch.setenv("NO_PROXY", upper)
    monkeypatch.setenv("no_proxy", "lower.example")
    with KlingGate():
        assert os.environ["NO_PROXY"].startswith("lower.example,127.0.0.1,")
        assert os.environ["NO_PROXY"] == os.environ["no_proxy"]
    assert os.environ["no_proxy"] == "lower.example"
    monkeypatch.setenv("no_proxy", "*")
    with KlingGate():
        assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "*"


@pytest.mark.parametrize("get", [requests.get, httpx.get])
def test_a_proxy_is_not_asked_for_kling(monkeypatch, get):
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with KlingGate() as gate:
        for url in ("https://api.klingai.com/v1/videos", "http://api-singapore.klingai.com"):
            with pytest.raises(Exception, match="while a stand-in runs"):
                get(url, timeout=5)
        assert get(gate.url, timeout=5).status_code in (401, 404)


def test_what_a_test_patches_ends_with_the_stand_in(pytester, monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", "the developer's")
    pytester.makepyfile(
        """
        import os, socket, time
        import pytest

        BEFORE = dict(os.environ), time.time, time.sleep, socket.getaddrinfo

        @pytest.fixture(autouse=True)
        def without_keys(monkeypatch):
            monkeypatch.delenv("KLING_ACCESS_KEY", raising=False)

        def patched(monkeypatch, kling_gate):
            assert os.environ["KLING_ACCESS_KEY"] == kling_gate.access_key
            monkeypatch.delenv("KLING_ACCESS_KEY")
            monkeypatch.setenv("KLING_API_BASE", "http://127.0.0.1:9")
            monkeypatch.setenv("KLING_MORE", "more")
            for name in ("time", "sleep"):
                monkeypatch.setattr(time, name, lambda *values: 0)
            monkeypatch.setattr(socket, "getaddrinfo", None)

        def test_one_order(monkeypatch, kling_gate):
            patched(monkeypatch, kling_gate)

        def test_the_other_order(kling_gate, monkeypatch):
            patched(monkeypatch, kling_gate)

        @pytest.fixture(scope="module", autouse=True)
        def restored():
            yield
            after = dict(os.environ), time.time, time.sleep, socket.getaddrinfo
            for environment in (after[0], BEFORE[0]):
                environment.pop("PYTEST_CURRENT_TEST", None)
            assert after == BEFORE
        """
    )
    pytester.runpytest_inprocess("-p", "kling_gate.plugin").assert_outcomes(passed=2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_child_processes_that_were_forked(kling_gate):
    kling_gate.tasks(seconds=600)
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                for _ in range(50):
                    kling_gate.clock.advance(0.01)
                    assert kling_gate.requests == []
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert kling_gate.requests == []

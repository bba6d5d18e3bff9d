# ruff: noqa: S603
"""Fixtures: gates that stand in for Kling, and their keys."""

import collections
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from server import Server  # noqa: E402


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_python_tests = _load("_python_tests", HERE.parents[1] / "python/tests/conftest.py")
# How many of each kind passed.
TALLIES = collections.Counter()
UNKNOWN = _python_tests.UNKNOWN
# The keys of a pair that Kling does not know: for servers that do not look at the bearer.
PAIR = {
    "access_key": "AKgatewayTest0000000000000000001",
    "secret_key": "SKgatewayTest0000000000000000001",
}
KLING = "api-singapore.klingai.com"


@pytest.fixture(scope="session")
def a_gate():
    gate = _python_tests.Gate()
    yield gate
    gate.stop()


@pytest.fixture
def gate(a_gate):
    """A gate in its initial state."""
    a_gate.prepare()
    return a_gate


@pytest.fixture(scope="session")
def another_gate():
    gate = _python_tests.Gate()
    yield gate
    gate.stop()


@pytest.fixture
def server():
    """A server that records what it gets, and answers what a test wants."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for Kling's host, and its key, by the names that Envoy has for them."""
    folder = tmp_path_factory.mktemp("kling")
    files = {"certificate_chain": folder / "certificate.pem", "private_key": folder / "key.pem"}
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={KLING}", "-keyout", files["private_key"]]
    command += ["-addext", f"subjectAltName=DNS:{KLING}", "-out", files["certificate_chain"]]
    subprocess.run(command, check=True, capture_output=True)
    return files


def pytest_terminal_summary(terminalreporter):
    for kind, count in TALLIES.items():
        terminalreporter.write_line(f"{kind}: {count} through Envoy")

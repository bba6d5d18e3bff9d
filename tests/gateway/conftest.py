"""Fixtures: gates that stand in for Kling, and their keys."""

import collections
import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_python_tests = _load("_python_tests", HERE.parents[1] / "python/tests/conftest.py")
# How many of each kind passed.
TALLIES = collections.Counter()
UNKNOWN = "0123456789abcdefghijABCDEFGHIJ01"


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


def pytest_terminal_summary(terminalreporter):
    for kind, count in TALLIES.items():
        terminalreporter.write_line(f"{kind}: {count} through Envoy")

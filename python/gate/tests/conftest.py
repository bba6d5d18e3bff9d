"""The program of the checkout, and modules of a program under test."""

import asyncio
import importlib
import os
import pathlib
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).parents[3]
os.environ.setdefault("KLING_GATE", str(ROOT / "target" / "debug" / "kling-gate"))
pytest_plugins = ["pytester"]

LOOP = asyncio.BaseEventLoop


def functions():
    of_time = [time.time, time.time_ns, time.monotonic, time.monotonic_ns, time.sleep]
    return [*of_time, asyncio.sleep, LOOP.time]


FUNCTIONS = functions()


@pytest.fixture(autouse=True)
def restored():
    """After each test, the functions of the time are those of before."""
    yield
    assert all(now is before for now, before in zip(functions(), FUNCTIONS))


@pytest.fixture
def patience(monkeypatch):
    """Wait for a thread that a busy machine keeps from its next wait."""
    monkeypatch.setattr("kling_gate.clock.PATIENCE", 1)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Import a module with this source, as a part of a program under test."""
    monkeypatch.syspath_prepend(tmp_path)
    names = []

    def load(source):
        names.append(f"program_under_test_{len(names)}")
        (tmp_path / f"{names[-1]}.py").write_text(source, "utf-8")
        importlib.invalidate_caches()
        return importlib.import_module(names[-1])

    yield load
    for name in names:
        sys.modules.pop(name, None)

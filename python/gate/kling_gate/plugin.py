"""The pytest plugin. ``pip install kling-gate`` registers it."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from typing import Iterator

import pytest

from . import environment
from .clock import NAMES
from .gate import KlingGate


@pytest.fixture
def kling_gate_scheme() -> str:
    """What ``kling_gate`` puts into the environment: ``"jwt"``, or ``"api_key"`` for an API key.

    ``@pytest.mark.parametrize("kling_gate_scheme", ["jwt", "api_key"])`` runs a test with both.
    """
    return "jwt"


@pytest.fixture
def kling_gate(kling_gate_scheme: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[KlingGate]:
    """A running stand-in for Kling's API, and the environment in which ``KlingAuth()`` finds it."""
    _keep(monkeypatch)
    with KlingGate(scheme=kling_gate_scheme) as gate:
        yield gate


def _keep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let monkeypatch restore what is there before the stand-in.

    It ends after the stand-in, and would restore what the stand-in has set.
    """
    for name in environment.names():
        monkeypatch.setenv(name, os.environ.get(name, ""))
        if not os.environ[name]:
            monkeypatch.delenv(name)
    for name in NAMES:
        monkeypatch.setattr(time, name, getattr(time, name))
    monkeypatch.setattr(asyncio, "sleep", asyncio.sleep)
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)

"""The pytest plugin. ``pip install kling-gate`` registers it."""

from __future__ import annotations

from typing import Iterator

import pytest

from .gate import KlingGate


@pytest.fixture
def kling_gate_scheme() -> str:
    """What ``kling_gate`` puts into the environment: ``"jwt"``, or ``"api_key"`` for an API key.

    ``@pytest.mark.parametrize("kling_gate_scheme", ["jwt", "api_key"])`` runs a test with both.
    """
    return "jwt"


@pytest.fixture
def kling_gate(kling_gate_scheme: str) -> Iterator[KlingGate]:
    """A running stand-in for Kling's API, and the environment in which ``KlingAuth()`` finds it."""
    with KlingGate(scheme=kling_gate_scheme) as gate:
        yield gate

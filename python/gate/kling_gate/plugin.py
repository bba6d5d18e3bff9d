"""The pytest plugin. ``pip install kling-gate`` registers it."""

from __future__ import annotations

from typing import Iterator

import pytest

from .gate import KlingGate


@pytest.fixture
def kling_gate() -> Iterator[KlingGate]:
    """A running stand-in for Kling's API, and the environment in which ``KlingAuth()`` finds it."""
    with KlingGate() as gate:
        yield gate

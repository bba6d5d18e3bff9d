"""The stand-in for Kling, and the environment of a program that uses it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python" / "gate"))

from kling_gate.process import Process  # noqa: E402

# `make build` builds it.
os.environ.setdefault("KLING_GATE", str(ROOT / "target" / "debug" / "kling-gate"))

# Removed from the environment: the developer's own credentials and proxies.
NAMES = ("KLING", "HTTP", "http", "HTTPS", "https", "ALL_PROXY", "all_proxy")


class Gate:
    """A gate that listens within a ``with`` block."""

    def __enter__(self) -> Gate:
        self._process = Process()
        opening = self._process.opening
        self.url = opening["url"]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(NAMES)},
            "KLING_API_BASE": self.url,
            "KLING_ACCESS_KEY": opening["access_key"],
            "KLING_SECRET_KEY": opening["secret_key"],
            "KLING_GATE": os.environ["KLING_GATE"],
            "GATE": self.url,
            "GATE_API_KEY": opening["api_key"],
            # From the specification's example.
            "KLING_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

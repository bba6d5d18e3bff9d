# ruff: noqa: S603
"""The stand-in for Kling, as a process that ends with its parent."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Removed from the environment: the developer's own credentials and proxies.
NAMES = ("KLING", "HTTP", "http", "HTTPS", "https", "ALL_PROXY", "all_proxy")


class Gate:
    """A gate that listens within a ``with`` block."""

    def __enter__(self) -> Gate:
        self._process = subprocess.Popen(
            [ROOT / "target/debug/kling-gate", "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        opening = json.loads(self._process.stdout.readline())
        self.url = opening["url"]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(NAMES)},
            "KLING_API_BASE": self.url,
            "KLING_ACCESS_KEY": opening["access_key"],
            "KLING_SECRET_KEY": opening["secret_key"],
            "GATE": self.url,
            "GATE_API_KEY": opening["api_key"],
            # From the specification's example.
            "KLING_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

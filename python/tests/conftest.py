"""What the tests share: the vectors, and a gate to be let in by."""

import json
import pathlib
import subprocess
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).parents[2]


def vectors(name):
    """Read a file of ``tests/vectors``."""
    return json.loads((ROOT / "tests" / "vectors" / name).read_text("utf-8"))


class Gate:
    """The stand-in for Kling, as a process of its own."""

    def __init__(self, process):
        self._process = process
        opening = json.loads(process.stdout.readline())
        self.url = opening["url"]
        self.access_key = opening["access_key"]
        self.secret_key = opening["secret_key"]
        self.api_key = opening["api_key"]

    def get(self, path, headers):
        """Return the HTTP status and Kling's code."""
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310
        try:
            response = urllib.request.urlopen(request)  # noqa: S310
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, json.load(response)["code"]

    def stop(self):
        self._process.communicate(timeout=10)


@pytest.fixture(scope="session")
def gate():
    binary = ROOT / "target" / "debug" / "kling-gate"
    assert binary.exists(), "the gate is not built: run `make build`"
    process = subprocess.Popen(  # noqa: S603
        [binary, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    gate = Gate(process)
    yield gate
    gate.stop()

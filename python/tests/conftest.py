"""Fixtures of the tests: the vectors, and gates that stand in for Kling."""

import collections
import importlib.util
import json
import os
import pathlib
import sys
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "python" / "gate"))

from kling_gate.process import Process  # noqa: E402

# `make build` builds it.
os.environ.setdefault("KLING_GATE", str(ROOT / "target" / "debug" / "kling-gate"))

# Tests of proxies set their own. The machine may have a proxy in its environment.
for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]

# Tests of niquests run in its own environment: `test_niquests.py` starts them.
collect_ignore = [] if importlib.util.find_spec("niquests") else ["of_niquests.py"]

# The number of passed scenarios, by client.
SCENARIOS = collections.Counter()

# The number of passed command lines, by installation.
COMMANDS = collections.Counter()

# The number of storm operations, abuse cases and fuzzing inputs, by kind and name.
TALLIES = collections.defaultdict(collections.Counter)


def vectors(name):
    """Read a file of ``tests/vectors``."""
    return json.loads((ROOT / "tests" / "vectors" / name).read_text("utf-8"))


# A key that no gate knows.
UNKNOWN = "0123456789abcdefghijABCDEFGHIJ01"


def prepare(case, gate, other):
    """Set both hosts of a scenario to what it needs."""
    for host, answers in ((gate, "answers"), (other, "other_answers")):
        text = json.dumps(case.get(answers, [])).replace("{other}", other.url)
        host.prepare(case.get("skew", 0), case.get("date", True), json.loads(text))


class Gate:
    """The gate: a process that stands in for Kling."""

    def __init__(self, *options):
        self._process = Process(*options)
        opening = self._process.opening
        self.url = opening["url"]
        # A gate with accounts from a file does not print them.
        self.access_key = opening.get("access_key")
        self.secret_key = opening.get("secret_key")
        self.api_key = opening.get("api_key")

    def keys(self, credential):
        """Return the keys of a scenario's credential, by the names of our arguments."""
        return {
            "key_pair": {"access_key": self.access_key, "secret_key": self.secret_key},
            "wrong_secret_key": {"access_key": self.access_key, "secret_key": UNKNOWN},
            "unknown_access_key": {"access_key": UNKNOWN, "secret_key": self.secret_key},
            "api_key": {"api_key": self.api_key},
            "unknown_api_key": {"api_key": f"api-key-kling-{UNKNOWN}"},
        }[credential]

    def get(self, path, headers):
        """Return the HTTP status and Kling's code."""
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310
        try:
            response = urllib.request.urlopen(request)  # noqa: S310
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, json.load(response)["code"]

    def prepare(self, skew=0, date=True, answers=()):
        """Set the clock and the next responses, and clear the log."""
        self._control("PUT", "skew", skew)
        self._control("PUT", "date", date)
        self._control("PUT", "answers", list(answers))
        self._control("DELETE", "log")

    def seen(self):
        """Return status, code and number of the bearer, for each request."""
        log = self._control("GET", "log")
        return [[entry["status"], entry["code"], entry["bearer"]] for entry in log]

    def _control(self, method, resource, value=None):
        return self._process.control(method, resource, value)

    def stop(self):
        self._process.stop()


@pytest.fixture(scope="session")
def _gate():
    gate = Gate()
    yield gate
    gate.stop()


@pytest.fixture(scope="session")
def _other():
    gate = Gate()
    yield gate
    gate.stop()


@pytest.fixture
def gate(_gate):
    """The gate in its initial state."""
    _gate.prepare()
    return _gate


@pytest.fixture
def other(_other):
    """A second gate, for a host that must not see the bearer."""
    _other.prepare()
    return _other


def pytest_sessionfinish():
    """Write the counts, for a run of tests that started this one."""
    path = os.environ.get("KLING_TEST_COUNTS")
    if path:
        pathlib.Path(path).write_text(json.dumps({"scenarios": SCENARIOS, "tallies": TALLIES}))


def pytest_terminal_summary(terminalreporter):
    if len(set(SCENARIOS.values())) == 1:
        each = next(iter(SCENARIOS.values()))
        clients = ", ".join(SCENARIOS)
        total = sum(SCENARIOS.values())
        terminalreporter.write_line(f"scenarios: {each} through each of {clients}: {total}")
    elif SCENARIOS:
        counts = ", ".join(f"{client} {count}" for client, count in SCENARIOS.items())
        terminalreporter.write_line(f"scenarios: {counts}")
    for way, count in COMMANDS.items():
        terminalreporter.write_line(f"commands: {count} through the program of {way}")
    for kind, counts in TALLIES.items():
        parts = ", ".join(f"{name} {count}" for name, count in counts.items())
        terminalreporter.write_line(f"{kind}: {parts}: {sum(counts.values())}")

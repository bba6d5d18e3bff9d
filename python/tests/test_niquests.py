"""niquests, and requests with it, in an environment of their own: niquests replaces urllib3.

``make`` creates the environment. Its counts are added to those of this run.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, SCENARIOS, TALLIES

PYTHON = ROOT / "target/niquests/venv/bin/python"
TESTS = ["test_scenarios.py", "test_asynchronous.py", "test_redirects.py", "of_niquests.py"]


def run(*command):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    assert PYTHON.exists(), "the environment of niquests is not there: run `make test-python`"
    return subprocess.run(  # noqa: S603
        [PYTHON, *command], env=environment, cwd=ROOT / "python", capture_output=True, text=True
    )


def test_urllib3_is_replaced():
    """The version that pip shows is not the one that is imported."""
    program = (
        "import importlib.metadata as m, urllib3; print(m.version('urllib3'), urllib3.__version__)"
    )
    installed, imported = run("-c", program).stdout.split()
    assert installed != imported and int(imported.split(".")[2]) >= 900
    with pytest.raises(ImportError):
        __import__("niquests")


def test_in_an_environment_of_its_own(tmp_path):
    counts = tmp_path / "counts.json"
    os.environ["KLING_TEST_COUNTS"] = str(counts)
    try:
        options = ["-p", "no:cacheprovider", "--quiet", "--override-ini", "python_files=*.py"]
        done = run("-m", "pytest", *options, *[str(Path("tests", name)) for name in TESTS])
    finally:
        del os.environ["KLING_TEST_COUNTS"]
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    assert "skipped" not in done.stdout
    found = json.loads(counts.read_text())
    assert set(found["scenarios"]) == {"niquests", "niquests async", "requests beside niquests"}
    SCENARIOS.update(found["scenarios"])
    for kind, names in found["tallies"].items():
        TALLIES[kind].update(names)

"""Runs tests with one package in its newest release, and all others as pinned."""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

from registries import PIP, ROOT, WORK, output
from watched import Tested


class Outcome(NamedTuple):
    """A result: how many tests passed, and which failed."""

    passed: int
    failed: "list[str]"
    log: str = ""
    """The file with the output."""


# How many characters of an output are shown, and how many seconds a program may take.
LONGEST = 1800
PATIENCE = 1800
HERE = Path(__file__).resolve().parent


def layer(name: str, requirements: "list[str]", below: "Path | None") -> Path:
    """Makes an environment with these packages, on top of another one; returns its Python."""
    folder = WORK / "python" / name
    shutil.rmtree(folder, ignore_errors=True)
    output([PIP[0], "-m", "venv", "--without-pip", folder])
    python = folder / "bin" / "python"
    pip = [PIP[0], "-m", "pip", "--python", python, "--disable-pip-version-check"]
    output([*pip, "install", "--quiet", *requirements])
    if below:
        behind = f"import site; site.addsitedir({str(packages_of(below))!r})\n"
        (packages_of(folder) / "below.pth").write_text(behind, "utf-8")
    return python


def packages_of(environment: Path) -> Path:
    (folder,) = environment.glob("lib/python3*/site-packages")
    return folder


def in_pytest(python: Path, tested: Tested, *options: str) -> Outcome:
    """Runs tests of the Python package."""
    command = [python, "-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", *options]
    command += ["-rfE", *[f"tests/{name}" for name in tested.tests]]
    command += ["-k", tested.only] if tested.only else []
    environment = {"PYTHONPATH": str(ROOT / "python")}
    done, log = run(tested.name, command, ROOT / "python", environment)
    failed = re.findall(r"^(?:FAILED|ERROR) (?:tests/)?(.+?)(?: - .*)?$", log, re.M)
    return judged(re.search(r"(\d+) passed", log), failed, done, tested.name)


def in_docs(python: Path, tested: Tested) -> Outcome:
    """Runs the Python blocks of documentation pages."""
    command = [python, "tests/docs/run.py", "--only", "python"]
    command += [f"docs/pages/{page}" for page in tested.tests]
    done, log = run(tested.name, command, ROOT, {})
    failed = re.findall(r"^(\w+\.md:\d+\S*)", log, re.M)
    return judged(re.search(r"^(\d+) blocks", log, re.M), failed, done, tested.name)


def of_dependents(folder: Path) -> "dict[str, Outcome]":
    """Runs the tests of PyJWT and its dependents with tests/dependents."""
    command = [PIP[0], "tests/dependents/run.py", folder]
    _, log = run("dependents", command, ROOT, {})
    counts = re.findall(r"^(\w+): (\d+) of \d+ passed", log, re.M)
    if not counts:
        raise SystemExit(f"dependents: {log[-LONGEST:]}")
    faults = [line.partition(": ") for line in log.splitlines() if " listed" in line]
    return {
        name.replace("_", "-"): Outcome(
            int(passed),
            [text for suite, _, text in faults if suite == name and "failures:" not in text],
            "dependents.txt",
        )
        for name, passed in counts
    }


def in_node(node: Path, tested: Tested, modules: "Path | None") -> Outcome:
    """Runs tests of the Node package; packages in `modules` replace the pinned ones."""
    report = log_of(tested.name).with_suffix(".jsonl")
    report.parent.mkdir(parents=True, exist_ok=True)
    reporter = ROOT / "node/tests/runtimes/reporter.mjs"
    command = [node, "--test", "--test-reporter=spec", "--test-reporter-destination=stdout"]
    command += [f"--test-reporter={reporter.as_uri()}", f"--test-reporter-destination={report}"]
    command += [f"--test-name-pattern=/{tested.only}/"] if tested.only else []
    command += [f"tests/{name}" for name in tested.tests]
    environment = {}
    if modules:
        hook = (HERE / "resolve.mjs").as_uri()
        environment = {"NODE_OPTIONS": f"--import={hook}", "KLING_NEWEST": str(modules)}
    done, _ = run(tested.name, command, ROOT / "node", environment)
    tests = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    passed = [test for test in tests if test["isPassed"] and not test["isLeftOut"]]
    failed = [f"{test['name']}: {test.get('why')}" for test in tests if not test["isPassed"]]
    return judged(len(passed), failed, done, tested.name)


def install_node(name: str, specification: str) -> Path:
    """Installs a package into a folder of its own, and returns the folder of modules."""
    folder = WORK / "node" / name.replace("/", "+")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"private": true}', "utf-8")
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]
    output(["npm", "install", "--prefix", folder, *options, specification])
    return folder / "node_modules"


def run(name: str, command: list, folder: Path, environment: "dict[str, str]") -> "tuple[int, str]":
    """Runs a command, and writes its output to target/newest/log."""
    log = log_of(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        started = subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            stdout=file,
            stderr=file,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            status = started.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            status = started.wait()
            file.write(f"\nstopped after {PATIENCE} s\n")
    return status, log.read_text("utf-8")


def log_of(name: str) -> Path:
    return WORK / "log" / f"{name.replace('/', '+')}.txt"


def judged(passed: "re.Match[str] | int | None", failed: "list[str]", status: int, name: str):
    """The outcome of a run. No tests, or an error status without a failed test, is a failure."""
    count = passed if isinstance(passed, int) else int(passed[1]) if passed else 0
    if not failed and (status != 0 or count == 0):
        failed = [f"exit status {status} after {count} passed tests"]
    return Outcome(count, failed, log_of(name).name)

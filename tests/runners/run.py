#!/usr/bin/env python3
# ruff: noqa: S603
"""Runs the tests that docs/pages/testing.md shows, in each runner.

Each passes with the program of the page, takes less than a second by itself, and has at most 25
lines. Each fails with a program that does not authenticate correctly: one that keeps its first
token forever, and one that signs with another secret key.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/docs"))

from blocks import blocks_of  # noqa: E402

PAGE = ROOT / "docs/pages/testing.md"
OUT = ROOT / "target/runners"
MODULES = Path(__file__).parent / "node_modules"
LINES = 25
SECONDS = 300
# In the output of a test that fails as it should, and not for another reason.
REFUSED = "code 100[0-4]|says 100[0-4]|refused five times"

# Edits of the program, each of which must make every test fail: what, with what, and how often.
WRONG_SECRET = "SKgateDemo0000000000000000000999"
PYTHON = {
    "keeps its first token": (
        "session.auth = auth",
        "session.auth = None; session.headers.update(auth.headers)",
    ),
    "signs with another secret key": (
        "auth = KlingAuth()",
        f"auth = KlingAuth('AKgateDemo0000000000000000000001', '{WRONG_SECRET}')",
    ),
}
NODE = {
    "keeps its first token": (
        "await auth.fetch(url, init)",
        "await fetch(url, { ...init, headers: { ...init?.headers, ...headers } })",
    ),
    "signs with another secret key": (
        "new KlingAuth()",
        f"new KlingAuth('AKgateDemo0000000000000000000001', '{WRONG_SECRET}')",
    ),
}
RUST = {
    "keeps its first token": (
        "let token = auth.token();",
        "static FIRST: std::sync::OnceLock<kling_auth::Token> = std::sync::OnceLock::new();"
        " let token = FIRST.get_or_init(|| auth.token());",
    ),
    "signs with another secret key": (
        "let mut task = call(",
        "auth.rotate(&kling_auth::Credentials::key_pair("
        f'"AKgateDemo0000000000000000000001", "{WRONG_SECRET}")?); let mut task = call(',
    ),
}


@dataclass
class Runner:
    """A runner, and the file with its test."""

    name: str
    test: str
    command: list
    program: str
    edits: dict


PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "kling_gate.plugin"]
RUNNERS = [
    Runner("pytest", "test_video.py", [*PYTEST, "test_video.py"], "program.py", PYTHON),
    Runner(
        "unittest",
        "test_video_unittest.py",
        [sys.executable, "-m", "unittest", "test_video_unittest"],
        "program.py",
        PYTHON,
    ),
    Runner("node:test", "node.test.mjs", ["node", "--test"], "program.mjs", NODE),
    Runner(
        "Vitest",
        "vitest.test.mjs",
        ["node", MODULES / "vitest/vitest.mjs", "run", "vitest.test.mjs"],
        "program.mjs",
        NODE,
    ),
    Runner(
        "Jest",
        "jest.test.cjs",
        ["node", MODULES / "jest/bin/jest.js", "--rootDir=.", "jest.test.cjs"],
        "program.cjs",
        NODE,
    ),
    Runner("Rust", "tests/video.rs", ["cargo", "test", "--quiet"], "src/lib.rs", RUST),
]


def guide(files: dict[str, str]) -> list[str]:
    """Run the test of the guide's examples, and return what is wrong."""
    directory = OUT / "guide"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    (directory / "test_guide.py").write_text(files["test_guide.py"], "utf-8")
    for example in (ROOT / "python/examples").glob("guide_*.py"):
        shutil.copy(example, directory)
    done = run([*PYTEST, "test_guide.py"], directory)
    print("pytest: the guide's examples", flush=True)
    return [f"the guide's examples:\n{done.stdout}{done.stderr}"] if done.returncode else []


def files_of_the_page() -> dict[str, str]:
    """Return the blocks with a title."""
    files = {}
    for block in blocks_of(PAGE):
        if title := re.search(r'title="(.+?)"', block.more):
            files[title[1]] = block.code
    return files


def lay_out(directory: Path, runner: Runner, files: dict[str, str]) -> None:
    """Write the files of a runner's project."""
    shutil.rmtree(directory, ignore_errors=True)
    for name in (runner.program, runner.test):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name], "utf-8")
    if runner.name == "Rust":
        manifest = Path(__file__).with_name("Cargo.toml").read_text("utf-8")
        (directory / "Cargo.toml").write_text(manifest.replace("../..", str(ROOT)), "utf-8")
        shutil.copy(ROOT / "Cargo.lock", directory)
    elif runner.edits is NODE:
        (directory / "package.json").write_text('{"private": true}\n', "utf-8")
        (directory / "node_modules").mkdir()
        (directory / "node_modules/kling-auth").symlink_to(ROOT / "node")
        (directory / "node_modules/kling-gate").symlink_to(ROOT / "node/gate")
        (directory / "node_modules/vitest").symlink_to(MODULES / "vitest")


def run(command: list, directory: Path) -> subprocess.CompletedProcess:
    """Run a test as its user would."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KLING")},
        "KLING_GATE": str(ROOT / "target/debug/kling-gate"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "python"), str(ROOT / "python/gate")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NODE_PATH": str(ROOT / "node/node_modules"),
        # A name of its own: Cargo would take all of them for the same crate.
        "CARGO_TARGET_DIR": str(ROOT / "target"),
    }
    return subprocess.run(
        command,
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def attempt(runner: Runner, files: dict[str, str]) -> list[str]:
    """Run the test with the program and with each edit, and return what is wrong."""
    faults, output = [], []
    lines = files[runner.test].count("\n")
    if lines > LINES:
        faults.append(f"{runner.test} has {lines} lines, more than {LINES}")
    name = re.sub(r"\W", "", runner.name.lower())
    lay_out(OUT / name, runner, files)
    done = run(runner.command, OUT / name)
    output.append(f"{runner.name}: passes, with {lines} lines")
    if done.returncode:
        faults.append(f"{runner.name} fails:\n{done.stdout}{done.stderr}")
    for what, (old, new) in runner.edits.items():
        program = files[runner.program]
        if program.count(old) != 1:
            faults.append(f"{runner.program} has not one `{old}`")
            continue
        edited = {**files, runner.program: edit(program.replace(old, new), runner, what)}
        lay_out(OUT / name, runner, edited)
        done = run(runner.command, OUT / name)
        if not done.returncode or not re.search(REFUSED, done.stdout + done.stderr):
            faults.append(
                f"{runner.name} with a program that {what}: {done.returncode}\n"
                f"{done.stdout}{done.stderr}"
            )
        output.append(f"{runner.name}: fails with a program that {what}")
    print("\n".join(output), flush=True)
    return faults


def edit(program: str, runner: Runner, what: str) -> str:
    """Declare what an edit needs."""
    if runner.edits is NODE and "token" in what:
        # Read once, when the program starts.
        return re.sub(r"(= new KlingAuth\(\);)", r"\1\n  const { headers } = auth;", program)
    return program


def main() -> int:
    files = files_of_the_page()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda runner: attempt(runner, files), RUNNERS)
        faults = [*guide(files), *(fault for faults in found for fault in faults)]
    for fault in faults:
        print(f"\nFAILED {fault}")
    print(f"{len(RUNNERS)} runners, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

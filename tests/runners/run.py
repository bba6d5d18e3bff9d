#!/usr/bin/env python3
# ruff: noqa: S603
"""Runs the tests that docs/pages/testing.md shows, in each runner.

Each passes with the program of the page, and has at most 25 lines. How long it takes by itself is
printed as its runner reports it. Each fails with a program that does not authenticate correctly:
one that keeps its first token forever, and one that signs with another secret key.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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

# Programs that are wrong, and must make every test fail: what is replaced, and by what.
WRONG_SECRET = "SKgateDemo0000000000000000000999"
FOREVER, SECRET = "keeps its first token", "signs with another secret key"
PYTHON = {
    FOREVER: [
        ("session.auth = auth", "session.auth = None; session.headers.update(auth.headers)"),
    ],
    SECRET: [
        ("import time", "import os, time"),
        (
            "auth = KlingAuth()",
            f"auth = KlingAuth(os.environ['KLING_ACCESS_KEY'], '{WRONG_SECRET}')",
        ),
    ],
}
NODE = {
    # The first good one, so that the clock has been corrected before.
    FOREVER: [
        ("const auth =", "let headers;\n  const auth ="),
        (
            "await auth.fetch(url, init)",
            "await (headers ? fetch : auth.fetch)(url, { ...init, headers })",
        ),
        ("if (code === 0)", "if (code === 0) headers ??= auth.headers;\n      if (code === 0)"),
    ],
    SECRET: [
        ("new KlingAuth()", f"new KlingAuth(process.env.KLING_ACCESS_KEY, '{WRONG_SECRET}')"),
    ],
}
RUST = {
    FOREVER: [
        (
            "let token = auth.token();",
            "static FIRST: std::sync::OnceLock<kling_auth::Token> = std::sync::OnceLock::new();"
            " let token = FIRST.get_or_init(|| auth.token());",
        ),
    ],
    SECRET: [
        (
            "let mut task = call(",
            "auth.rotate(&kling_auth::Credentials::key_pair("
            f'&auth.access_key().unwrap(), "{WRONG_SECRET}")?); let mut task = call(',
        ),
    ],
}


@dataclass
class Runner:
    """A runner, and the file with its test."""

    name: str
    test: str
    command: list
    # Where its output says how long the test took, and how many of that unit are a second.
    time: tuple[str, int]
    program: str
    wrong: dict
    more: list = field(default_factory=list)

    @property
    def directory(self) -> Path:
        return OUT / re.sub(r"\W", "", self.name.lower())


PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "kling_gate.plugin"]
UNITTEST = [sys.executable, "-m", "unittest", "test_video_unittest"]
# Only a test that hangs reaches it.
LIMIT = "--testTimeout=60000"
VITEST = ["node", MODULES / "vitest/vitest.mjs", "run", "--root=.", "--reporter=json", LIMIT]
JEST_JS = MODULES / "jest/bin/jest.js"
JEST = ["node", "--experimental-vm-modules", JEST_JS, "--rootDir=.", "--json", LIMIT]
RUNNERS = [
    Runner(
        "pytest",
        "test_video.py",
        [*PYTEST, "--durations", "0", "test_video.py"],
        (r"([\d.]+)s call", 1),
        "program.py",
        PYTHON,
    ),
    Runner(
        "unittest",
        "test_video_unittest.py",
        UNITTEST,
        (r"Ran 1 test in ([\d.]+)s", 1),
        "program.py",
        PYTHON,
    ),
    Runner(
        "node:test",
        "node.test.mjs",
        ["node", "--test", "--test-reporter", "tap"],
        (r"duration_ms: ([\d.]+)", 1000),
        "program.mjs",
        NODE,
    ),
    Runner(
        "Vitest",
        "vitest.test.mjs",
        VITEST,
        (r'"duration":([\d.]+)', 1000),
        "program.mjs",
        NODE,
    ),
    Runner(
        "Jest",
        "jest.test.mjs",
        JEST,
        (r'"duration":([\d.]+)', 1000),
        "program.mjs",
        NODE,
        ["jest.config.mjs"],
    ),
    Runner(
        "Jest, CommonJS",
        "jest.test.cjs",
        JEST,
        (r'"duration":([\d.]+)', 1000),
        "program.cjs",
        NODE,
        ["jest.config.cjs"],
    ),
    Runner(
        "Rust",
        "tests/video.rs",
        ["cargo", "test", "--quiet"],
        (r"1 passed.* ([\d.]+)s", 1),
        "src/lib.rs",
        RUST,
    ),
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
    """Return the blocks with a title, and the files beside this program."""
    files = {path.name: path.read_text("utf-8") for path in Path(__file__).parent.glob("*.cjs")}
    for block in blocks_of(PAGE):
        if title := re.search(r'title="(.+?)"', block.more):
            files[title[1]] = block.code
    return files


def lay_out(directory: Path, runner: Runner, files: dict[str, str]) -> None:
    """Write the files of a runner's project."""
    shutil.rmtree(directory, ignore_errors=True)
    for name in (runner.program, runner.test, *runner.more):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name], "utf-8")
    if runner.name == "Rust":
        manifest = Path(__file__).with_name("Cargo.toml").read_text("utf-8")
        (directory / "Cargo.toml").write_text(manifest.replace("../..", str(ROOT)), "utf-8")
        shutil.copy(ROOT / "Cargo.lock", directory)
    elif runner.wrong is NODE:
        (directory / "package.json").write_text('{"private": true}\n', "utf-8")
        (directory / "node_modules").mkdir()
        (directory / "node_modules/kling-auth").symlink_to(ROOT / "node")
        (directory / "node_modules/kling-gate").symlink_to(ROOT / "node/gate")
        for package in ("vitest", "vite"):
            (directory / "node_modules" / package).symlink_to(MODULES / package)


def run(command: list, directory: Path) -> subprocess.CompletedProcess:
    """Run a test as its user would."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KLING")},
        "KLING_GATE": str(ROOT / "target/debug/kling-gate"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "python"), str(ROOT / "python/gate")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NODE_NO_WARNINGS": "1",
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
    """Run the test with the program, and return what is wrong."""
    faults = []
    lines = files[runner.test].count("\n")
    if lines > LINES:
        faults.append(f"{runner.test} has {lines} lines, more than {LINES}")
    lay_out(runner.directory, runner, files)
    done = run(runner.command, runner.directory)
    pattern, second = runner.time
    took = re.search(pattern, done.stdout + done.stderr)
    if done.returncode or not took:
        faults.append(f"{runner.name} fails:\n{done.stdout}{done.stderr}")
    else:
        seconds = float(took[1]) / second
        print(f"{runner.name}: passes in {seconds:.2f} s, with {lines} lines", flush=True)
    return faults


def attempt_wrong(runner: Runner, files: dict[str, str]) -> list[str]:
    """Run the test with each edit of the program, and return what is wrong."""
    faults = []
    for what, edits in runner.wrong.items():
        program = files[runner.program]
        for old, new in edits:
            if program.count(old) != 1:
                faults.append(f"{runner.program} has not one `{old}`")
            program = program.replace(old, new)
        lay_out(runner.directory, runner, {**files, runner.program: program})
        done = run(runner.command, runner.directory)
        if not done.returncode or not re.search(REFUSED, done.stdout + done.stderr):
            faults.append(
                f"{runner.name} with a program that {what}: {done.returncode}\n"
                f"{done.stdout}{done.stderr}"
            )
        else:
            print(f"{runner.name}: fails with a program that {what}", flush=True)
    return faults


def main() -> int:
    files = files_of_the_page()
    # One after another: each prints how long it takes by itself.
    faults = [fault for runner in RUNNERS for fault in attempt(runner, files)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda runner: attempt_wrong(runner, files), RUNNERS)
        faults += [*guide(files), *(fault for faults in found for fault in faults)]
    for fault in faults:
        print(f"\nFAILED {fault}")
    print(f"{len(RUNNERS)} runners, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

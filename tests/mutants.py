#!/usr/bin/env python3
"""Mutation tests of the core: the tests have to detect each change from cargo-mutants.

cargo-mutants makes the list. Its own run would build and run all tests for each of a thousand
changes, for a night. Here the fastest tests run first, and the others only for changes that those
do not detect. Changes that no test detects are printed, and have to be explained in
`tests/mutants.txt`.

Results are stored in `target/mutants/found.jsonl`, so that a stopped run can continue. A result is
valid until the changed file changes; for an undetected change, also until the tests change. Without
that file everything runs again.

    mutants.py [--workers N] [--only TEXT ...] [--except TEXT ...]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import queue
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import Dict

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "mutants"
FOUND = WORK / "found.jsonl"
EXPLAINED = ROOT / "tests" / "mutants.txt"
CORE = "kling-jwt-core"
Mutant = Dict[str, str]

# The tests, fastest first: every vector, the core's own tests, every order of two threads, the
# tests of the hosts (fast ones, then slow ones), the examples, every command line. Each has a limit
# of CPU seconds, far above what it needs: exceeding it (an endless loop) counts as a detection. It
# is CPU time so that a slow machine does not matter.
FIRMWARE = ["--manifest-path", "tests/firmware/Cargo.toml", "--bin", "firmware"]
HOSTS = ["--package", "kling-conformance"]
LONG = ("any_input", "any_walk", "scenarios", "every_prefix", "every_day", "sixty_four")
SLOW = ("check::", "storm", "property", "adapters", "every_command_line")
SKIPPED = [word for name in (*LONG, *SLOW) for word in ("--skip", name)]
JUDGES = (
    ("vectors", 4, ["run", *FIRMWARE]),
    ("core", 15, ["test", "--package", CORE, "--lib", "--all-features"]),
    ("orders", 15, ["test", "--manifest-path", "tests/loom/Cargo.toml", "--lib"]),
    ("hosts", 40, ["test", *HOSTS, "--", *SKIPPED]),
    ("inputs", 40, ["test", *HOSTS, "--", *LONG]),
    ("examples", 60, ["test", "--package", CORE, "--doc"]),
    ("commands", 60, ["test", *HOSTS, SLOW[-1]]),
)
JUDGED_BY = ("tests/firmware", "tests/conformance", "tests/vectors", "crates")
# Limits for every command: seconds, which stop a deadlock, and bytes of memory.
PATIENCE, MEMORY = 1800, 8 << 30


def listed() -> list[Mutant]:
    command = ["cargo", "mutants", "--list", "--json", "--diff", "--package", CORE]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    mutants = json.loads(done.stdout)
    for each in mutants:
        # As in mutants.txt: without the line number, which changes.
        each["name"] = re.sub(r":\d+:\d+:", ":", each["name"])
        each["key"] = digest(each["diff"].encode(), (ROOT / each["file"]).read_bytes())
    return mutants


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def tracked(*below: str) -> list[str]:
    done = subprocess.run(  # noqa: S603
        ["git", "ls-files", "-z", *below],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return [name for name in done.stdout.decode().split("\0") if (ROOT / name).is_file() and name]


def judges() -> str:
    return digest(*((ROOT / name).read_bytes() for name in tracked(*JUDGED_BY)))


def copy_of(number: int) -> Path:
    """A copy of the sources with its own builds, reused by later runs."""
    copy = WORK / str(number)
    copy.mkdir(parents=True, exist_ok=True)
    forget(copy)
    for name in tracked():
        source, target = ROOT / name, copy / name
        if not (target.exists() and same(source, target)):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return copy


def forget(copy: Path) -> None:
    """Removes stored regressions of properties, which are about one change only."""
    for path in (*copy.glob("crates/**/*regressions"), *copy.glob("tests/**/*regressions")):
        shutil.rmtree(path)


def same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def patch(copy: Path, mutant: Mutant, *options: str) -> None:
    command = ["patch", "--quiet", "--no-backup-if-mismatch", *options, mutant["file"]]
    subprocess.run(command, cwd=copy, input=mutant["diff"].encode(), check=True)  # noqa: S603


def limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def cargo(copy: Path, command: list[str], seconds: int | None = None) -> bool:
    env = dict(
        os.environ,
        CARGO_TARGET_DIR=str(copy / "target"),
        CARGO_PROFILE_DEV_DEBUG="0",  # not needed, and linking it takes longer than the tests
        PROPTEST_CASES="100",
        PROPTEST_MAX_SHRINK_ITERS="0",  # a minimal failing input is not needed
        RUST_BACKTRACE="0",
    )
    # A session of its own, so that a test that loops forever is killed together with cargo.
    ran = subprocess.Popen(  # noqa: S603
        ["cargo", command[0], "--quiet", "--locked", *command[1:]],  # noqa: S607
        cwd=copy,
        env=env,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
        preexec_fn=partial(limit, seconds) if seconds else None,
    )
    try:
        ran.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(ran.pid, signal.SIGKILL)
        ran.communicate()
    return ran.returncode == 0


def detected_by(copy: Path) -> str | None:
    """Which test detected the change; `None` if none did."""
    for name, seconds, judge in JUDGES:
        # Built first, without a limit. Examples are built when they run.
        built = ["build", *judge[1:]] if judge[0] == "run" else [*judge[:3], "--no-run"]
        if name != "examples" and not cargo(copy, built):
            return "compiler"
        if not cargo(copy, judge, seconds):
            return name
    return None


class Run:
    """The queue and the results, shared by all workers."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.by_judges = judges()
        self.found: dict[str, str | None] = {}
        self.known = self.read()
        self.todo: queue.Queue[Mutant] = queue.Queue()
        for mutant in mutants:
            if mutant["key"] in self.known:
                self.found[mutant["key"]] = self.known[mutant["key"]]
            else:
                self.todo.put(mutant)
        self.lock = threading.Lock()
        self.faults: list[str] = []

    def read(self) -> dict[str, str | None]:
        lines = FOUND.read_text("utf-8").splitlines() if FOUND.exists() else []
        results = [json.loads(line) for line in lines]
        return {
            each["key"]: each["by"]
            for each in results
            if each["by"] is not None or each["judges"] == self.by_judges
        }

    def write(self, mutant: Mutant, by: str | None, seconds: float) -> None:
        line = {"key": mutant["key"], "by": by, "judges": self.by_judges, "name": mutant["name"]}
        with self.lock, FOUND.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            self.found[mutant["key"]] = by
            result = f"{self.todo.qsize():4} to go {by or 'MISSED':8} {seconds:4.0f} s"
            print(f"{result} {mutant['name']}", flush=True)

    def work(self, copy: Path) -> None:
        if by := detected_by(copy):
            self.faults.append(f"the unchanged core does not pass {by}, in {copy}")
            print(f"mutants: {self.faults[-1]}", flush=True)
            self.stop()
            return
        while True:
            try:
                mutant = self.todo.get_nowait()
            except queue.Empty:
                return
            since = time.monotonic()
            patch(copy, mutant)
            by = detected_by(copy)
            patch(copy, mutant, "--reverse")
            forget(copy)
            self.write(mutant, by, time.monotonic() - since)

    def stop(self) -> None:
        """Lets each worker finish its current change."""
        while not self.todo.empty():
            self.todo.get_nowait()


def explained() -> set[str]:
    lines = EXPLAINED.read_text("utf-8").splitlines() if EXPLAINED.exists() else []
    return {line.strip() for line in lines if line.strip() and not line.startswith(("#", " "))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--only", nargs="+", default=[""], help="names that have one of these")
    parser.add_argument("--except", nargs="+", default=[], help="and none of these", dest="but")
    options = parser.parse_args()

    def is_meant(name: str) -> bool:
        has = any(text in name for text in options.only)
        return has and not any(text in name for text in options.but)

    mutants = [each for each in listed() if is_meant(each["name"])]
    random.Random(1).shuffle(mutants)  # noqa: S311
    # Explained changes last: they run all tests, and their result is known.
    mutants.sort(key=lambda each: each["name"] in explained())
    run = Run(mutants)
    workers = min(options.workers, run.todo.qsize())
    copies = [copy_of(number) for number in range(workers)]
    threads = [threading.Thread(target=run.work, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        run.stop()
        for thread in threads:
            thread.join()

    by = Counter(each or "missed" for each in run.found.values())
    missed = {each["name"] for each in mutants if run.found.get(each["key"], "") is None}
    unexplained = sorted(missed - explained())
    detected = ", ".join(f"{by[name]} by {name}" for name, *_ in JUDGES)
    print(f"mutants: {len(mutants)}, {by['compiler']} of them do not compile; detected: {detected}")
    print(f"mutants: {by['missed']} not detected, {len(unexplained)} of these names not explained")
    run.faults += [f"not explained in {EXPLAINED.name}: {name}" for name in unexplained]
    if left := len(mutants) - len(run.found):
        run.faults.append(f"{left} were not tested")
    for fault in run.faults:
        print(f"mutants: {fault}", file=sys.stderr)
    return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main())

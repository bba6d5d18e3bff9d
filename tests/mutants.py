#!/usr/bin/env python3
"""Mutation testing of the core: each change that cargo-mutants thinks of has to be noticed.

cargo-mutants makes the list. Its own run would build and run all tests for each of a thousand
changes, for a night; here those that answer within a second come first, and the rest only sees what
they let pass. What nobody noticed is printed, and has to be explained in `tests/mutants.txt`.

    mutants.py [--workers N] [--only TEXT ...]
"""

import argparse
import json
import os
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from subprocess import PIPE

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "mutants"
EXPLAINED = ROOT / "tests" / "mutants.txt"
CORE = "kling-jwt-core"

# The judges, the quickest first: every vector, the core's own tests, what only hosts ask of it, the
# examples, every command line. With each the seconds that it never takes; what ends no more was
# noticed too.
FIRMWARE = ["--manifest-path", "tests/firmware/Cargo.toml", "--bin", "firmware"]
SLOW = ("check::", "storm", "property", "adapters", "every_command_line")
HOSTS = [word for name in SLOW for word in ("--skip", name)]
JUDGES = (
    (30, ["cargo", "run", "--quiet", "--locked", *FIRMWARE]),
    (60, ["cargo", "test", "--quiet", "--locked", "--package", CORE, "--lib"]),
    (60, ["cargo", "test", "--quiet", "--locked", "--package", "kling-conformance", "--", *HOSTS]),
    (120, ["cargo", "test", "--quiet", "--locked", "--package", CORE, "--doc"]),
    (120, ["cargo", "test", "--quiet", "--locked", "--package", "kling-conformance", SLOW[-1]]),
)


def listed() -> "list[dict[str, str]]":
    command = ["cargo", "mutants", "--list", "--json", "--diff", "--package", CORE]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    mutants = json.loads(told.stdout)
    # A name as it stands in the list of the explained: without the line, which moves.
    return [{**each, "name": re.sub(r":\d+:\d+:", ":", each["name"])} for each in mutants]


def copy_of(number: int) -> Path:
    """A copy of the sources, with builds of its own, kept from run to run."""
    copy = WORK / str(number)
    copy.mkdir(parents=True, exist_ok=True)
    tracked = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, tracked.stdout.decode().split("\0")):
        source, target = ROOT / name, copy / name
        if source.is_file() and not (target.exists() and same(source, target)):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return copy


def same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def patch(copy: Path, mutant: "dict[str, str]", *options: str) -> None:
    command = ["patch", "--quiet", "--no-backup-if-mismatch", *options, mutant["file"]]
    subprocess.run(command, cwd=copy, input=mutant["diff"].encode(), check=True)  # noqa: S603


def noticed(copy: Path) -> "str | None":
    """Which judge noticed what was changed; none if nobody did."""
    env = dict(
        os.environ,
        CARGO_TARGET_DIR=str(copy / "target"),
        CARGO_PROFILE_DEV_DEBUG="0",  # nobody looks, and linking it takes longer than the judging
        PROPTEST_CASES="100",
    )
    for timeout, judge in JUDGES:
        # A session of its own: what loops for ever is a child of cargo's, and ends with it.
        ran = subprocess.Popen(  # noqa: S603
            judge, cwd=copy, env=env, stdout=PIPE, stderr=PIPE, start_new_session=True
        )
        try:
            _, errors = ran.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(ran.pid, signal.SIGKILL)
            ran.communicate()
            return "time"
        if b"could not compile" in errors:
            return "compiler"
        if ran.returncode:
            return " ".join(judge[1:2] + judge[-1:])
    return None


def work(
    copy: Path, todo: "queue.Queue[dict[str, str]]", done: "list[tuple[str, str | None]]"
) -> None:
    while True:
        try:
            mutant = todo.get_nowait()
        except queue.Empty:
            return
        patch(copy, mutant)
        since = time.monotonic()
        by = noticed(copy)
        patch(copy, mutant, "--reverse")
        done.append((mutant["name"], by))
        seconds = time.monotonic() - since
        print(f"{len(done):4} {by or 'MISSED':24} {seconds:4.0f} {mutant['name']}", flush=True)


def explained() -> "set[str]":
    lines = EXPLAINED.read_text("utf-8").splitlines() if EXPLAINED.exists() else []
    return {line.strip() for line in lines if line.strip() and not line.startswith(("#", " "))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument(
        "--only", nargs="+", default=[""], help="mutants whose name has one of these"
    )
    options = parser.parse_args()

    mutants = [each for each in listed() if any(text in each["name"] for text in options.only)]
    random.Random(1).shuffle(mutants)  # noqa: S311
    todo: queue.Queue[dict[str, str]] = queue.Queue()
    for mutant in mutants:
        todo.put(mutant)
    done: list[tuple[str, str | None]] = []
    threads = [
        threading.Thread(target=work, args=(copy_of(number), todo, done))
        for number in range(options.workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    missed = {name for name, by in done if by is None}
    unviable = sum(by == "compiler" for _, by in done)
    unexplained = sorted(missed - explained())
    print(f"mutants: {len(done)}, {unviable} of them no programs; {len(missed)} missed")
    for name in unexplained:
        print(f"mutants: not explained in {EXPLAINED.name}: {name}", file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())

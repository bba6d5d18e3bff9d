#!/usr/bin/env python3
"""Prints the summary table of ``make test``, from the output of the suites.

It fails if a suite skipped a test, or did not print a count for each of its kinds.
"""

import re
import sys
from collections import Counter
from pathlib import Path

LOGS = Path(__file__).resolve().parent.parent / "target" / "log"

# The kinds of which each suite has to print a count: cases of vectors and tables, cases of
# properties, inputs of fuzzing, chains of redirects, operations of storms, cases of abuse, orders
# of threads, rotations and callbacks in a gateway.
KINDS = {
    "rust": ("vectors", "properties", "scenarios", "redirects", "storms"),
    "loom": ("models",),
    "python": ("scenarios", "redirects", "commands", "fuzz", "storms", "abuse"),
    "node": ("properties", "scenarios", "redirects", "commands", "fuzz", "storms", "abuse"),
    "gateway": ("scenarios", "rotations", "callbacks", "storms"),
    # The suites of the stand-in have tests only.
}
# Published vectors that are not in any package: `make foreign` runs them if they are available.
IGNORED = 2

ALL_KINDS = {kind for kinds in KINDS.values() for kind in kinds}
LINE = re.compile(rf"^[.i#\s]*({'|'.join(sorted(ALL_KINDS))}): (.+)$")
RUST = re.compile(r"^test result: ok\. (\d+) passed; 0 failed; (\d+) ignored")
PYTEST = re.compile(r"^=*\s*(\d+) passed(.*) in [\d.]+s")
NODE = re.compile(r"^# (pass|fail|skipped|cancelled|todo) (\d+)")


def lines_of(suite: str) -> "list[str]":
    return (LOGS / f"{suite}.txt").read_text("utf-8").splitlines()


def count_of(line: str) -> int:
    """The count in a line: the last number, or the one with a unit."""
    line = re.sub(r"\(.*?\)", "", line)
    if chains := re.search(r"(\d+) chains x (\d+)", line):
        return int(chains[1]) * int(chains[2])
    counted = re.search(r"(?:x |: )(\d+)(?: cases| operations|\b(?!.*\d))", line)
    if counted:
        return int(counted[1])
    return sum(int(each) for each in re.findall(r"(\d+) through", line))


def kinds_of(suite: str) -> "Counter[str]":
    kinds: Counter[str] = Counter()
    for line in lines_of(suite):
        if match := LINE.match(line):
            kinds[match[1]] += count_of(match[2])
    return kinds


def rust(suite: str, ignored: int = 0) -> "tuple[int, int]":
    results = [match for line in lines_of(suite) if (match := RUST.match(line))]
    left_out = sum(int(match[2]) for match in results)
    return sum(int(match[1]) for match in results), max(0, left_out - ignored)


def pytest(suite: str) -> "tuple[int, int]":
    match = next(match for line in lines_of(suite) if (match := PYTEST.match(line)))
    left_out = re.findall(r"(\d+) (?:skipped|deselected|xfailed|failed)", match[2])
    return int(match[1]), sum(map(int, left_out))


def node(suite: str) -> "tuple[int, int]":
    counts = Counter(
        {match[1]: int(match[2]) for line in lines_of(suite) if (match := NODE.match(line))}
    )
    passed = counts.pop("pass")
    return passed, sum(counts.values())


def main() -> int:
    rows, faults = [], []
    suites = {
        "rust": rust("rust", IGNORED),
        "loom": rust("loom"),
        "python": pytest("python"),
        "python-gate": pytest("python-gate"),
        "node": node("node"),
        "node-gate": node("node-gate"),
        "gateway": pytest("gateway"),
    }
    for suite, tests in suites.items():
        passed, left_out = tests
        rows.append((suite, "tests", passed))
        if left_out:
            faults.append(f"{suite}: {left_out} tests were skipped")
        kinds = kinds_of(suite)
        wanted = KINDS.get(suite, ())
        rows += [(suite, kind, kinds[kind]) for kind in wanted]
        faults += [f"{suite}: no {kind}" for kind in wanted if not kinds[kind]]
    print(f"{'suite':12} {'of what':12} {'passed':>10}")
    for suite, kind, count in rows:
        print(f"{suite:12} {kind:12} {count:>10,}")
    print(
        f"not run: {IGNORED} files of published vectors that are not in any package (make foreign)"
    )
    for fault in faults:
        print(f"closing: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

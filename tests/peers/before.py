#!/usr/bin/env python3
"""Compares kling-auth with an earlier commit, both built and run in turn: ``make before``.

    before.py [--quick]    measure, and print one table

The earlier sources are exported from git into target/peers/before, and their builds are kept there.
This checkout is always built again. ``make bench`` includes this comparison.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

import measure
from measure import run, say

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
COMMIT = "6522146"
OURS, BEFORE = "kling-auth", "before"
FIRMWARE, PROVIDERS = "thumbv7em-none-eabihf", 100_000

LINES_OF = ("crates", "bindings", "python/kling_auth", "node/src")
LINES_RULE = (
    f"lines: all, including blank ones and comments, of *.rs, *.py, *.cjs and *.mjs in {', '.join(LINES_OF)}; "
    "without folders tests and examples, without *.pyi, and without items after #[cfg(test)]"
)
TEST_ITEM = re.compile(
    r"^#\[cfg\(test\)\]\n(?:#\[.*\n)*(?:.*;\n|.*\{\n(?:.*\n)*?\}\n)", re.MULTILINE
)

# Figures of the earlier commit from the issue, in case it cannot be measured here.
STATED = {
    ("wasm", "size"): 65_820,
    ("firmware", "flash"): 20_868,
    ("firmware", "ram"): 920,
    ("python", "size"): 1.14,
    ("node", "size"): 1.49,
}


class Version:
    """One of the two versions: its checkout and its builds, each built when it is needed."""

    def __init__(self, tools: measure.Tools, who: str) -> None:
        self.tools, self.who, self.is_ours = tools, who, who == OURS
        self.work = tools.work / "before" / COMMIT
        self.root = tools.root if self.is_ours else self.work / "tree"
        self.target = tools.work / "rust" if self.is_ours else self.work / "rust"

    @cached_property
    def python(self) -> Path:
        """Where the Python package is installed."""
        if self.is_ours:
            return self.tools.peers / "kling-auth"
        if not (self.work / "python").exists():
            measure.install_python(self.tools, self.root, self.work / "python")
        return self.work / "python"

    @cached_property
    def modules(self) -> Path:
        """The node_modules with the Node package and the same peers."""
        if self.is_ours:
            return self.tools.node_modules
        modules = self.work / "node" / "node_modules"
        if not modules.exists():
            self.wasm()
            node = self.root / "node"
            if not (node / "node_modules").exists():
                (node / "node_modules").symlink_to(self.tools.root / "node" / "node_modules")
            run("node", "build.mjs", cwd=node)
            run("node", "build-edge.mjs", cwd=node)
            half = self.work / "node" / "half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(parents=True)
            for peer in self.tools.node_modules.iterdir():
                if peer not in measure.own_node_packages(self.tools.node_modules):
                    (half / peer.name).symlink_to(peer)
            measure.install_node(self.tools, self.root, half)
            half.rename(modules)
        return modules

    def timed_cjs(self) -> Path:
        """The program that times Node's contenders, next to the node_modules."""
        program = self.modules.parent / "timed.cjs"
        if not self.is_ours:
            shutil.copy(HERE / "node" / "timed.cjs", program)
        return program

    def wasm(self) -> Path:
        file = self.root / "node" / "kling-auth.wasm"
        if not self.is_ours and not file.exists():
            run("make", "--no-print-directory", "--directory", self.root, "wasm")
        return file

    @cached_property
    def both(self) -> Path:
        """The crate that is built with both versions, in the place from which it finds this version."""
        crate = self.root / "tests" / "peers" / "both"
        if not self.is_ours:
            shutil.copytree(HERE / "both", crate, dirs_exist_ok=True)
            shutil.copy(self.root / "Cargo.lock", crate)  # the dependencies of that commit
        return crate

    @cached_property
    def held(self) -> Path:
        """The Rust program."""
        build = ("cargo", "build", "--release", "--quiet", *["--locked"] * self.is_ours)
        run(*build, "--target-dir", self.target, cwd=self.both)
        return self.target / "release" / "held"

    def firmware(self) -> "dict[str, int]":
        """Flash of the whole core, and RAM of a provider."""
        # With the checkout's own program, which reads its own images.
        program = (sys.executable, "-c", "import size, sys; print(eval(sys.argv[1]))")
        here = self.root / "tests" / "firmware"
        whole = "size.build('release', ('whole',), size.COMPACT)['whole'].flash()"
        flash = run(*program, whole, cwd=here)
        env = {**os.environ, "CARGO_TARGET_DIR": str(self.target)}
        options = ("--quiet", "--profile", "ram", "--bin", "ram", *["--locked"] * self.is_ours)
        run(self.root / ".ci" / "cross.sh", FIRMWARE, "build", *options, cwd=self.both, env=env)
        image = self.target / FIRMWARE / "ram" / "ram"
        section = f"dict(size.Image(size.Path({str(image)!r})).sections)['.provider']"
        ram = run(*program, f"{section}[5]", cwd=here)  # its length
        return {"flash": int(flash), "ram": int(ram)}


def taken_out(tools: measure.Tools) -> bool:
    """Exports the earlier sources; returns False if the clone does not have that commit."""
    tree = tools.work / "before" / COMMIT / "tree"
    if (tree / "Cargo.toml").exists():
        return True
    command = ["git", "archive", "--format=tar", f"--output={tools.work / 'before.tar'}", COMMIT]
    tools.work.mkdir(parents=True, exist_ok=True)
    if subprocess.run(command, cwd=tools.root, check=False).returncode:  # noqa: S603
        return False
    half = tree.with_name("half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.unpack_archive(tools.work / "before.tar", half)
    half.rename(tree)
    return True


# Measurements of one version. Each yields language and name of the figure, whose it is, the value.


def python_times(version: Version, batches: int):
    tools = version.tools
    env = measure.python_env(tools)
    ours = str(tools.peers / "kling-auth")
    paths = [path for path in env["PYTHONPATH"].split(os.pathsep) if path != ours]
    env["PYTHONPATH"] = os.pathsep.join([str(version.python), *paths])
    only = ("mint/kling-auth", "token/kling-auth", "headers/kling-auth", "mint/ryjwt", "mint/PyJWT")
    lines = run(tools.python, HERE / "python" / "timed.py", str(batches), *only, env=env)
    return lines_of(version, lines)


def node_times(version: Version, batches: int):
    lines = run("node", version.timed_cjs(), str(batches), "mint/kling-auth")
    return lines_of(version, lines)


def lines_of(version: Version, lines: str):
    for line in measure.parsed(lines):
        who = version.who if line["who"] == OURS else line["who"]
        yield (line["language"], line["what"]), who, line["median"]


def threads(version: Version, batches: int):
    # A batch takes a tenth of a second.
    printed = run(version.held, "threads", str(max(1, batches // 8))).split()
    one, two = float(printed[1]), float(printed[3])
    yield ("rust", "token_at_on_1"), version.who, one
    yield ("rust", "token_at_on_2"), version.who, two
    yield ("rust", "threads_2_to_1"), version.who, one / two


def memory(version: Version, _: int):
    for kind in ("KlingAuth", "TokenProvider"):
        printed = run(version.held, "memory", kind, str(PROVIDERS))
        yield ("rust", f"memory_of_{kind}"), version.who, float(printed.split()[1])


def node_start(version: Version, _: int):
    files = version.modules / ".start"
    files.mkdir(exist_ok=True)
    cpu = {}
    for who in ("empty program", "kling-auth"):
        file = files / f"{who.replace(' ', '_')}_before.cjs"
        file.write_text(measure.NODE_PROGRAMS[who] + "\n", "utf-8")
        # The minimum of three, since other processes can only add time.
        command = ("node", str(file), dict(os.environ), files)
        cpu[who] = min(measure.spent(*command) for _ in range(3))
    yield ("node", "start"), version.who, cpu["kling-auth"] - cpu["empty program"]


def wasm_size(version: Version, _: int):
    yield ("wasm", "size"), version.who, version.wasm().stat().st_size


def firmware(version: Version, _: int):
    for what, found in version.firmware().items():
        yield ("firmware", what), version.who, found


def python_size(version: Version, _: int):
    yield ("python", "size"), version.who, measure.size_of(version.python) / 1e6


def node_size(version: Version, _: int):
    own = measure.own_node_packages(version.modules)
    yield ("node", "size"), version.who, sum(map(measure.size_of, own)) / 1e6


def lines_of_code(version: Version, _: int):
    count = 0
    for folder in LINES_OF:
        for file in (version.root / folder).rglob("*.*"):
            is_other = {"tests", "examples", "target"} & set(file.relative_to(version.root).parts)
            if file.suffix in (".rs", ".py", ".cjs", ".mjs") and not is_other:
                count += TEST_ITEM.sub("", file.read_text("utf-8")).count("\n")
    yield ("all", "lines"), version.who, count


class Row(NamedTuple):
    """A figure and its goal: a number, or a ratio to another's figure."""

    text: str
    measured: "Callable"
    figure: "tuple[str, str]"
    """Language and what, as in docs/bench.json."""
    unit: str
    sign: str
    wanted: float
    other: "str | None" = None
    """Whose figure it is compared with: ours / theirs is at most, or theirs / ours at least, `wanted`."""


ROWS = (
    Row("refresh() of a reused manager", python_times, ("python", "mint"), "ns", "<=", 0.67, BEFORE),
    Row("refresh(), compared with ryjwt", python_times, ("python", "mint"), "ns", ">=", 3, "ryjwt"),
    Row("refresh(), compared with PyJWT", python_times, ("python", "mint"), "ns", ">=", 120, "PyJWT"),
    Row("cached .token", python_times, ("python", "token"), "ns", "<=", 1, BEFORE),
    Row("cached .headers", python_times, ("python", "headers"), "ns", "<=", 1, BEFORE),
    Row("token_at, 1 thread", threads, ("rust", "token_at_on_1"), "ns", "<=", 1, BEFORE),
    Row("token_at, 2 threads, a token of either", threads, ("rust", "token_at_on_2"), "ns", "<=", 1, BEFORE),
    Row("token_at, tokens of 2 threads to 1's", threads, ("rust", "threads_2_to_1"), "x", ">=", 1.8),
    Row("memory of a KlingAuth", memory, ("rust", "memory_of_KlingAuth"), "bytes", "<=", 384),
    Row("memory of a TokenProvider", memory, ("rust", "memory_of_TokenProvider"), "bytes", "<=", 320),
    Row("refresh() of a reused manager", node_times, ("node", "mint"), "ns", "<=", 0.8, BEFORE),
    Row("require and one token, CPU over nothing", node_start, ("node", "start"), "ms", "<=", 3),
    Row("require and one token, CPU over nothing", node_start, ("node", "start"), "ms", "<=", 0.95, BEFORE),
    Row("kling-auth.wasm", wasm_size, ("wasm", "size"), "bytes", "<=", 49_152),
    Row("flash: the whole core, compact, z", firmware, ("firmware", "flash"), "bytes", "<=", 19_456),
    Row("RAM of a TokenProvider, Cortex-M", firmware, ("firmware", "ram"), "bytes", "<=", 640),
    Row("installed size", python_size, ("python", "size"), "MB", "<=", 1),
    Row("installed size", node_size, ("node", "size"), "MB", "<=", 1.2),
    Row("lines of code", lines_of_code, ("all", "lines"), "lines", "<=", 18_000),
)  # fmt: skip
# Rounds of a quick run, and of a full one. Figures without noise are measured once.
ROUNDS = {python_times: (3, 31), threads: (1, 9), memory: (1, 9), node_times: (3, 31), node_start: (3, 25)}  # fmt: skip


class Figures:
    """All measurements, and why some are missing."""

    def __init__(self, versions: "list[Version]", is_quick: bool) -> None:
        self.samples: dict = defaultdict(lambda: defaultdict(list))
        self.reasons: dict = {}
        batches = 5 if is_quick else 40
        for measured in dict.fromkeys(row.measured for row in ROWS):
            say(f"before: {measured.__name__.replace('_', ' ')}")
            ready = []
            for version in versions:
                try:  # builds, and warms up, before anything counts
                    list(measured(version, batches))
                    ready.append(version)
                except (OSError, SystemExit, subprocess.CalledProcessError) as error:
                    self.reasons[measured, version.who] = reason_of(error)
            for round_ in range(ROUNDS.get(measured, (1, 1))[not is_quick]):
                # The order alternates between rounds.
                for version in ready[:: 1 if round_ % 2 else -1]:
                    for figure, who, value in measured(version, batches):
                        self.samples[figure][who].append(value)

    def of(self, figure: "tuple[str, str]", who: str) -> "float | None":
        sample = self.samples[figure][who]
        return statistics.median(sample) if sample else None

    def shown(self, row: Row) -> str:
        """A row of the table, with the reason if it was not measured."""
        name, who = f"{row.figure[0]}: {row.text}", row.other or BEFORE
        ours, theirs = self.of(row.figure, OURS), self.of(row.figure, who)
        is_stated = theirs is None and who == BEFORE and row.figure in STATED
        theirs = STATED[row.figure] if is_stated else theirs
        missing = OURS if ours is None else who if theirs is None and row.other else None
        if missing:
            reason = self.reasons.get((row.measured, missing), "is not installed here")
            return f"{name:54} NOT MEASURED: {missing}: {reason}"
        if min(ours, theirs or ours) <= 0:
            return f"{name:54} NOT MEASURED: below the noise"
        pair = (theirs, ours) if row.other and row.sign == ">=" else (ours, theirs)
        ratio = pair[0] / pair[1] if theirs else None
        judged = ratio if row.other else ours
        is_met = judged <= row.wanted if row.sign == "<=" else judged >= row.wanted
        wanted = f"{row.sign} {row.wanted:,g}" + " x" * bool(row.other)
        known = f"{amount(theirs):>10} {ratio:>7.3f}" if theirs else f"{'NOT MEASURED':>18}"
        verdict = ("met" if is_met else "MISSED") + ", before as stated" * is_stated
        return f"{name:54} {amount(ours):>10} {known} {row.unit:6} {wanted:>10} {verdict}"

    def lines(self, there: "list[dict]") -> "list[dict]":
        """The earlier figures for docs/bench.json, and ours that it does not have yet."""
        names = {(line["language"], line["what"]) for line in there}
        lines = {}
        for row in ROWS:
            for who, sample in self.samples[row.figure].items():
                if sample and (who == BEFORE or (who == OURS and row.figure not in names)):
                    how = f"this and {COMMIT} in turn"
                    line = measure.line_of(*row.figure, who, how, row.unit, sample)
                    lines[row.figure, who] = line | {"ours": self.of(row.figure, OURS)}
        return list(lines.values())


def reason_of(error: BaseException) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"`{Path(error.cmd[0]).name} {error.cmd[1]}` failed, see above"
    return str(error)


def amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def compared(tools: measure.Tools, is_quick: bool, there: "list[dict]") -> "list[dict]":
    """Measures both versions, prints the table, and returns lines for docs/bench.json."""
    if not taken_out(tools):
        print(
            f"\nBEFORE IS NOT MEASURED: {COMMIT} is not in this clone, which may be a shallow one: "
            "git fetch --unshallow\n"
        )
        return []
    figures = Figures([Version(tools, OURS), Version(tools, BEFORE)], is_quick)
    commit = run("git", "describe", "--always", "--dirty", cwd=tools.root).strip()
    load = f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores"
    quick = "; a QUICK run, whose figures mean nothing" if is_quick else ""
    print(f"\nours: {commit}; before: {COMMIT}; medians of runs in turn; {load}{quick}")
    print(LINES_RULE)
    print(f"\n{'':54} {'ours':>10} {'before':>10} {'ratio':>7} {'':6} {'wanted':>10}")
    for row in ROWS:
        print(figures.shown(row))
    return figures.lines(there)


def main(arguments: "list[str]") -> int:
    if arguments not in ([], ["--quick"]):
        print(__doc__, file=sys.stderr)
        return 2
    tools = measure.Tools(ROOT)
    tools.work.mkdir(parents=True, exist_ok=True)
    for prepare in (measure.prepare_python, measure.prepare_node):
        try:
            prepare(tools)
        except (OSError, subprocess.CalledProcessError) as error:
            say(f"NOT MEASURED: {error}")
    compared(tools, arguments == ["--quick"], [])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

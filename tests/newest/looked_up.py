"""Packages whose versions are compared, without running tests."""

import re

import pins
from page import Row
from registries import ROOT, of_crates, of_npm, of_pypi
from watched import NODE, PYTHON


def crates(manifest: str, pinned: "dict[str, str]") -> "list[Row]":
    """The crates of a manifest, with the newest versions from cargo."""
    behind = of_crates(manifest)
    rows = []
    for name, version in sorted(pinned.items()):
        _, newest, needs = behind.get(name, ("", version, ""))
        rows.append(Row(name, version, newest, None, needs))
    return rows


def runtimes() -> "list[Row]":
    """The runtimes of `make test-runtimes`; each Node within its major."""
    pinned = pins.exact("node/tests/runtimes/pins/package.json")
    return [
        Row(name if alias == name else f"{name} (`{alias}`)", version, of_npm(name, major).version)
        for alias, (name, version) in pinned.items()
        for major in [pins.major(version) if alias.startswith("node") else None]
    ]


def peers() -> "list[Row]":
    """The libraries of `make bench`."""
    names = pins.of_python("tests/peers/python/requirements.txt")
    rows = [Row(name, names[name], of_pypi(name).version) for name in names]
    names = pins.exact("tests/peers/node/package.json")
    rows += [Row(name, version, of_npm(name).version) for name, (_, version) in names.items()]
    rows += crates("tests/peers/rust/Cargo.toml", pins.of_peers())
    later = "what `docs/bench.json` measured; raised before the next `make bench`"
    return [row if row.pinned == row.newest else row._replace(note=later) for row in rows]


def parsers() -> "list[Row]":
    """The parsers that `tests/vectors/dotenv.json` was made with."""
    pinned = pins.of_parsers()
    newest = {name: of_npm(name).version for name in ("dotenv", "node")}
    newest["next"] = of_npm("@next/env").version
    newest["python-dotenv"] = of_pypi("python-dotenv").version
    return [Row(name, pinned[name], version) for name, version in newest.items()]


def tools() -> "list[Row]":
    """The other packages that the tests install."""
    lines = (ROOT / "tests/requirements.in").read_text("utf-8").splitlines()
    names = [re.match(r"[\w.-]+", line)[0] for line in lines if not line.startswith("#")]
    locked = pins.of_python("tests/requirements.txt")
    known = {tested.name for tested in [*PYTHON, *NODE]}
    rows = [
        Row(name, locked[pins.normal(name)], of_pypi(name).version)
        for name in names
        if name not in known
    ]
    pinned = pins.of_node()
    return rows + [
        Row(name, version, of_npm(name, pins.followed(alias, pinned)).version)
        for alias, (name, version) in pinned.items()
        if alias not in known
    ]

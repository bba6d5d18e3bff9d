"""The pinned versions, from the lock files of the tests."""

import json
import re
from pathlib import Path

from registries import ROOT
from watched import CRATES


def normal(name: str) -> str:
    """A name in PyPI's normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_python(lock: str) -> "dict[str, str]":
    """The versions of a requirements.txt, by normal name."""
    text = (ROOT / lock).read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.M)
    return {normal(name): version for name, version in found}


def of_node() -> "dict[str, tuple[str, str]]":
    """The package's name and version, by the name that the tests import."""
    packages = json.loads((ROOT / "node/package-lock.json").read_text("utf-8"))["packages"]
    found = {}
    for alias in packages[""]["devDependencies"]:
        package = packages[f"node_modules/{alias}"]
        if package.get("link"):  # ours
            continue
        found[alias] = (package.get("name", alias), package["version"])
    return found


def followed(alias: str, pinned: "dict[str, tuple[str, str]]") -> "int | None":
    """The major that an alias stays in; `None` for the highest major of its package."""
    name, version = pinned[alias]
    majors = [major(other) for package, other in pinned.values() if package == name]
    return None if major(version) == max(majors) else major(version)


def major(version: str) -> int:
    return int(version.split(".")[0])


def of_crates() -> "dict[str, str]":
    """The crates that a manifest of the workspace requires, and those in `CRATES`."""
    places = ["crates/*", "bindings/*", "tests/conformance", "tests/demo"]
    manifests = [path for place in places for path in ROOT.glob(f"{place}/Cargo.toml")]
    return locked("Cargo.lock", [ROOT / "Cargo.toml", *manifests], CRATES)


def of_peers() -> "dict[str, str]":
    """The crates that `make bench` compares with."""
    return locked("tests/peers/rust/Cargo.lock", [ROOT / "tests/peers/rust/Cargo.toml"])


def locked(lock: str, manifests: "list[Path]", also: "list[str]" = ()) -> "dict[str, str]":
    asked = set(also)
    for manifest in manifests:
        asked |= dependencies(manifest.read_text("utf-8"))
    text = (ROOT / lock).read_text("utf-8")
    entries = re.findall(r'^name = "(.+)"\nversion = "(.+)"\nsource', text, re.M)
    return {name: version for name, version in entries if name in asked}


def of_parsers() -> "dict[str, str]":
    """The .env parsers that the vectors were made with."""
    text = (ROOT / "tests/vectors/dotenv_lines.py").read_text("utf-8")
    table = text.partition("VERSIONS = {")[2].partition("}")[0]
    return dict(re.findall(r'"([\w-]+)": "([\d.]+)"', table))


def dependencies(manifest: str) -> "set[str]":
    """The names in the dependency tables of a Cargo.toml."""
    tables = re.split(r"^\[", manifest, flags=re.M)
    lines = [table for table in tables if table.split("]\n")[0].endswith("dependencies")]
    return {name for table in lines for name in re.findall(r"^([\w-]+)(?:\.\w+)* =", table, re.M)}


def exact(manifest: str) -> "dict[str, tuple[str, str]]":
    """The package's name and version, by the name in a package.json with exact versions."""
    found = json.loads((ROOT / manifest).read_text("utf-8"))
    asked = {**found.get("dependencies", {}), **found.get("devDependencies", {})}
    parted = {name: text.removeprefix("npm:").rpartition("@") for name, text in asked.items()}
    return {name: (other or name, version) for name, (other, _, version) in parted.items()}

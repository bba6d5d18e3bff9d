#!/usr/bin/env python3
"""Checks that all packages have the same version, and that the lists of targets agree.

``version.py [TAG]``: a tag has to be ``v`` and the version, which is the newest in the changelog.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NPM = ("package.json", "package-lock.json")


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def found(pattern: str, path: str) -> "list[str]":
    """The matches of the pattern's group. It is an error if there are none."""
    matches = re.findall(pattern, text(path), re.MULTILINE)
    if not matches:
        raise SystemExit(f"version.py: {path} has no {pattern}")
    return matches


def versions() -> "dict[str, str]":
    """The version by the place where it is written."""
    by_place = {"Cargo.toml": found(r'^version = "(.+)"', "Cargo.toml")[0]}
    for crate in ("kling-jwt-core", "kling-auth", "kling-auth-cli", "kling-gate"):
        dependency = rf'^{crate} = {{ path = .*version = "([^"]+)"'
        by_place[f"Cargo.toml, {crate}"] = found(dependency, "Cargo.toml")[0]
    locked = r'^name = "(kling-(?!auth-reqwest)(?:auth|gate|jwt-core)[a-z-]*)"\nversion = "(.+)"'
    by_place.update({f"Cargo.lock, {name}": one for name, one in found(locked, "Cargo.lock")})
    extra = found(r'^testing = \["kling-gate==(.+)"\]$', "python/pyproject.toml")
    by_place["python/pyproject.toml, testing"] = extra[0]
    by_place["node/gate/package.json"] = json.loads(text("node/gate/package.json"))["version"]
    for name in NPM:
        by_place[f"node/{name}"] = json.loads(text(f"node/{name}"))["version"]
    return by_place


def main(tag: "str | None" = None) -> None:
    by_place = versions()
    if tag:
        by_place["the tag"] = tag.removeprefix("v")
        by_place["CHANGELOG.md"] = found(r"^## (\S+)", "CHANGELOG.md")[0]
    faults = []
    if len(set(by_place.values())) != 1:
        faults.append(f"versions differ: {by_place}")
    # maturin uses the crate's version; a second one could differ.
    for manifest in ("python/pyproject.toml", "python/gate/pyproject.toml"):
        if not re.search(r'^dynamic = \["version"\]$', text(manifest), re.MULTILINE):
            faults.append(f"{manifest} has a version of its own")
    targets = set(found(r"^  '(\S+-\S+-\S+)': \[", ".ci/dist/platforms.mjs"))
    released = set(found(r"\btarget: ([a-z0-9_]+-[a-z0-9_-]+)", ".github/workflows/release.yml"))
    if targets != released:
        faults.append(f"release.yml and platforms.mjs differ: {sorted(targets ^ released)}")
    if faults:
        raise SystemExit("version.py: " + "; ".join(faults))
    print(f"one version everywhere: {by_place['Cargo.toml']}, for {len(targets)} targets")


if __name__ == "__main__":
    main(*sys.argv[1:])

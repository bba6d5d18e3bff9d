#!/usr/bin/env python3
"""Checks that `trusted.txt` lists exactly the crates that users of our packages get.

It compares the owner of the crate's repository, the version, and whether the crate runs code of its
own during the build. After an update, review the changes, and then update the list.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "trusted.txt"
PUBLISHED = (
    "kling-jwt-core",
    "kling-auth",
    "kling-auth-cli",
    "kling-auth-reqwest",
    "kling-auth-python",
    "kling-auth-node",
    "kling-auth-wasm",
    "kling-auth-envoy",
    "kling-gate",
)
# The user of a client's adapter already has the client.
USERS_OWN = "reqwest"


def cargo(*command: str) -> str:
    ran = subprocess.run(  # noqa: S603
        ["cargo", *command, "--locked"],  # noqa: S607
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return ran.stdout


def used() -> "set[str]":
    """Name and version of each crate that is used, on any platform."""
    packages = [word for name in PUBLISHED for word in ("--package", name)]
    how = ["--all-features", "--prune", USERS_OWN, "--target", "all", "--edges", "normal,build"]
    tree = cargo("tree", *packages, *how, "--prefix", "none", "--format", "{p}")
    found = re.findall(r"^(\S+) v(\S+)", tree, re.MULTILINE)
    return {f"{name} {version}" for name, version in found if name not in PUBLISHED}


def described(package: "dict") -> str:
    """A crate as in the list, after its owner."""
    kinds = {kind for target in package["targets"] for kind in target["kind"]}
    owner = re.match(r"https://github\.com/([^/]+)/", package["repository"] or "")
    runs = [
        mark for kind, mark in (("custom-build", "build"), ("proc-macro", "macro")) if kind in kinds
    ]
    crate = " ".join([package["name"], package["version"], *map("({})".format, runs)])
    return f"{owner[1] if owner else '?'}: {crate}"


def actual() -> "set[str]":
    names = used()
    packages = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    return {described(each) for each in packages if f"{each['name']} {each['version']}" in names}


def listed() -> "set[str]":
    lines, owner = set(), ""
    for line in LIST.read_text("utf-8").splitlines():
        if line.startswith("    "):
            lines |= {f"{owner}: {crate}" for crate in line.strip(" ,").split(", ")}
        elif line and not line.startswith("#"):
            owner, _, why = line.partition(": ")
            if not why:
                raise SystemExit(f"{LIST.name}: no reason to trust {owner}")
    return lines


def main() -> int:
    crates, trusted = actual(), listed()
    for crate in sorted(crates - trusted):
        print(f"{LIST.name}: not reviewed: {crate}", file=sys.stderr)
    for crate in sorted(trusted - crates):
        print(f"{LIST.name}: not used: {crate}", file=sys.stderr)
    if crates == trusted:
        print(f"{len(crates)} crates in the published packages, all in {LIST.name}")
    return crates != trusted


if __name__ == "__main__":
    sys.exit(main())

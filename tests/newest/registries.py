"""Queries the registries through pip, npm and cargo, with the user's configuration."""

import json
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "newest"

# Other versions of Python that pip looks for, newest first.
PYTHONS = ("3.15", "3.14", "3.13", "3.12")


class Release(NamedTuple):
    """A version of a package, and its metadata."""

    name: str
    version: str
    needs: str
    """The required version of Python or Node, as the registry writes it."""
    says: "list[str]"
    """Texts that may mention its state, or another package."""
    asks: "list[str]"
    """Its requirements, as a Python package writes them."""


def of_pypi(name: str, before: bool = False) -> Release:
    """The newest release on PyPI, for any Python; including pre-releases if `before`.

    pip finds releases with a wheel for one Python. So it is run for this Python and for the newest
    one; if both find nothing, for others, and for a source distribution.
    """
    pre = ["--pre"] if before else []
    wheels = ["--only-binary", ":all:", *pre]
    # Otherwise pip compares requirements with the Python that runs it.
    other = [*wheels, "--ignore-requires-python", "--target", WORK / "none", "--python-version"]
    ways = [[*other, python] for python in PYTHONS]
    found = list(filter(None, (asked(name, *way) for way in (wheels, ways[0]))))
    for way in [] if found else [*ways[1:], pre]:
        found += filter(None, [asked(name, *way)])
    if not found:
        raise SystemExit(f"{name}: pip finds no version")
    return max(found, key=lambda release: Version(release.version))


def asked(name: str, *options) -> "Release | None":
    """The release that pip would install, if any."""
    command = [*PIP, "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"]
    done = start([*command, *options, "--report", "-", name])
    if done.returncode != 0:
        return None
    (found,) = json.loads(done.stdout)["install"]
    metadata = found["metadata"]
    classifiers = [text for text in metadata.get("classifier", []) if "Inactive" in text]
    replaces = [f"replaces {text}" for text in metadata.get("obsoletes_dist", [])]
    return Release(
        name,
        metadata["version"],
        f"Python {metadata.get('requires_python') or 'any'}",
        [
            *(["the version was yanked"] if found.get("is_yanked") else []),
            *classifiers,
            *replaces,
            metadata.get("summary") or "",
            metadata.get("description") or "",
        ],
        metadata.get("requires_dist", []),
    )


def of_npm(name: str, major: "int | None" = None, before: bool = False) -> Release:
    """The newest release on npm, or of one major; including pre-releases if `before`."""
    tags = view(name, "versions", "dist-tags")
    version = newest(tags["versions"], tags["dist-tags"]["latest"], major, before)
    manifest = view(f"{name}@{version}", "engines", "deprecated", "description", "keywords")
    deprecated = manifest.get("deprecated")
    return Release(
        name,
        version,
        f"Node {(manifest.get('engines') or {}).get('node') or 'any'}",
        [
            *([f"deprecated: {deprecated}"] if deprecated else []),
            manifest.get("description") or "",
            *(manifest.get("keywords") or []),
        ],
        [],
    )


def newest(versions: "list[str]", latest: str, major: "int | None", before: bool) -> str:
    """The version that npm would choose: the tag `latest`, or the highest of one major.

    With `before`, a pre-release counts if its version is not released yet.
    """
    if major is not None:
        versions = [one for one in versions if int(one.split(".")[0]) == major]
        latest = max((one for one in versions if "-" not in one), key=order)
    if before:
        return max([latest, *(one for one in versions if "-" in one)], key=order)
    return latest


def order(version: str) -> "tuple[list[int], bool, list[tuple[bool, int, str]]]":
    """A key to order npm's versions: a pre-release is before its release."""
    release, _, pre = version.partition("+")[0].partition("-")
    parts = [
        (not part.isdigit(), int(part) if part.isdigit() else 0, part)
        for part in filter(None, pre.split("."))
    ]
    return [int(part) for part in release.split(".")], not pre, parts


def of_crates(manifest: str) -> "dict[str, tuple[str, str, str]]":
    """The outdated crates of a lock: pinned version, newest one, and what that requires."""
    command = ["cargo", "update", "--dry-run", "--verbose", "--color", "never"]
    command += ["--manifest-path", ROOT / manifest]
    return behind(output(command, errors=True))


def behind(text: str) -> "dict[str, tuple[str, str, str]]":
    """Parses the output of `cargo update --dry-run --verbose`."""
    found = {}
    for line in text.splitlines():
        if match := re.match(r"\s+Updating (\S+) v(\S+) -> v(\S+)", line):
            found[match[1]] = (match[2], match[3], "")
        if match := re.match(r"\s+\w+ (\S+) v(\S+).*\(.*?v(\S+?)(?:, (requires [^)]+))?\)", line):
            found[match[1]] = (match[2], match[3], match[4] or "")
    return found


def suits(needs: str, python: str) -> bool:
    """Whether a version of Python meets the requirement of a release."""
    return SpecifierSet(needs.removeprefix("Python ").replace("any", "")).contains(python)


def is_newer(version: str, than: str) -> bool:
    """Whether a version is newer than another, in PyPI's order."""
    return Version(version) > Version(than)


def view(package: str, *fields: str) -> dict:
    # For a single field npm prints only its value, so name and version are always requested.
    return json.loads(output(["npm", "view", package, "--json", "name", "version", *fields]))


PIP = [ROOT / ".venv" / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]


def output(command: list, errors: bool = False) -> str:
    """The standard output of a program, or with `errors` its standard error."""
    done = start(command)
    if done.returncode != 0:
        words = " ".join(str(part) for part in command[-2:])
        raise SystemExit(f"{words}: {done.stderr.strip()[-2000:]}")
    return done.stderr if errors else done.stdout


def start(command: list) -> "subprocess.CompletedProcess[str]":
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True)  # noqa: S603

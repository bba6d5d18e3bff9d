"""What the registries say, asked through pip, npm and cargo as they are set up."""

import json
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "newest"

# For which pip looks beside the Python that this runs in; the newest first.
PYTHONS = ("3.15", "3.14", "3.13", "3.12")


class Release(NamedTuple):
    """A version of a package, and what it says of itself."""

    name: str
    version: str
    needs: str
    """Of Python or Node, as the registry writes it."""
    says: "list[str]"
    """Texts in which it may mention its state, or another package."""
    asks: "list[str]"
    """Its requirements, as a Python package writes them."""


def of_pypi(name: str, before: bool = False) -> Release:
    """The newest of PyPI, also a pre-release if `before`; whichever Python it needs.

    pip names what has a wheel for one Python. So it is asked for this one and for the newest; and
    for others, or for a source distribution, where there is neither.
    """
    pre = ["--pre"] if before else []
    wheels = ["--only-binary", ":all:", *pre]
    # pip would judge what a release needs by the Python that runs it.
    other = [*wheels, "--ignore-requires-python", "--target", WORK / "none", "--python-version"]
    ways = [[*other, python] for python in PYTHONS]
    found = [answer for way in (wheels, ways[0]) if (answer := asked(name, *way))]
    for way in [] if found else [*ways[1:], pre]:
        found += filter(None, [asked(name, *way)])
    if not found:
        raise SystemExit(f"{name}: pip finds no version of it")
    return max(found, key=lambda release: Version(release.version))


def asked(name: str, *options) -> "Release | None":
    """What pip would install, if there is something."""
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
    """The newest of npm, or the newest of one major; also a pre-release if `before`."""
    shown = view(name, "versions", "dist-tags")
    version = newest(shown["versions"], shown["dist-tags"]["latest"], major, before)
    shown = view(f"{name}@{version}", "engines", "deprecated", "description", "keywords")
    deprecated = shown.get("deprecated")
    return Release(
        name,
        version,
        f"Node {(shown.get('engines') or {}).get('node') or 'any'}",
        [
            *([f"deprecated: {deprecated}"] if deprecated else []),
            shown.get("description") or "",
            *(shown.get("keywords") or []),
        ],
        [],
    )


def newest(versions: "list[str]", latest: str, major: "int | None", before: bool) -> str:
    """What npm would choose: its tag `latest`, or of one major the highest.

    A pre-release counts if it is asked for, and if it is for a version that is yet to come.
    """
    if major is not None:
        versions = [one for one in versions if int(one.split(".")[0]) == major]
        latest = max((one for one in versions if "-" not in one), key=order)
    if before:
        return max([latest, *(one for one in versions if "-" in one)], key=order)
    return latest


def order(version: str) -> "tuple[list[int], bool, list[tuple[bool, int, str]]]":
    """How versions of npm are ordered: a pre-release is before its release."""
    release, _, pre = version.partition("+")[0].partition("-")
    parts = [
        (not part.isdigit(), int(part) if part.isdigit() else 0, part)
        for part in filter(None, pre.split("."))
    ]
    return [int(part) for part in release.split(".")], not pre, parts


def of_crates(manifest: str) -> "dict[str, tuple[str, str, str]]":
    """Of each crate in its lock that is not the newest: pinned, newest, and what that needs."""
    command = ["cargo", "update", "--dry-run", "--verbose", "--color", "never"]
    command += ["--manifest-path", ROOT / manifest]
    return behind(output(command, errors=True))


def behind(output: str) -> "dict[str, tuple[str, str, str]]":
    """What `cargo update --dry-run --verbose` says."""
    found = {}
    for line in output.splitlines():
        if match := re.match(r"\s+Updating (\S+) v(\S+) -> v(\S+)", line):
            found[match[1]] = (match[2], match[3], "")
        if match := re.match(r"\s+\w+ (\S+) v(\S+).*\(.*?v(\S+?)(?:, (requires [^)]+))?\)", line):
            found[match[1]] = (match[2], match[3], match[4] or "")
    return found


def suits(needs: str, python: str) -> bool:
    """Whether what a release needs is met by a version of Python."""
    return SpecifierSet(needs.removeprefix("Python ").replace("any", "")).contains(python)


def is_newer(version: str, than: str) -> bool:
    """By PyPI's order."""
    return Version(version) > Version(than)


def view(package: str, *fields: str) -> dict:
    # Of one field alone npm would print the value; the name and the version are always there.
    return json.loads(output(["npm", "view", package, "--json", "name", "version", *fields]))


PIP = [ROOT / ".venv" / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]


def output(command: list, errors: bool = False) -> str:
    """What a program prints, or with `errors` what it writes there."""
    done = start(command)
    if done.returncode != 0:
        words = " ".join(str(part) for part in command[-2:])
        raise SystemExit(f"{words}: {done.stderr.strip()[-2000:]}")
    return done.stderr if errors else done.stdout


def start(command: list) -> "subprocess.CompletedProcess[str]":
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True)  # noqa: S603

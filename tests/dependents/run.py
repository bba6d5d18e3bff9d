"""Runs the tests of packages that use PyJWT, and PyJWT's own tests of HS256, with our drop-in.

Their sdists come from PyPI, with pinned versions and hashes. failures.txt lists the tests that
fail, with reasons; an unlisted failure, or a listed test that passes, is an error.

``run.py FOLDER`` uses the environment FOLDER/venv and the versions of FOLDER/sdists.txt instead.
"""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = Path(sys.argv[1]).resolve() if sys.argv[1:] else ROOT / "target" / "dependents"
PYTHON = WORK / "venv" / "bin" / "python"

# pytest's arguments for each package, by the name of its sdist.
SUITES = {
    "flask_jwt_extended": ["tests"],
    "djangorestframework_simplejwt": ["tests"],
    "pyjwt": [
        "tests/test_api_jwt.py",
        "tests/test_compressed_jwt.py",
        "tests/test_exceptions.py",
        "tests/test_jwt.py",
        "tests/test_algorithms.py",
        "-k",
        "not test_algorithms or (hmac and not 384 and not 512)",
    ],
}


def main() -> int:
    fetch()
    known = expected()
    faults = []
    for name, arguments in SUITES.items():
        outcomes = run(name, arguments)
        failed = {test for test, outcome in outcomes.items() if outcome == "failed"}
        passed = sum(outcome == "passed" for outcome in outcomes.values())
        listed = known.pop(name, set())
        skipped = len(outcomes) - passed - len(failed)
        counts = f"{passed} of {passed + len(failed)} passed, {skipped} skipped"
        print(f"{name}: {counts}; listed failures: {len(failed & listed)}", flush=True)
        faults += [f"{name}: fails and is not listed: {test}" for test in sorted(failed - listed)]
        faults += [
            f"{name}: is listed and does not fail: {test}" for test in sorted(listed - failed)
        ]
        if passed == 0:
            faults.append(f"{name}: nothing passed")
    faults += [f"failures.txt: there is no {name}" for name in known]
    print("\n".join(faults))
    return 1 if faults else 0


def fetch() -> None:
    """Downloads and unpacks the sdists."""
    sdists = WORK / "sdists"
    wanted = (WORK if sys.argv[1:] else HERE) / "sdists.txt"
    if not sdists.exists() or sdists.stat().st_mtime < wanted.stat().st_mtime:
        command = [PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        command += [] if sys.argv[1:] else ["--require-hashes"]
        command += ["--requirement", wanted, "--dest", sdists]
        subprocess.run(command, check=True)  # noqa: S603
        sdists.touch()
    for sdist in sdists.glob("*.tar.gz"):
        with tarfile.open(sdist) as archive:
            archive.extractall(WORK / "unpacked", filter="data")


def run(name: str, arguments: "list[str]") -> "dict[str, str]":
    """Runs the tests of a package, and returns the outcome of each."""
    (directory,) = (WORK / "unpacked").glob(f"{name}-*/")
    outcomes = WORK / f"{name}.json"
    outcomes.unlink(missing_ok=True)
    paths = [ROOT / "python", directory]
    environment = {
        **os.environ,
        "OUTCOMES": str(outcomes),
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [PYTHON, HERE / "ours_as_jwt.py", "-q", "--tb=short", *arguments]
    log = WORK / f"{name}.txt"
    with log.open("w", encoding="utf-8") as file:
        subprocess.run(command, cwd=directory, env=environment, stdout=file, stderr=file)  # noqa: S603
    if not outcomes.exists():
        raise SystemExit(f"{name}: pytest did not run\n{log.read_text('utf-8')[-3000:]}")
    return json.loads(outcomes.read_text("utf-8"))


def expected() -> "dict[str, set[str]]":
    """The tests in failures.txt, by package."""
    found: dict[str, set[str]] = {}
    for line in (HERE / "failures.txt").read_text("utf-8").splitlines():
        if line and not line.startswith(("#", " ")):
            package, _, test = line.partition(" ")
            found.setdefault(package, set()).add(test)
    return found


if __name__ == "__main__":
    sys.exit(main())

"""What the documents say holds: the table of places, the examples of native methods."""

import doctest
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, vectors

from kling_auth import _native, names

PAGE = (ROOT / "docs" / "pages" / "sources.md").read_text("utf-8").partition("\n## ")[0]
# The places in the order of the page, and the names that it lists, with either prefix.
PLACES = [name.strip("`") for name in re.findall(r"^\| (.+?) \| .+ \|$", PAGE, re.M)[1:]]
LISTED = set(re.findall(r"`KLING_([A-Z_]+)`", PAGE.partition("Within one place")[2]))
NAMES = {prefix + name for name in LISTED for prefix in ("KLING_", "KLINGAI_")}


def present(case):
    """The places of the table that hold something in a case."""
    files = case.get("files", {})
    values = {
        name.replace("_FILE", ""): files.get(value.replace("{root}/", ""), value)
        for name, value in case.get("env", {}).items()
        if name.endswith("_FILE") or f"{name}_FILE" not in case["env"]
    }
    if case.get("given"):
        yield "arguments"
    if any(values.get(name, "").strip(" \t\n\"'") for name in NAMES):
        yield "environment"
    if any(path.endswith("/.env") and re.search(r"KLING\w*=.", files[path]) for path in files):
        yield ".env"
    if any(path.endswith(".credentials") for path in files):
        yield "profile"


def place_of(source):
    if source == "arguments":
        return "arguments"
    if source.startswith("environment"):
        return "environment"
    return ".env" if "/.env (" in source else "profile"


@pytest.mark.parametrize(
    "case", [c for c in vectors("sources.json") if "source" in c], ids=lambda case: case["name"]
)
def test_the_first_place_counts(case):
    found = set(present(case))
    first = next(place for place in PLACES if place in found)
    assert place_of(case["source"]) == first


def test_every_name_of_the_page_is_tried_and_the_other_way_round():
    cases = vectors("sources.json")
    tried = {name.replace("_FILE", "") for case in cases for name in case.get("env", {})}
    assert tried >= NAMES
    named = {name for case in cases for name in re.findall(r"KLING\w+", case.get("source", ""))}
    assert {name.replace("_FILE", "") for name in named} <= NAMES


@pytest.mark.parametrize(
    "name", ["verdict", "generate_kling_token", "KlingAuth", "inspect", "verify_webhook"]
)
def test_native_examples(name):
    """pytest looks for examples in Python files alone."""
    public = getattr(_native, name)
    documented = [public, *(vars(public).values() if isinstance(public, type) else ())]
    examples = doctest.DocTestParser().get_examples
    runner = doctest.DocTestRunner()
    for number, text in enumerate(str(item.__doc__) for item in documented):
        if examples(text):
            runner.run(doctest.DocTest(examples(text), {}, name, None, number, text))
    assert (runner.failures, runner.tries > 1) == (0, True)


def test_everything_public_is_documented():
    import kling_auth

    for name in kling_auth.__all__:
        if hasattr(names, name):
            continue  # an alias has no text at run time; `test_surface.py` looks for its own
        public = getattr(kling_auth, name)
        assert public.__doc__
        if isinstance(public, type) and public.__module__.startswith("kling_auth"):
            for base in public.__mro__:
                if base.__module__.startswith("kling_auth"):
                    shown = {n: m for n, m in vars(base).items() if not n.startswith("_")}
                    assert all(m.__doc__ for m in shown.values() if not isinstance(m, str)), name


def test_the_stubs_say_what_the_objects_say(tmp_path):
    """And the program that compares them notices a difference."""
    package = tmp_path / "python" / "kling_auth"
    shutil.copytree(ROOT / "python" / "kling_auth", package)
    (tmp_path / ".ci").mkdir()
    program = shutil.copy(ROOT / ".ci" / "docstrings.py", tmp_path / ".ci")

    def check():
        command = [sys.executable, program, "--check"]
        return subprocess.run(command, capture_output=True, text=True)  # noqa: S603

    assert (check().returncode, check().stdout) == (0, "")
    stub = package / "_native.pyi"
    stub.write_text(stub.read_text("utf-8").replace("The HTTP status.", "Some number."), "utf-8")
    assert (check().returncode, "_native.pyi says something else" in check().stdout) == (1, True)

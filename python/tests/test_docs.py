"""What the documents say holds: the table of places, the examples of native methods."""

import doctest
import re

import pytest
from conftest import ROOT, vectors

from kling_auth import _native


def table():
    """The places in the order of the page, and the names that each lists."""
    text = (ROOT / "docs" / "pages" / "sources.md").read_text("utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", text.partition("\n## ")[0], re.M)[1:]
    return {place.strip("`"): re.findall(r"`([A-Z_]{6,})`", names) for place, names in rows}


PLACES = table()


def present(case):
    """The places of the table that hold something in a case."""
    names = {name.replace("_FILE", "") for name in case.get("env", {})}
    if case.get("given"):
        yield "arguments"
    if names & set(PLACES["environment"]):
        yield "environment"
    if any(path.endswith(".env") and "KLING" in text for path, text in case["files"].items()):
        yield ".env"
    if any(path.endswith(".credentials") for path in case["files"]):
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
    found = set(present({"files": {}, **case}))
    first = next(place for place in PLACES if place in found)
    assert place_of(case["source"]) == first


def test_the_first_name_counts():
    for case in vectors("sources.json"):
        source = case.get("source", "")
        if source.startswith("environment"):
            there = {name.replace("_FILE", "") for name in case["env"]}
            first = next(name for name in PLACES["environment"] if name in there)
            assert source.startswith(f"environment ({first}"), case["name"]


def test_every_name_is_tried():
    tried = {name for case in vectors("sources.json") for name in case.get("env", {})}
    listed = {*PLACES["environment"], *PLACES["profile"]}
    assert listed <= {name.replace("_FILE", "") for name in tried}


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
        public = getattr(kling_auth, name)
        assert public.__doc__
        if isinstance(public, type) and public.__module__.startswith("kling_auth"):
            for base in public.__mro__:
                if base.__module__.startswith("kling_auth"):
                    shown = {n: m for n, m in vars(base).items() if not n.startswith("_")}
                    assert all(m.__doc__ for m in shown.values() if not isinstance(m, str)), name

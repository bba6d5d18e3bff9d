"""The README's table of places is the order in which credentials are found."""

import re

import pytest
from conftest import ROOT, vectors


def table():
    """The places in the README's order, and the names that each lists."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Where credentials come from")[2]
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

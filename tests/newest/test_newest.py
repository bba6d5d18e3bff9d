"""Tests the parts of `make newest` that work offline: orders, tables, what counts as a failure."""

import pins
import pytest
from kin import clients_of, comes_from, ends
from page import Row, failure, packages, passed
from registries import Release, behind, is_newer, newest, order, suits
from suites import Outcome, judged
from watched import DEPENDENTS, DOCUMENTED, NIQUESTS, NODE, PYTHON


def release(says="", asks=()):
    return Release("name", "1", "Python any", [says], list(asks))


def test_the_order_of_npm():
    """The example of the semantic versioning specification, and a few more."""
    ordered = "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11"
    ordered += " 1.0.0-rc.1 1.0.0 1.0.2 1.0.10+build 1.10.0 2.0.0"
    versions = [order(version) for version in ordered.split()]
    assert all(one < next_one for one, next_one in zip(versions, versions[1:]))


@pytest.mark.parametrize(
    "major, before, expected",
    [
        (None, False, "2.0.0"),
        (1, False, "1.10.0"),
        (None, True, "3.0.0-beta.10"),
        (1, True, "1.11.0-rc.1"),
    ],
)
def test_the_newest_of_npm(major, before, expected):
    """The tag `latest` is used, even if there is a higher version."""
    versions = "1.9.0 1.10.0 1.11.0-rc.1 2.0.0-rc.1 2.0.0 2.1.0 3.0.0-beta.9 3.0.0-beta.10"
    assert newest(versions.split(), "2.0.0", major, before) == expected


def test_an_old_pre_release_is_not_newer():
    assert newest(["4.0.0-alpha", "4.0.0", "4.1.0"], "4.1.0", None, before=True) == "4.1.0"


def test_the_order_of_pypi():
    assert is_newer("1.0.dev6", "0.28.1")
    assert is_newer("1.0", "1.0rc1")
    assert not is_newer("1.0.0", "1.0")


def test_which_python_is_suitable():
    assert suits("Python >=3.10", "3.11.7")
    assert suits("Python any", "3.11.7")
    assert not suits("Python >=3.12", "3.11.7")
    assert not suits("Python >=3.10,<3.11", "3.11.7")


def test_the_output_of_cargo():
    printed = """    Updating crates.io index
     Locking 2 packages to latest Rust 1.88 compatible versions
    Updating anyhow v1.0.104 -> v1.0.105
   Unchanged pyo3 v0.29.3 (available: v0.30.1)
   Unchanged other v0.1.0 (available: v0.2.0, requires Rust 1.90)
note: to see how you depend on a package, run `cargo tree --invert <dep>@<ver>`
"""
    assert behind(printed) == {
        "anyhow": ("1.0.104", "1.0.105", ""),
        "pyo3": ("0.29.3", "0.30.1", ""),
        "other": ("0.1.0", "0.2.0", "requires Rust 1.90"),
    }


def test_a_failure_names_the_client():
    row = Row("ky", "2.1.0", "3.0.0", Outcome(5, ["a", "b", "c", "d"], "ky-3.0.0.txt"))
    assert failure(row) == (
        "ky 3.0.0, pinned 2.1.0: a; b; c; and 1 more (target/newest/log/ky-3.0.0.txt)"
    )
    assert passed(row) == "**4 failed**"
    assert failure(row._replace(outcome=Outcome(1234, []))) == ""
    assert passed(row._replace(outcome=Outcome(1234, []))) == "1,234"


def test_a_known_failure_must_fail():
    row = Row("httpx", "0.28.1", "1.0.dev6", Outcome(0, ["no Auth"]))
    assert failure(row) == "" and passed(row) == "1 failed"
    assert "it passes" in failure(row._replace(outcome=Outcome(9, [])))
    assert failure(row._replace(newest="1.0")) != ""


def test_a_row_without_a_run():
    assert passed(Row("http", "1.5.0", "1.5.0")) == "as pinned"
    assert passed(Row("pyo3", "0.29.3", "0.30.1")) == "not run"


def test_the_table():
    rows = [Row("got", "14.6.6", "14.6.6", Outcome(3, [])), Row("pyo3", "0.29.3", "0.30.1")]
    assert packages(rows).splitlines() == [
        "| package | pinned | newest | passed | note |",
        "| --- | --- | --- | --- | --- |",
        "| got | 14.6.6 | 14.6.6 | 3 | |",
        "| pyo3 | 0.29.3 | **0.30.1** | not run | 0.30 no longer serves CPython 3.8 |",
    ]


def test_an_empty_run_is_a_failure():
    assert judged(0, [], 0, "").failed and judged(None, [], 0, "").failed
    assert judged(3, [], 1, "").failed
    assert not judged(3, [], 0, "").failed


def test_which_client_a_framework_requires():
    asks = [
        *("anyio>=4", "httpx2<3,>=2.12.0", "aiohttp>=3.14; extra == 'aiohttp'", "httptools>=1"),
        *("httpx-sse", "requests-toolbelt ; extra=='all'", "multidict>=6.9.1; extra == 'aiohttp'"),
    ]
    expected = {"httpx2", "aiohttp (aiohttp)"}
    assert clients_of(release(asks=asks)) == expected


@pytest.mark.parametrize(
    "says, expected",
    [
        ("A fork of httpx. It is fast.", "A fork of httpx."),
        ("It is fast. Forked from [HTTPX](https://of.example/httpx)!", "Forked from HTTPX!"),
        ("A fork of httpx2.", ""),
        ("It works with httpx. The fork is another.", ""),
        ("```\nfork of httpx\n```\n", ""),
    ],
)
def test_which_package_comes_from_another(says, expected):
    assert comes_from(release(says), "httpx") == expected


def test_which_package_announces_its_end():
    assert ends(release("deprecated: use got")) == "deprecated: use got"
    assert ends(release("Fast. It is no longer actively maintained.")) != ""
    assert ends(release("Development Status :: 7 - Inactive")) != ""
    assert ends(release("It handles deprecated: headers, and archives.")) == ""


def test_listed_packages_and_files_exist():
    """Otherwise the weekly run would be the first to find a missing package or file."""
    locked = {**pins.of_python("tests/requirements.txt"), **pins.of_python("docs/requirements.txt")}
    locked.update(pins.of_python("tests/niquests/requirements.txt"))
    locked.update(pins.of_python("tests/dependents/sdists.txt"))
    for name in [tested.name for tested in [*PYTHON, *DOCUMENTED, NIQUESTS]] + DEPENDENTS:
        assert pins.normal(name) in locked
    assert {tested.name for tested in NODE} <= set(pins.of_node())
    for folder, lists in (
        ("python/tests", [*PYTHON, NIQUESTS]),
        ("node/tests", NODE),
        ("docs/pages", DOCUMENTED),
    ):
        for tested in lists:
            for name in tested.tests:
                assert (pins.ROOT / folder / name).exists(), name


def test_the_majors_that_are_followed():
    pinned = {"undici": ("undici", "7.1.0"), "undici6": ("undici", "6.9.9"), "ms": ("ms", "2.1.3")}
    assert pins.followed("undici", pinned) is None
    assert pins.followed("undici6", pinned) == 6
    assert pins.followed("ms", pinned) is None


def test_the_dependencies_of_a_manifest():
    manifest = """[package]
name = "one"
[dependencies]
kling-jwt-core.workspace = true
http = { version = "1", optional = true }
[target.'cfg(unix)'.dependencies]
rustix = "1"
[dev-dependencies]
tower = "0.5"
[features]
http = ["dep:http"]
json = []
"""
    assert pins.dependencies(manifest) == {"kling-jwt-core", "http", "rustix", "tower"}

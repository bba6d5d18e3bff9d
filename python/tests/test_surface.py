"""The public face: ``dir()``, ``import *`` and the types for type checkers."""

import ast
import inspect as pythons
import re
import subprocess
import sys
import typing

import pytest
from conftest import ROOT

import kling_auth
from kling_auth import names

PUBLIC_MODULES = {"errors", "jwt"}


def printed_by(program):
    run = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE)  # noqa: S603
    return run.stdout.decode().split()


def test_import_star_imports_the_public_names():
    printed = printed_by(
        "before = {*globals()}\n"
        "from kling_auth import *\n"
        "print(*sorted({*globals()} - before - {'before'}))"
    )
    assert printed == sorted(kling_auth.__all__)
    assert not {"inspect", "TYPE_CHECKING"} & set(printed)


@pytest.mark.parametrize(
    "before", ["None", "kling_auth.check, kling_auth.KlingAuth, kling_auth.errors, kling_auth.jwt"]
)
def test_dir_has_nothing_else(before):
    printed = printed_by(f"import kling_auth; {before}; print(*dir(kling_auth))")
    shown = {name for name in printed if not name.startswith("__")}
    assert shown == {*kling_auth.__all__, *PUBLIC_MODULES, "inspect"}
    assert {"__version__", "__doc__", "__name__"} <= set(printed)


def test_dir_of_the_class_and_of_an_object_has_no_private_name():
    auth = kling_auth.KlingAuth(
        access_key="0123456789abcdef" * 2, secret_key="fedcba9876543210" * 2
    )
    for shown in (dir(kling_auth.KlingAuth), dir(auth)):
        assert [name for name in shown if name[0] == "_" and name[:2] != "__"] == []
        assert {"token", "headers", "rotate", "handle_response"} <= set(shown)


def test_inspect_has_a_second_name():
    assert kling_auth.inspect_token is kling_auth.inspect
    assert "inspect_token" in kling_auth.__all__ and "inspect" not in kling_auth.__all__


def test_an_import_reads_one_file():
    printed = printed_by(
        "import sys, kling_auth; print(*(n for n in sys.modules if n.startswith('kling_auth')))"
    )
    assert set(printed) == {"kling_auth", "kling_auth._native"}
    printed = printed_by("import sys, kling_auth; print('typing' in sys.modules)")
    assert printed == ["False"]


def flat(alias):
    """The names in an alias."""
    parts = typing.get_args(alias)
    return {name for part in parts for name in ([part] if isinstance(part, str) else flat(part))}


def test_the_names_of_causes_are_those_of_the_core():
    page = (ROOT / "docs/pages/troubleshooting.md").read_text("utf-8")
    verdicts, _, findings = page.partition("## What else a check finds")
    rows = re.findall(r"></a>`([a-z_]+)`<br>([a-z]+) \|", verdicts)
    causes, actions = ({row[column] for row in rows} for column in (0, 1))
    assert flat(names.Cause) - {"accepted"} == causes - {"accepted"} and len(causes) > 30
    restored = kling_auth.verdict(200, b"").__reduce__()
    function, (_, values) = restored
    for cause in flat(names.Cause):
        assert function("Verdict", {**values, "cause": cause}).cause == cause
    found = set(re.findall(r"^\| `([a-z_]+)` \|", findings.partition("## Errors")[0], re.M))
    assert flat(names.CheckCause) == flat(names.Cause) | found and len(found) == 8
    assert flat(names.Action) == actions | {"accept"}


def test_the_kinds_of_sources_are_those_of_the_core():
    source = (ROOT / "crates/kling-auth/src/sources/source.rs").read_text("utf-8")
    kinds = re.search(r"KINDS: .*?=\s*\[(.*?)\];", source, re.S)[1]
    assert flat(names.SourceKind) == set(re.findall(r'"(\w+)"', kinds))


def test_each_alias_is_documented():
    tree = ast.parse(pythons.getsource(names))
    for alias, text in zip(tree.body, tree.body[1:]):
        if isinstance(alias, ast.Assign):
            assert isinstance(text, ast.Expr) and isinstance(text.value.value, str), alias

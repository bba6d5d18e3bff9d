"""The documentation is correct: the table of sources, docstrings and their examples, help URLs."""

import doctest
import inspect
import pickle
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, vectors

import kling_auth
from kling_auth import _native, names

PAGE = (ROOT / "docs" / "pages" / "sources.md").read_text("utf-8").partition("\n## ")[0]
# The places in the order of the page, and the variables that it lists, with either prefix.
PLACES = [name.strip("`") for name in re.findall(r"^\| (.+?) \| .+ \|$", PAGE, re.M)[1:]]
LISTED = set(re.findall(r"`KLING_([A-Z_]+)`", PAGE.partition("Within one place")[2]))
NAMES = {prefix + name for name in LISTED for prefix in ("KLING_", "KLINGAI_")}


def present(case):
    """The places of the table that contain something in a case."""
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
def test_the_first_place_is_used(case):
    found = set(present(case))
    first = next(place for place in PLACES if place in found)
    assert place_of(case["source"]) == first


def test_the_page_lists_the_variables_that_are_tried():
    cases = vectors("sources.json")
    tried = {name.replace("_FILE", "") for case in cases for name in case.get("env", {})}
    assert tried >= NAMES
    named = {name for case in cases for name in re.findall(r"KLING\w+", case.get("source", ""))}
    assert {name.replace("_FILE", "") for name in named} <= NAMES


@pytest.mark.parametrize(
    "name", ["verdict", "generate_kling_token", "KlingAuth", "inspect", "verify_webhook"]
)
def test_native_examples(name):
    """pytest finds examples in Python files only."""
    public = getattr(_native, name)
    documented = [public, *(vars(public).values() if isinstance(public, type) else ())]
    examples = doctest.DocTestParser().get_examples
    runner = doctest.DocTestRunner()
    for number, text in enumerate(str(item.__doc__) for item in documented):
        if examples(text):
            runner.run(doctest.DocTest(examples(text), {}, name, None, number, text))
    assert (runner.failures, runner.tries > 1) == (0, True)


def test_everything_public_is_documented():
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


def public():
    """Each public function, class, method and property, with its full name."""
    for name in kling_auth.__all__:
        if hasattr(names, name):
            continue  # an alias has no docstring
        found = getattr(kling_auth, name)
        yield name, found
        for member in dir(found) if isinstance(found, type) else ():
            value = inspect.getattr_static(found, member)
            if not member.startswith("_") and not isinstance(value, (str, bool)):
                yield f"{name}.{member}", getattr(value, "__func__", value)


PUBLIC = {
    name: found
    for name, found in public()
    if name.partition(".")[2] not in {"args", "add_note", "with_traceback"}
}
# Called by HTTP clients, not by users.
CALLED_BY_CLIENTS = {"KlingAuth.sync_auth_flow", "KlingAuth.async_auth_flow"}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_docstring_begins_with_a_short_sentence(name):
    first = PUBLIC[name].__doc__.partition("\n\n")[0]
    assert re.match("[A-Z`]", first) and first.rstrip().endswith(".")
    assert len(first) <= 200


@pytest.mark.parametrize("name", [name for name in PUBLIC if callable(PUBLIC[name])])
def test_arguments_are_documented_and_functions_have_an_example(name):
    text = PUBLIC[name].__doc__
    if (isinstance(PUBLIC[name], type) and name != "KlingAuth") or name in CALLED_BY_CLIENTS:
        return
    for argument in inspect.signature(PUBLIC[name]).parameters:
        assert argument in ("self", "cls") or re.search(rf"^ *{argument}: ", text, re.M), argument
    assert ">>> " in text or name.endswith(".to_dict")


def test_every_code_has_a_place_on_the_page_of_help_urls():
    page = (ROOT / "docs/pages/troubleshooting.md").read_text("utf-8")
    anchors = re.findall(r'<a id="(\w+)"></a>', page)
    assert len(anchors) == len(set(anchors))
    codes = set()
    for directory in ("crates", "bindings/python", "python/kling_auth"):
        for path in (ROOT / directory).rglob("*"):
            if path.suffix in (".rs", ".py") and "tests" not in path.parts:
                codes |= set(
                    re.findall(r"[\"']((?:ERR|WARN)_[A-Z_]*[A-Z])\b", path.read_text("utf-8"))
                )
    assert len(codes) > 60
    for code in codes:
        url = kling_auth.KlingAuthError("", code).help_url
        assert url == f"{HELP}#{code.lower()}"
        assert url.rpartition("#")[2] in anchors, code
    assert {cls.code.lower() for cls in subclasses(kling_auth.KlingAuthError)} <= set(anchors)


HELP = "https://github.com/kling-auth/kling-auth/blob/main/docs/pages/troubleshooting.md"


def subclasses(cls):
    """A class and all that derive from it."""
    from kling_auth import jwt  # noqa: F401 - its exceptions

    return {cls}.union(*map(subclasses, cls.__subclasses__()))


def test_a_warning_has_its_code_and_its_help_url():
    with pytest.warns(kling_auth.KlingAuthWarning) as caught:
        kling_auth.KlingAuth(
            " 0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
        )
    (warning,) = (each.message for each in caught)
    assert (warning.code, warning.help_url) == ("WARN_CLEANED", f"{HELP}#warn_cleaned")
    assert str(warning).endswith("(WARN_CLEANED)")
    again = pickle.loads(pickle.dumps(warning))  # noqa: S301
    assert (again.code, str(again)) == (warning.code, str(warning))
    assert kling_auth.KlingAuthWarning("").help_url == f"{HELP}#warnings"


def test_the_stubs_have_the_docstrings_of_the_objects(tmp_path):
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
    assert (check().returncode, "_native.pyi differs from the package" in check().stdout) == (
        1,
        True,
    )


def test_a_refusal_leads_to_its_cause():
    page = (ROOT / "docs/pages/troubleshooting.md").read_text("utf-8")
    refused = kling_auth.verdict(401, b'{"code":1000,"message":"signature is invalid"}')
    error = kling_auth.RefusedError(refused, None)
    assert error.help_url == f"{HELP}#wrong_secret_key"
    assert '<a id="wrong_secret_key"></a>' in page

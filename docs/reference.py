"""Writes docs/pages/python-reference.md from the docstrings and signatures of the package.

They come from the sources and stubs, which editors show too. With ``--check``, it fails if the page
is out of date. It needs only Python.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generated import ROOT, write_or_check

PACKAGE = ROOT / "python" / "kling_auth"
TESTING = ROOT / "python" / "gate" / "kling_gate"
PAGE = ROOT / "docs/pages/python-reference.md"

# Where public names are defined. The first file that has a name counts.
FILES = ["auth.pyi", "_native.pyi", "probe.py", "refusals.py", "errors.py", "names.py"]

# The same for `kling_auth.testing`.
TESTING_FILES = ["gate.py", "clock.py", "callback.py", "errors.py"]

TEMPLATE = """\
# Python reference

Everything public in `kling_auth`, as the package itself and your editor describe it. This page is
generated (`docs/reference.py`). For how to use it, see the [guide](python.md).

{sections}
"""


def main() -> int:
    """Write the page, or check it, and return the exit status."""
    text = TEMPLATE.format(sections="\n\n".join(sections()))
    return write_or_check(PAGE, text)


def sections() -> Iterator[str]:
    """Yield the parts of the page."""
    found = {name: definition(name, PACKAGE, FILES) for name in names(PACKAGE)}
    functions = {n: d for n, d in found.items() if is_function(d)}
    classes = {n: d for n, d in found.items() if isinstance(d, ast.ClassDef)}
    errors = {n: d for n, d in classes.items() if re.search("(Error|Warning)$", n)}
    yield "## Functions"
    for name, node in functions.items():
        yield function_section(name, node)
    yield "## Classes"
    for name in ["KlingAuth", *(n for n in classes if n not in {*errors, "KlingAuth"})]:
        yield class_section(name, classes[name])
    yield "## Errors"
    for name in ["KlingAuthError", *(n for n in errors if n != "KlingAuthError")]:
        yield class_section(name, errors[name])
    yield "## Names for programs"
    yield aliases()
    yield "## `kling_auth.testing`"
    yield "`pip install 'kling-auth[testing]'`; see [Test your code](testing.md)."
    for name in ["KlingGate", *(n for n in names(TESTING) if n != "KlingGate")]:
        yield class_section(name, definition(name, TESTING, TESTING_FILES))


def names(package: Path) -> list[str]:
    """Return ``__all__`` of a package."""
    tree = ast.parse((package / "__init__.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    raise SystemExit(f"{package.name} has no __all__")


def definition(name: str, package: Path, files: list[str]) -> Any:
    """Return the node that defines a name."""
    name = {"inspect_token": "inspect"}.get(name, name)
    for file in files:
        for node in ast.parse((package / file).read_text("utf-8")).body:
            if getattr(node, "name", None) == name:
                return node
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                return node
    raise SystemExit(f"{package.name}.{name} is not in {files}")


def is_function(node: Any) -> bool:
    """Return whether it is a function, synchronous or not."""
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def function_section(name: str, node: Any) -> str:
    """Return the section of a function."""
    also = "\n\nAlso available as `kling_auth.inspect`." if name == "inspect_token" else ""
    return f"### `{name}`\n\n{signature(name, node)}\n\n{prose(node)}{also}"


def class_section(name: str, node: ast.ClassDef) -> str:
    """Return the section of a class, with a row for each attribute."""
    parts = [f"### `{name}`"]
    members = members_of(name, node)
    made = members.pop("__init__", None)
    if name == "KlingAuth":
        parts.append(signature(name, made))
    bases = [ast.unparse(base) for base in node.bases]
    parts.append(prose(node))
    if re.search("(Error|Warning)$", name):
        parts.append(f"Derives from {', '.join(f'`{base}`' for base in bases)}.")
    attributes = [row for member, found in members.items() for row in attribute(member, found)]
    if attributes:
        parts.append("\n".join(["| attribute | type | |", "|---|---|---|", *attributes]))
    for member, found in members.items():
        if is_function(found) and not is_property(found):
            parts.append(
                f"#### `{name}.{member}` {{ #{name.lower()}-{member} }}\n\n"
                f"{signature(member, found)}\n\n{prose(found)}"
            )
    return "\n\n".join(parts)


def members_of(name: str, node: ast.ClassDef) -> dict[str, Any]:
    """Return the members of a class by name; for ``KlingAuth`` also those of its native base."""
    nodes = [node]
    if name == "KlingAuth":
        native = ast.parse((PACKAGE / "_native.pyi").read_text("utf-8")).body
        nodes.insert(0, next(n for n in native if getattr(n, "name", None) == name))
    members: dict[str, Any] = {}
    for each in nodes:
        for part, following in zip(each.body, [*each.body[1:], None]):
            if isinstance(part, ast.AnnAssign):
                members[ast.unparse(part.target)] = (part, following)
            elif is_function(part) and (part.name[0] != "_" or part.name == "__init__"):
                members.setdefault(part.name, part)
    return members


def attribute(name: str, found: Any) -> Iterator[str]:
    """Yield the row of a property or of an attribute."""
    if is_function(found) and is_property(found):
        yield row(name, found.returns, prose(found))
    elif isinstance(found, tuple):
        part, following = found
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            yield row(name, part.annotation, marked_up(following.value.value))


def is_property(node: Any) -> bool:
    """Return whether a function is a property."""
    return any(ast.unparse(decorator) == "property" for decorator in node.decorator_list)


def row(name: str, annotation: Any, text: str) -> str:
    """Return a line of a table."""
    kind = ast.unparse(annotation).replace("|", "\\|")
    return f"| `{name}` | `{kind}` | {' '.join(text.split())} |"


def aliases() -> str:
    """Return the tables of stable names."""
    body = ast.parse((PACKAGE / "names.py").read_text("utf-8"))
    parts = [prose(body).partition("\n")[2].strip()]
    for node, text in zip(body.body, body.body[1:]):
        if isinstance(node, ast.Assign):
            name = ast.unparse(node.targets[0])
            literals = [n for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
            listed = ", ".join(f"`{n.value}`" for n in literals)
            more = "any `Cause`, " if "Cause" in ast.unparse(node.value) else ""
            meaning = marked_up(text.value.value).rstrip(".")  # type: ignore[attr-defined]
            parts.append(f"### `{name}`\n\n{meaning}: {more}{listed}.")
    return "\n\n".join(parts)


def signature(name: str, node: Any) -> str:
    """Return the signature as an indented block, since the tests would run a fenced one."""
    arguments = ast.unparse(node.args).replace("_native.", "")
    listed = [part for part in split(arguments) if part not in {"self", "cls", "/"}]
    listed = [re.sub("^([^=]+)=", r"\1 = ", part) for part in listed]
    # Names of the stubs for unions of types.
    spelt = {"_Seconds": "float", "_Headers": "Mapping[str, str]", "_Body": "bytes | str"}
    returns = "" if node.name == "__init__" or node.returns is None else ast.unparse(node.returns)
    returns = f" -> {returns}" if returns else ""
    word = "await " if isinstance(node, ast.AsyncFunctionDef) else ""
    text = f"{word}{name}({', '.join(listed)}){returns}"
    if len(text) > 90:
        inner = "".join(f"    {part},\n" for part in listed)
        text = f"{word}{name}(\n{inner}){returns}"
    for short, long in spelt.items():
        text = re.sub(rf"\b{short}\b", long, text)
    return "\n".join(f"    {line}" for line in text.splitlines())


def split(arguments: str) -> list[str]:
    """Return arguments one by one; their types have commas as well."""
    parts, depth = [""], 0
    for char in arguments:
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def prose(node: Any) -> str:
    """Return a docstring as Markdown, without its examples, which the guide explains."""
    text = ast.get_docstring(node) or ""
    text = re.sub(r"\n*^>>>.*?(?:\n\n|\Z)", "\n\n", text, flags=re.M | re.S).strip()
    return marked_up(re.sub(r"^(Args|Raises):\n((?: +.*\n?)+)", as_list, text, flags=re.M)).strip()


TITLES = {"Args": "Arguments:", "Raises": "Raises:"}


def as_list(section: re.Match[str]) -> str:
    """Return a section of a docstring as a Markdown list."""
    entries = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", section[2], re.M)
    lines = (f"- `{name}`: {' '.join(text.split())}" for name, text in entries)
    return "\n".join([TITLES[section[1]], "", *lines, ""])


def marked_up(text: str) -> str:
    """Return a text with Markdown's backticks."""
    return text.replace("``", "`")


if __name__ == "__main__":
    sys.exit(main())

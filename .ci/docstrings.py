"""Writes docstrings into the Python stubs, since editors show the text of a stub.

The source is the docstring at run time, which is written in Rust or in the Python code. After you
change one, build, and run this program. With ``--check`` it only fails if a stub differs.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent / "python" / "kling_auth"


def main() -> int:
    """Write the stubs, or check them, and return the exit status."""
    is_check = sys.argv[1:] == ["--check"]
    status = 0
    for path in sorted(PACKAGE.rglob("*.pyi")):
        text = path.read_text("utf-8")
        updated = with_texts(text, module_of(path))
        if updated == text:
            continue
        if is_check:
            print(f"{path.name} differs from the package: run .ci/docstrings.py")
            status = 1
        else:
            path.write_text(updated, "utf-8")
    return status


def module_of(path: Path) -> Any:
    """Return the module of a stub."""
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    return importlib.import_module(name)


def with_texts(stub: str, module: Any) -> str:
    """Return a stub with the text of each of its objects."""
    lines = stub.splitlines(keepends=True)
    # From the end, so that earlier lines keep their numbers.
    for node, found in reversed(list(documented(ast.parse(stub), module))):
        write(lines, node, inspect.cleandoc(found))
    return "".join(lines)


def documented(parent: Any, owner: Any) -> Iterator[tuple[Any, str]]:
    """Yield each public class and function of a stub that has a text, in order."""
    for node in parent.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if node.name.startswith("_"):
            continue
        named = inspect.getattr_static(owner, node.name)
        found = getattr(named, "__func__", named).__doc__
        if found:
            yield node, found
        if isinstance(node, ast.ClassDef):
            yield from documented(node, named)


def write(lines: list[str], node: Any, text: str) -> None:
    """Insert the docstring of a class or function, or replace it."""
    first = node.body[0]
    indent = " " * (node.col_offset + 4)
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    is_replaced = is_text and (first.value.value is ... or isinstance(first.value.value, str))
    decorators = getattr(first, "decorator_list", [])
    begin = min(part.lineno for part in [first, *decorators]) - 1
    before = "" if decorators else lines[begin][: first.col_offset]
    is_inline = bool(before.strip())
    written = ([before.rstrip() + "\n"] if is_inline else []) + literal(text, indent)
    lines[begin : first.end_lineno if is_replaced else begin] = written


def literal(text: str, indent: str) -> list[str]:
    """Return the lines of a docstring."""
    text = text.replace("\\", "\\\\")
    parts = f'"""{text}'.split("\n")
    if len(parts) == 1:
        return [f'{indent}{parts[0]}"""\n']
    return [f"{indent}{part}".rstrip() + "\n" for part in [*parts, '"""']]


if __name__ == "__main__":
    sys.exit(main())

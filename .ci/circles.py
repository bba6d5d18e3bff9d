#!/usr/bin/env python3
"""Fails on circular dependencies between modules of our Rust crates.

A module is a file. It needs what it imports or names by a path, outside of comments, strings and
tests; for a re-export, it needs the file that defines the item. A parent does not need the children
that it declares and re-exports. The same is checked for rooms: each folder and each file directly
in `src` is one. The root is left out.

Not detected: a method of a type that is never named, and names in the text of an attribute.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("crates/*/src/lib.rs", "bindings/*/src/lib.rs")

TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/                      # comments
    |b?c?r(?P<marks>\#*)".*?"(?P=marks)|[bc]?"(?:\\.|[^"\\])*"  # texts
    |b?'(?:\\[^']+|\\'|[^'\\])'                 # characters, which lifetimes are not
    |(?P<token>(?:r\#)?\w+|::|\S)""",
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = "([{", ")]}"
DEFINING = ("fn", "struct", "enum", "union", "trait", "type", "const", "static")

Module = "tuple[str, ...]"
"""A module's path from the root of the crate, which is ()."""
Edges = "dict[object, dict[object, set[str]]]"
"""For each module or room: what it needs, and with which names."""


class Use(NamedTuple):
    """One name that a `use` imports; its path is as written."""

    path: "tuple[str, ...]"
    name: str
    is_public: bool


class Found(NamedTuple):
    """The target of a path: a module itself, or an item in it."""

    module: "tuple[str, ...]"
    item: "str | None"


class Crate:
    """The modules of a crate, including inline ones, with their imports and definitions."""

    def __init__(self, src: Path) -> None:
        self.files: dict[Module, Path] = {}
        self.modules: set[Module] = set()
        self.uses: dict[Module, dict[str, Use]] = defaultdict(dict)
        self.paths: dict[Module, set[tuple[str, ...]]] = defaultdict(set)
        self.defined: dict[Module, set[str]] = defaultdict(set)
        for path in sorted(src.rglob("*.rs")):
            parts = path.relative_to(src).with_suffix("").parts
            if parts[0] not in ("bin", "main"):  # programs are crates of their own
                module = parts[:-1] if parts[-1] in ("lib", "mod") else parts
                self.files[module] = path
                self.read(tokens_of(path.read_text("utf-8")), module)

    def read(self, tokens: "list[str]", module: "Module") -> None:
        """Reads the tokens of a module. An inline module is read separately."""
        self.modules.add(module)
        at = depth = 0
        while at < len(tokens):
            this, following = tokens[at], tokens[at + 1 : at + 3]
            if this == "#" and is_for_tests(tokens, at):
                at = end_of_item(tokens, end_of(tokens, at + 1))
            elif this == "use" and following[:1] != ["<"]:
                end = tokens.index(";", at)
                is_public = tokens[at - 1 : at] in (["pub"], [")"])
                for path, name in branches(tokens[at + 1 : end]):
                    if name == "*" and is_public and path[0] in ("crate", "self", "super"):
                        raise SystemExit(f"{'::'.join(module)}: `pub use` of * hides the names")
                    # There can be several of these.
                    key = f"{path} as {name}" if name in ("*", "_") else name
                    self.uses[module][key] = Use(path, name, is_public)
                at = end
            elif this == "mod" and following[1:] == ["{"]:
                end = end_of(tokens, at + 2)
                self.read(tokens[at + 3 : end - 1], (*module, following[0]))
                at = end
            elif depth == 0 and this in (*DEFINING, "macro_rules"):
                at += 2 if this == "macro_rules" else 1
                self.defined[module].add(tokens[at])
                at += tokens[at] not in DEFINING  # as of a `const fn`
            elif is_word(this):
                end = at + 1
                while tokens[end : end + 1] == ["::"] and is_word(tokens[end + 1]):
                    end += 2
                if tokens[at - 1 : at] not in (["::"], ["."]):
                    self.paths[module].add(tuple(tokens[at:end:2]))
                at = end
            else:
                depth += (this == "{") - (this == "}")
                at += 1

    def resolved(
        self, module: "Module", path: "tuple[str, ...]", seen=frozenset()
    ) -> "Found | None":
        """The target of a path in a module; `None` if it is outside of the crate."""
        first, *rest = path
        while first == "super" and rest[:1] == ["super"]:
            module, (first, *rest) = module[:-1], rest
        if first in ("crate", "self", "super"):
            module = {"crate": (), "self": module, "super": module[:-1]}[first]
            return self.walked(module, rest, seen)
        is_here = (*module, first) in self.modules or first in self.defined[module]
        if is_here or (first in self.uses[module] and (module, first) not in seen):
            return self.walked(module, path, seen)
        return None

    def walked(self, module: "Module", names: "list[str]", seen: "frozenset") -> "Found | None":
        """The target of a sequence of names. Imports are followed to the definition."""
        for at, name in enumerate(names):
            if (*module, name) in self.modules:
                module = (*module, name)
                continue
            use = self.uses[module].get(name)
            if use is None or name in self.defined[module] or (module, name) in seen:
                return Found(module, name)
            found = self.resolved(module, use.path, seen | {(module, name)})
            if found is None or found.item is not None:
                return found
            return self.walked(found.module, names[at + 1 :], seen)
        return Found(module, None)

    def file_of(self, module: "Module") -> "Module":
        while module not in self.files:
            module = module[:-1]
        return module

    def edges(self) -> "Edges":
        """What each file needs from other files. The root needs nothing."""
        edges: Edges = {module: defaultdict(set) for module in self.files}
        for module in self.modules:
            own = self.file_of(module)
            for found in self.needed(module):
                other = self.file_of(found.module)
                if other not in (own, ()) and own != ():
                    edges[own][other].add(found.item or "itself")
        return edges

    def needed(self, module: "Module"):
        """The targets of all imports and paths of a module."""
        named = {path[0] for path in self.paths[module]}
        by_path = {path[0] for path in self.paths[module] if len(path) > 1}
        for use in self.uses[module].values():
            found = self.resolved(module, use.path)
            if found is None:
                continue
            is_child = found.module[: len(module)] == module != found.module
            is_only_handed_on = use.is_public and is_child and use.name not in named
            is_only_a_prefix = found.item is None and use.name in by_path
            if not is_only_handed_on and not is_only_a_prefix:
                yield found
        for path in self.paths[module]:
            if len(path) > 1 and (found := self.resolved(module, path)):
                yield found


def tokens_of(text: str) -> "list[str]":
    return [match["token"] for match in TOKEN.finditer(text) if match["token"]]


def is_word(token: str) -> bool:
    return token.replace("r#", "").isidentifier()


def end_of(tokens: "list[str]", at: int) -> int:
    """The position after the bracket that closes the one at `at`."""
    depth = 0
    while True:
        depth += (tokens[at] in OPENING) - (tokens[at] in CLOSING)
        at += 1
        if depth == 0:
            return at


# Code that is only built for tests does not count.
def is_for_tests(tokens: "list[str]", at: int) -> bool:
    return tokens[at : at + 5] == ["#", "[", "cfg", "(", "test"]


def end_of_item(tokens: "list[str]", at: int) -> int:
    while tokens[at] not in ";{":
        at = end_of(tokens, at) if tokens[at] in OPENING else at + 1
    return end_of(tokens, at)


def branches(tree: "list[str]", prefix: "tuple[str, ...]" = ()):
    """The path and the name of each item that a `use` imports."""
    names = [word for word in tree if word != "::"]
    if "{" in tree:
        at = names.index("{")
        branch: list[str] = []
        depth = 0
        for word in [*names[at + 1 : -1], ","]:
            if word == "," and depth == 0:
                if branch:  # there is none after the last comma
                    yield from branches(branch, (*prefix, *names[:at]))
                branch = []
            else:
                depth += (word == "{") - (word == "}")
                branch.append(word)
        return
    *path, name = names
    if path[-1:] == ["as"]:
        path = path[:-1]
    elif name != "*":
        path = names
    path = (*prefix, *path)
    if path[-1] == "self" and len(path) > 1:  # `x::{self}` is x
        path = path[:-1]
        name = path[-1] if name == "self" else name
    yield path, name


def ways(edges: "Edges", start: object) -> "dict[object, list]":
    """The shortest path from a module to each one that it needs, directly or not."""
    found = {}
    waiting = [[start]]
    for way in waiting:  # grows in the loop
        for other in sorted(edges.get(way[-1], ())):
            if other not in found:
                found[other] = [*way, other]
                waiting.append(found[other])
    return found


def knots(edges: "Edges") -> "list[list]":
    """The strongly connected components: modules that all need each other."""
    reached = {module: set(ways(edges, module)) for module in edges}
    found = []
    for module in sorted(edges):
        knot = {other for other in reached[module] if module in reached.get(other, ())}
        if len(knot) > 1 and sorted(knot) not in found:
            found.append(sorted(knot))
    return found


def circles(edges: "Edges", knot: "list") -> "list[list]":
    """Circles that together contain every edge of a knot, the shortest first."""
    inner = [(module, other) for module in knot for other in edges[module] if other in knot]
    found, covered = [], set()
    for module, *back in sorted(([one, *ways(edges, other)[one]] for one, other in inner), key=len):
        circle = [module, *back]
        if (module, back[0]) not in covered:
            found.append(circle)
            covered |= set(zip(circle, back))
    return found


def rooms_of(crate: Crate, edges: "Edges") -> "Edges":
    folders = {module[0] for module in crate.files if len(module) > 1}

    def room(module: "Module") -> str:
        return module[0] + "/" * (module[0] in folders)

    rooms: Edges = defaultdict(lambda: defaultdict(set))
    for module, others in edges.items():
        for other, names in others.items():
            if room(module) != room(other):
                use = f"{name_of(module)}: {name_of(other)}'s {', '.join(sorted(names))}"
                rooms[room(module)][room(other)].add(use)
    return rooms


def name_of(module: object) -> str:
    return module if isinstance(module, str) else "::".join(module)


def shown(circle: "list", edges: "Edges") -> str:
    steps = [
        f"{name_of(other)} ({'; '.join(sorted(edges[module][other]))})"
        for module, other in zip(circle, circle[1:])
    ]
    return " -> ".join([name_of(circle[0]), *steps])


def report(src: Path) -> "tuple[list[str], int]":
    """The lines to report for a crate, and how many modules it has."""
    crate = Crate(src)
    edges = crate.edges()
    rooms = rooms_of(crate, edges)
    lines = []
    for kind, graph in ("modules", edges), ("rooms", rooms):
        for knot in knots(graph):
            # A circle of rooms that are files is already reported as one of modules.
            if kind == "modules" or any(room.endswith("/") for room in knot):
                lines.append(
                    f"{len(knot)} {kind} need one another: {', '.join(map(name_of, knot))}"
                )
                lines += [f"    {shown(circle, graph)}" for circle in circles(graph, knot)]
    return lines, len(crate.files)


def main() -> int:
    count = status = 0
    sources = sorted(found.parent for place in PLACES for found in ROOT.glob(place))
    for src in sources:
        lines, modules = report(src)
        count += modules
        for line in lines:
            print(f"{src.parent.relative_to(ROOT)}: {line}", file=sys.stderr)
            status = 1
    if status == 0:
        print(f"{count} modules of {len(sources)} crates, no circles")
    return status


if __name__ == "__main__":
    sys.exit(main())

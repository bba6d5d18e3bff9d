"""The fenced blocks of a page, and the comments that control their tests.

In front of a block:

- ``<!-- not run: REASON -->``: it is not run, and the reason is printed;
- ``<!-- before … -->``: code in the block's own language, run before it;
- ``<!-- diff of LANGUAGE -->``: the language of a diff; both sides are run.

Behind it:

- ``<!-- after … -->``: code run after it, in the same scope;
- ``<!-- use … -->``: a JavaScript module that imports ``#block``.

Readers do not see them: hooks.py removes them, GitHub hides them.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)(?P<more>[^\n`]*)\n(?P<code>.*?)^(?P=indent)```$",
    re.M | re.S,
)
IN_FRONT = re.compile(r"<!-- (before|not run|diff of)\b:?((?:(?!-->).)*)-->\s*\Z", re.S)
BEHIND = re.compile(r"\A\s*<!-- (after|use)\b(.*?)-->", re.S)


@dataclass
class Block:
    """One fenced block."""

    page: Path
    line: int
    language: str
    more: str
    code: str
    asks: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"

    def whole(self) -> str:
        """The block between what comes before and after it."""
        asks = self.asks
        return "\n".join([asks.get("before", ""), self.code, asks.get("after", "")])


def blocks_of(page: Path) -> list[Block]:
    """All fenced blocks of a page, from top to bottom."""
    text = page.read_text("utf-8")
    blocks = []
    for match in FENCE.finditer(text):
        block = Block(
            page,
            text.count("\n", 0, match.start()) + 1,
            match["language"],
            match["more"].strip(),
            textwrap.dedent(match["code"]),
        )
        front, back = text[: match.start()], text[match.end() :]
        while found := IN_FRONT.search(front):
            block.asks[found[1]] = textwrap.dedent(found[2]).strip()
            front = front[: found.start()]
        while found := BEHIND.match(back):
            block.asks[found[1]] = textwrap.dedent(found[2]).strip()
            back = back[found.end() :]
        blocks.append(block)
    return blocks

"""Writes a page that a program makes, or checks that the page is what the program makes."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_or_check(page: Path, text: str) -> int:
    """Write the page or, with ``--check``, compare it. Return the exit status."""
    if "--check" not in sys.argv:
        page.write_text(text, "utf-8")
    elif not page.exists() or page.read_text("utf-8") != text:
        program = Path(sys.argv[0]).name
        print(f"{page.relative_to(ROOT)} is out of date: run docs/{program}")
        return 1
    return 0

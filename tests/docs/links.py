"""Checks links and anchors of Markdown files outside the site; MkDocs checks the site's own."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = ["CONTRIBUTING.md", "SECURITY.md", "THREAT_MODEL.md", "node/README.md", "python/README.md"]
FILES += ["crates/kling-jwt-core/README.md", "crates/kling-auth-cli/README.md", "docs/RUNTIMES.md"]

LINK = re.compile(r"\]\((?![a-z]+:)([^)\s]+)\)")
FENCED = re.compile(r"^ *```.*?^ *```$", re.M | re.S)


def broken(readme: Path) -> list[str]:
    """The broken links. The README is checked as if it were at the root."""
    faults = []
    for path in [readme, *(ROOT / name for name in FILES)]:
        directory = ROOT if path == readme else path.parent
        text = FENCED.sub("", path.read_text("utf-8"))
        for link in LINK.findall(text):
            name, _, anchor = link.partition("#")
            target = directory / name if name else path
            if not target.exists():
                faults.append(f"FAILED {path.name}: there is no {link}")
            elif anchor and anchor not in anchors(target):
                faults.append(f"FAILED {path.name}: {name or path.name} has no #{anchor}")
    return faults


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes from headings."""
    text = FENCED.sub("", page.read_text("utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

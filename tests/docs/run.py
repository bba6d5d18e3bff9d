"""Runs every code block of the documentation: those of docs/pages and of the READMEs.

Python, JavaScript and TypeScript run with the built packages, Rust as doctests, shell with the
built command line, all against the gate. The output of transcripts is compared. If a block cannot
run, a comment in front of it says why (see blocks.py), and it is listed at the end.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gate"))

from blocks import Block, blocks_of
from gate import Gate
from languages import LANGUAGES, PROSE, ROOT, SHARED, Failed, run_rust
from links import broken

PAGES = [*sorted((ROOT / "docs/pages").glob("*.md")), ROOT / "python/README.md"]
PAGES += [ROOT / "node/README.md"]
PAGES += [
    ROOT / f"{place}/README.md" for place in ("python/gate", "node/gate", "crates/kling-gate")
]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--readme", type=Path, default=ROOT / "README.md")
    arguments.add_argument("--only", metavar="LANGUAGE", help="by default all")
    arguments.add_argument("pages", nargs="*", type=Path, help="by default all")
    given = arguments.parse_args()
    start = time.monotonic()
    pages = given.pages or [*PAGES, given.readme]
    blocks = [block for page in pages for block in blocks_of(page.resolve())]
    if given.only:
        blocks = [block for block in blocks if block.language == given.only]
    # Files of a project: tests/runners runs them.
    files = [block for block in blocks if block.more.startswith("title=")]
    blocks = [block for block in blocks if block not in files]
    left_out = [block for block in blocks if "not run" in block.asks]
    to_run = [block for block in blocks if block not in left_out and block.language not in PROSE]
    unknown = [b for b in to_run if b.language not in {*LANGUAGES, *SHARED, "rust"}]
    if unknown:
        print("no such language:", ", ".join(f"{b} ({b.language})" for b in unknown))
        return 1

    counts = Counter(block.language for block in to_run)
    faults = run(to_run) + broken(given.readme)
    for fault in faults:
        print(f"\n{fault}")
    print(f"\n{len(to_run)} blocks of {len(pages)} pages:", end=" ")
    print(", ".join(f"{count} {language}" for language, count in counts.most_common()))
    print(f"{len(files)} files of projects, which tests/runners runs")
    print(f"{len(left_out)} not run:" if left_out else "none left out")
    for block in left_out:
        print(f"  {block}: {block.asks['not run']}")
    print(f"{len(faults)} failed, in {time.monotonic() - start:.0f} s")
    return 1 if faults else 0


def run(blocks: list[Block]) -> list[str]:
    """Runs the blocks, and returns what failed."""
    jobs = []
    for language, runner in SHARED.items():
        for page in dict.fromkeys(block.page for block in blocks if block.language == language):
            those = [b for b in blocks if b.language == language and b.page == page]
            jobs.append((f"{page.name} ({language})", runner, those))
    jobs += [(str(b), LANGUAGES[b.language], b) for b in blocks if b.language in LANGUAGES]
    rust = [block for block in blocks if block.language == "rust"]

    def job(entry: tuple) -> str | None:
        name, runner, subject = entry
        try:
            with Gate() as gate:
                runner(subject, gate)
        except Failed as failed:
            return f"FAILED {name}\n{failed}"
        except subprocess.TimeoutExpired as expired:
            return f"FAILED {name}: still running after {expired.timeout} s"
        return None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        compiling = pool.submit(run_rust, rust) if rust else None
        faults = [fault for fault in pool.map(job, jobs) if fault]
        if compiling:
            faults += compiling.result()
    return faults


if __name__ == "__main__":
    sys.exit(main())

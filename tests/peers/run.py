#!/usr/bin/env python3
"""Compares kling-auth with other libraries in Rust, Python and Node: ``make bench``.

It builds and installs the contenders, times them with one program per language, counts
instructions, starts processes to measure imports, and adds up installed sizes. It writes
docs/bench.json and docs/bench.svg, and prints a table of the goals.

    run.py [--quick]     measure, which takes minutes; with --quick less than one
    run.py --readme      write the README's figures from docs/bench.json
    run.py --check       fail if the README's figures differ
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import before
import goals
import machine
import measure
import plot
import readme

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "docs" / "bench.json"


def main(arguments: "list[str]") -> int:
    if arguments == ["--check"]:
        return readme.check(ROOT, json.loads(RESULT.read_text("utf-8")))
    if arguments == ["--readme"]:
        return readme.write(ROOT, json.loads(RESULT.read_text("utf-8")))
    if arguments not in ([], ["--quick"]):
        print(__doc__, file=sys.stderr)
        return 2
    is_quick = arguments == ["--quick"]
    tools = measure.prepare(ROOT)
    lines = measure.everything(tools, is_quick)
    lines += before.compared(tools, is_quick, lines)
    result = {"machine": machine.facts(ROOT, tools, is_quick), "lines": lines}
    result["goals"] = goals.judged(lines)
    goals.show(result)
    # A quick run only shows that everything works; its figures are not published.
    where = ROOT / "target" / "peers" if is_quick else RESULT.parent
    (where / "bench.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    (where / "bench.svg").write_text(plot.drawn(result), "utf-8")
    print(f"written: {where / 'bench.json'}, {where / 'bench.svg'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

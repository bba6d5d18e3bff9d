#!/usr/bin/env python3
"""kling-auth beside its peers, in Rust, Python and Node: ``make bench``.

It builds and installs what is compared, has each language's program time its own contenders in
turn, counts instructions, starts processes for what an import costs, and adds up what is installed.
All goes into docs/bench.json, docs/bench.svg and a table of the goals.

    run.py [--quick]     measure: minutes, or less than one
    run.py --readme      write the README's figures from docs/bench.json
    run.py --check       fail where the README's figures are others
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
    # A quick run shows that all of this works; its figures are not for anybody to quote.
    where = ROOT / "target" / "peers" if is_quick else RESULT.parent
    (where / "bench.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    (where / "bench.svg").write_text(plot.drawn(result), "utf-8")
    print(f"written: {where / 'bench.json'}, {where / 'bench.svg'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

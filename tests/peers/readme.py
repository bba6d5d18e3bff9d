"""Writes the figures of docs/bench.json into the README, as a table between two marks."""

import sys
from pathlib import Path

from plot import amount, times

BEGIN, END = "<!-- bench: written by tests/peers/run.py --readme -->", "<!-- /bench -->"

# The rows of the README: title, language, figure, peers.
ROWS = (
    ("Rust: mint", "rust", "mint", ("jwt-compact", "jsonwebtoken", "jwt-simple")),
    ("Python: mint", "python", "mint", ("ryjwt", "oxyjwt", "pyjwt-rs", "PyJWT")),
    ("Python: `jwt.encode`", "python", "encode", ("oxyjwt", "pyjwt-rs", "PyJWT")),
    ("Python: import and one token", "python", "start", ("ryjwt", "oxyjwt", "PyJWT")),
    ("Node: mint", "node", "mint", ("@node-rs/jsonwebtoken", "fast-jwt", "jose", "jsonwebtoken")),
    ("Node: `jwt.sign`", "node", "sign", ("jsonwebtoken, KeyObject", "jsonwebtoken")),
    ("Node: require and one token", "node", "start", ("fast-jwt", "jose", "jsonwebtoken")),
)


def block(result: "dict") -> str:
    by_name = {(line["language"], line["what"], line["who"]): line for line in result["lines"]}
    rows = ["| | kling-auth | others (multiple of kling-auth's) |", "|---|---|---|"]
    for title, language, what, peers in ROWS:
        ours = by_name[language, what, "kling-auth"]
        others = (
            f"{who} {amount(other)} ({times(other['median'] / ours['median'])} x)"
            for who in peers
            if (other := by_name.get((language, what, who)))
        )
        rows.append(f"| {title} | {amount(ours)} | {', '.join(others)} |")
    machine = result["machine"]
    notes = (
        f"Medians on {machine['cpu']}, {machine['cores']} cores, {machine['date']}, commit "
        f"{machine['commit']}: Rust {machine['rust']}, CPython {machine['python']}, "
        f"Node {machine['node']}. All figures: [docs/bench.json](docs/bench.json)."
    )
    picture = "![The cost of each library as a multiple of kling-auth's](docs/bench.svg)"
    return "\n".join([BEGIN, "", *rows, "", notes, "", picture, "", END])


def parts(root: Path) -> "tuple[str, str, str]":
    text = (root / "README.md").read_text("utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"bench: README.md has to have one line {BEGIN} and one {END}")
    before, _, rest = text.partition(BEGIN)
    return before, BEGIN + rest.partition(END)[0] + END, rest.partition(END)[2]


def write(root: Path, result: "dict") -> int:
    before, _, after = parts(root)
    (root / "README.md").write_text(before + block(result) + after, "utf-8")
    return 0


def check(root: Path, result: "dict") -> int:
    if parts(root)[1] == block(result):
        return 0
    print(
        "bench: README.md differs from docs/bench.json: run tests/peers/run.py --readme",
        file=sys.stderr,
    )
    return 1

#!/usr/bin/env python3
"""Fails on words that the glossary of CONTRIBUTING.md replaced, so that one word has one meaning.

It reads code, comments, messages and documentation. It leaves out texts by others and texts about
the past: foreign vectors, the changelog, findings, lock files.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "CONTRIBUTING.md"

ROW = re.compile(r"^\| (?P<term>[^|]+) \|(?P<meaning>[^|]*)\| (?P<replaced>[^|]*) \|$", re.M)
TEXT = {".rs", ".py", ".pyi", ".cjs", ".mjs", ".cts", ".mts", ".md", ".sh", ".toml", ".html"}
LEFT_OUT = re.compile(
    r"^(CHANGELOG\.md|CONTRIBUTING\.md|findings/|tests/vectors/foreign/|tests/fuzz/corpus/"
    r"|docs/(NEWEST|RUNTIMES)\.md|\.ci/(test_)?words\.py)"
)

# In sentences for users these are plain; in code they stood for a warning, a version, a bearer.
PLAIN_IN_PROSE = {"tell", "tells", "stamp", "owns"}


def replaced_words(glossary: str) -> "dict[str, str]":
    """The replaced words of the glossary's third column, each with the term to use."""
    words = {}
    section = glossary.partition("\n## Glossary\n")[2].partition("\n## ")[0]
    for row in ROW.finditer(section):
        for word in re.findall(r"`([^`]+)`", row["replaced"]):
            words[word] = row["term"]
    return words


def found(text: str, words: "dict[str, str]") -> "list[tuple[int, str]]":
    """The line and the word of each replaced word in a text."""
    pattern = re.compile(r"(?<![\w.'-])(" + "|".join(words) + r")(?![\w'-])", re.I)
    return [
        (number, match[0].lower())
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def files() -> "list[str]":
    """The tracked files to check."""
    listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()  # noqa: S607
    return [name for name in listed if Path(name).suffix in TEXT and not LEFT_OUT.match(name)]


def main() -> int:
    """Print each place, and return the exit status."""
    words = replaced_words(GLOSSARY.read_text("utf-8"))
    if len(words) < 10:
        print("the glossary was not found in CONTRIBUTING.md")
        return 1
    only = sys.argv[1:]
    count = 0
    for name in files():
        if only and not any(name.startswith(prefix) for prefix in only):
            continue
        sought = {word: words[word] for word in words if word not in PLAIN_IN_PROSE}
        text = (ROOT / name).read_text("utf-8")
        for number, word in found(text, sought if name.endswith(".md") else words):
            print(f"{name}:{number}: `{word}`: say {words[word]}")
            count += 1
    if count:
        print(f"{count} words that the glossary of CONTRIBUTING.md replaced")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())

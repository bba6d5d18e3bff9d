"""Finds out from a package's own texts whether it is a fork, or is no longer maintained."""

import re

from registries import Release

# A sentence that announces the end of a package.
ENDS = re.compile(
    r"yanked|Inactive|^deprecated: |no longer (?:\w+ )?maintained|unmaintained|"
    r"maintenance mode|feature freeze|superseded|has been archived",
    re.I,
)
# A sentence about the origin of a package, if it names the other one.
COMES_FROM = re.compile(
    r"\bfork(?:ed)?\b|successor|drop-in|replacement|replaces|based on|alternative to|inspired by",
    re.I,
)
LONGEST = 160


def ends(release: Release) -> str:
    """The sentence that announces the end of a package, or an empty text."""
    return first(release, lambda sentence: ENDS.search(sentence))


def comes_from(release: Release, other: str) -> str:
    """The sentence that says that a package comes from another, or an empty text."""
    named = re.compile(rf"(?<![\w-]){re.escape(other)}(?![\w-])", re.I)
    return first(release, lambda sentence: COMES_FROM.search(sentence) and named.search(sentence))


def first(release: Release, is_meant) -> str:
    for text in release.says:
        for sentence in sentences(text):
            if is_meant(sentence):
                return sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST]}…"
    return ""


def sentences(text: str) -> "list[str]":
    """The sentences of a text or a Markdown README, without links, markup and code."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>|https?://\S+", r"\1", text)
    parts = re.split(r"(?<=[.!?])\s+|\n\s*\n|\n(?=[#>*-])", text)
    return [plain for part in parts if (plain := " ".join(re.sub(r"[*_`#>|]", "", part).split()))]


# The complete name of an HTTP client, including future ones.
CLIENT = re.compile(
    r"httpx\w*|aiohttp\d*|requests\d*|niquests|urllib3|curl[-_]cffi|pyreqwest|wreq|zapros"
)


def clients_of(release: Release) -> "set[str]":
    """The HTTP clients that a framework requires; with the extra's name if only an extra does."""
    found = set()
    for requirement in release.asks:
        (name,) = re.findall(r"^[\w.-]+", requirement)
        if CLIENT.fullmatch(name):
            extras = re.findall(r"extra\s*==\s*['\"]([\w-]+)", requirement)
            found |= {f"{name} ({extra})" for extra in extras} or {name}
    return found

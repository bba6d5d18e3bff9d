"""What packages say of themselves: that they come from another, or that they end."""

import re

from registries import Release

# A sentence that announces an end.
ENDS = re.compile(
    r"yanked|Inactive|^deprecated: |no longer (?:\w+ )?maintained|unmaintained|"
    r"maintenance mode|feature freeze|superseded|has been archived",
    re.I,
)
# A sentence that mentions another package, if it names it.
COMES_FROM = re.compile(
    r"\bfork(?:ed)?\b|successor|drop-in|replacement|replaces|based on|alternative to|inspired by",
    re.I,
)
LONGEST = 160


def ends(release: Release) -> str:
    """The sentence in which a package says that it ends, or nothing."""
    return first(release, lambda sentence: ENDS.search(sentence))


def comes_from(release: Release, other: str) -> str:
    """The sentence in which a package says that it comes from another, or nothing."""
    named = re.compile(rf"(?<![\w-]){re.escape(other)}(?![\w-])", re.I)
    return first(release, lambda sentence: COMES_FROM.search(sentence) and named.search(sentence))


def first(release: Release, is_meant) -> str:
    for text in release.says:
        for sentence in sentences(text):
            if is_meant(sentence):
                return sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST]}…"
    return ""


def sentences(text: str) -> "list[str]":
    """Of a text or of a README in Markdown, without links, marks and lines of code."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>|https?://\S+", r"\1", text)
    parts = re.split(r"(?<=[.!?])\s+|\n\s*\n|\n(?=[#>*-])", text)
    return [plain for part in parts if (plain := " ".join(re.sub(r"[*_`#>|]", "", part).split()))]


# The whole name of an HTTP client, also of one that is to come.
CLIENT = re.compile(
    r"httpx\w*|aiohttp\d*|requests\d*|niquests|urllib3|curl[-_]cffi|pyreqwest|wreq|zapros"
)


def clients_of(release: Release) -> "set[str]":
    """The HTTP clients that a framework asks for; with an extra's name, where only that does."""
    found = set()
    for requirement in release.asks:
        (name,) = re.findall(r"^[\w.-]+", requirement)
        if CLIENT.fullmatch(name):
            extras = re.findall(r"extra\s*==\s*['\"]([\w-]+)", requirement)
            found |= {f"{name} ({extra})" for extra in extras} or {name}
    return found

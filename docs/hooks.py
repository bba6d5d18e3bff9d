"""Hooks of MkDocs: they include files from elsewhere in the repository, and remove comments that
are for the tests.

``<!-- include: FILE -->`` is replaced by a file of the repository, without its title. Its links to
files that are pages here become links to these pages, and others become links to the repository. A
picture is shown.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "https://github.com/kling-auth/kling-auth"

# Files of the repository that are pages here, and the names of the pages.
PAGES = {
    "THREAT_MODEL.md": "threat-model.md",
    "docs/INSTALLED.md": "installed.md",
    "docs/MANY_ACCOUNTS.md": "performance.md",
    "docs/RUNTIMES.md": "runtimes.md",
    "docs/STAND_INS.md": "testing.md",
    "crates/kling-jwt-core/README.md": "microcontrollers.md",
    "node/README.md": "node.md",
    "python/README.md": "python.md",
}
# Pictures that pages show.
PICTURES = ["docs/bench.svg"]

INCLUDE = re.compile(r"^<!-- include: (?P<path>\S+) -->$", re.M)
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")
FOR_TESTS = re.compile(r"^ *<!-- (?:before|after|use|not run|diff of)\b.*?-->\n", re.M | re.S)
RUST = re.compile(r"^( *)```rust[^\n]*\n(.*?)^\1```$", re.M | re.S)
FOREIGN = re.compile(
    r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=[\"']?((?:https?:)?//[^\"' >]+)"
)


def on_files(files, config):
    for path in PICTURES:
        name = posixpath.basename(path)
        files.append(File.generated(config, f"assets/{name}", abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown, page, config, files):
    markdown = INCLUDE.sub(lambda match: included(match["path"]), markdown)
    markdown = FOR_TESTS.sub("", markdown)
    markdown = RUST.sub(shown, markdown)
    for path in re.findall(rf"{REPOSITORY}/(?:blob|tree)/main/([^)#\s>]+)", markdown):
        if not (ROOT / path).exists():
            raise PluginError(f"{page.file.src_uri}: the repository has no {path}")
    return markdown


def on_post_page(output, page, config):
    for url in FOREIGN.findall(output):
        raise PluginError(f"{page.file.src_uri} would fetch {urlsplit(url).netloc}")
    return output


def included(path: str) -> str:
    """A file of the repository as a part of a page."""
    if path in PICTURES:
        return f"![What a token costs, compared with other libraries]({moved(path, '')}){{ .plot }}"
    text = re.sub(r"\A# .*\n+", "", (ROOT / path).read_text("utf-8"))
    return LINK.sub(lambda match: moved(match[1], posixpath.dirname(path)), text)


def moved(link: str, directory: str) -> str:
    """The target of a link in a file of this directory."""
    target = posixpath.normpath(posixpath.join(directory, link))
    if target in PICTURES:
        return f"assets/{posixpath.basename(target)}"
    return PAGES.get(target, f"{REPOSITORY}/blob/main/{target}")


def shown(match: re.Match[str]) -> str:
    """A Rust block as rustdoc shows it: without the lines that only the test needs."""
    indent, code = match.groups()
    hidden = re.compile(rf"^{indent}#(?: .*)?$")
    lines = [line for line in code.splitlines() if not hidden.match(line)]
    return "\n".join([f"{indent}```rust", *lines, f"{indent}```"])

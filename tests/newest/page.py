"""Writes docs/NEWEST.md, and decides what is a failure."""

from typing import NamedTuple

from registries import ROOT
from suites import Outcome
from watched import FAILS, STAYS

PAGE = ROOT / "docs" / "NEWEST.md"


class Row(NamedTuple):
    """A package: its pinned version, its newest one, and the result of the tests with that."""

    name: str
    pinned: str
    newest: str
    outcome: "Outcome | None" = None
    note: str = ""


def reason(row: Row) -> str:
    """Why this package is known to fail, or an empty text."""
    named = f"{row.name} {row.newest}"
    return next((why for start, why in FAILS.items() if named.startswith(start)), "")


def failure(row: Row) -> str:
    """What is wrong with a row, with the name of the package; or an empty text."""
    named, why = f"{row.name} {row.newest}", reason(row)
    if row.outcome is None:
        return ""
    if why and not row.outcome.failed:
        return f"{named}: it passes, and watched.py lists it as failing"
    if row.outcome.failed and not why:
        more = len(row.outcome.failed) - 3
        failed = "; ".join(row.outcome.failed[:3]) + (f"; and {more} more" if more > 0 else "")
        return f"{named}, pinned {row.pinned}: {failed} (target/newest/log/{row.outcome.log})"
    return ""


def passed(row: Row) -> str:
    """The cell of the column `passed`."""
    if row.outcome is None:
        return "as pinned" if row.pinned == row.newest else "not run"
    if row.outcome.failed:
        failed = f"{len(row.outcome.failed)} failed"
        return failed if reason(row) else f"**{failed}**"
    return f"{row.outcome.passed:,}"


def table(head: "list[str]", rows: "list[list[str]]") -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells).rstrip() + " |" for cells in lines)


def packages(rows: "list[Row]") -> str:
    head = ["package", "pinned", "newest", "passed", "note"]
    cells = []
    for row in rows:
        note = reason(row) or (row.newest != row.pinned and STAYS.get(row.name)) or row.note
        newest = row.newest if row.newest == row.pinned else f"**{row.newest}**"
        cells.append([row.name, row.pinned, newest, passed(row), note])
    return table(head, cells)


def write(
    where: str,
    rows: "dict[str, list[Row]]",
    asked: "list[list[str]]",
    kin: "list[list[str]]",
    ends: "list[list[str]]",
) -> None:
    """Writes the page."""
    tables = "\n\n".join(f"## {kind}\n\n{packages(rows[kind])}" for kind in rows)
    ending = table(["package", "says"], ends) if ends else "No package above announces its end."
    PAGE.write_text(
        f"""# The newest releases

Written by `make newest` (`tests/newest`), {where}.
Each package is installed in its newest release, together with the pinned versions of all others.
Then its tests run: the scenarios and other tests of a client, the drop-ins compared with the
originals, the examples of a framework. If a row fails, the command prints its name and exits with
status 1. A version that is not the pinned one is **bold**. From the crates on, versions are only
looked up.

A newer pre-release has a row of its own. If the tests have several majors of a package, the lower
ones are updated within their major.

{tables}

## Which HTTP client the frameworks require

The command fails when this changes. An extra that requires the client is in brackets.

{table(["package", "newest", "asks for"], asked)}

## Successors and forks

Quotes from the packages' own texts. PyPI has no search, and its field for a successor is not used
in practice. npm has a search, but not every mirror supports it, so it is not used. A package
announces its end with `deprecated` on npm, with the classifier `Inactive` or a yanked release on
PyPI, in its description, or not at all. Unknown forks are not found: the names are `KIN` in
`tests/newest/watched.py`. The earliest sign is a framework that requires another client, in the
table above.

{table(["of", "package", "newest", "says"], kin)}

{ending}
""",
        "utf-8",
    )

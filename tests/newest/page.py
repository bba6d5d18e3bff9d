"""docs/NEWEST.md, and what of it is a failure."""

from typing import NamedTuple

from registries import ROOT
from suites import Outcome
from watched import FAILS, STAYS

PAGE = ROOT / "docs" / "NEWEST.md"


class Row(NamedTuple):
    """A package: what is pinned of it, what is newest, and how that went."""

    name: str
    pinned: str
    newest: str
    outcome: "Outcome | None" = None
    note: str = ""


def reason(row: Row) -> str:
    """Why this one is known to fail, or nothing."""
    named = f"{row.name} {row.newest}"
    return next((why for start, why in FAILS.items() if named.startswith(start)), "")


def failure(row: Row) -> str:
    """What is wrong with a row, or nothing; it names the package."""
    named, why = f"{row.name} {row.newest}", reason(row)
    if row.outcome is None:
        return ""
    if why and not row.outcome.failed:
        return f"{named}: it passes, and watched.py lists it as failing"
    if row.outcome.failed and not why:
        more = len(row.outcome.failed) - 3
        reasons = "; ".join(row.outcome.failed[:3]) + (f"; and {more} more" if more > 0 else "")
        return f"{named}, pinned {row.pinned}: {reasons} (target/newest/log/{row.outcome.log})"
    return ""


def passed(row: Row) -> str:
    """The last cell but one."""
    if row.outcome is None:
        return "as pinned" if row.pinned == row.newest else "not run"
    if row.outcome.failed:
        count = f"{len(row.outcome.failed)} failed"
        return count if reason(row) else f"**{count}**"
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
    """Writes the page anew."""
    tables = "\n\n".join(f"## {kind}\n\n{packages(rows[kind])}" for kind in rows)
    ending = table(["package", "says"], ends) if ends else "None of those above says that it ends."
    PAGE.write_text(
        f"""# The newest releases

Written by `make newest` (`tests/newest`), {where}.
Each package is installed in its newest release, beside all others as they are pinned. Then its
tests run: the scenarios and what else names a client, the drop-ins beside their originals, the
examples of a framework. A row that fails ends the command with status 1, by its name. A version
that is not the pinned one is **bold**. From the crates on, all is looked up only.

A pre-release has a row of its own, if it is newer. Of a package that the tests have in several
majors, the lower ones are followed within their major.

{tables}

## Which HTTP client the frameworks ask for

The command fails when this changes. In brackets stands the extra that brings the client.

{table(["package", "newest", "asks for"], asked)}

## Successors and forks

What packages say of themselves, in their own words. PyPI has no search, and no field for a
successor that anybody uses. npm has a search, but not every mirror answers it, so it is not asked.
A package announces its end at most by `deprecated` on npm, by the classifier `Inactive` or a
withdrawn (yanked) release on PyPI, or in its description. A fork that is unknown here is
not found: the list of names is `KIN` in `tests/newest/watched.py`. That a framework asks for
another client is the earliest sign, and the table above shows it.

{table(["of", "package", "newest", "says"], kin)}

{ending}
""",
        "utf-8",
    )

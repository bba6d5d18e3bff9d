# ruff: noqa: S101
"""Writes docs/pages/troubleshooting.md: the product's own message for every cause and code.

Causes come from ``verdict`` over the vectors of verdicts, errors and warnings from provoked.py. It
fails if a code of the sources is not on the page, and with ``--check`` if the page is out of date.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator

import provoked
from generated import write_or_check
from provoked import ACCESS, NOW, ROOT, SECRET

from kling_auth import KlingAuth, _native, verdict
from kling_auth.jwt import exceptions

PAGE = ROOT / "docs/pages/troubleshooting.md"
CODE = "(?:ERR|WARN|INFO|DEBUG)_[A-Z_]*[A-Z]"

TEMPLATE = """\
---
hide: [toc]
---

# Troubleshooting

Every refusal by Kling has a cause, and every error has a code. Both are stable between versions and
the same in all languages, and come with a sentence that says what to do. This page is generated
from the product's own messages (`docs/troubleshooting.py`).

Start here. This command sends a request to Kling, and prints the cause and the remedy:

```sh
kling-auth check
```

On this page: [what Kling says](#what-kling-says),
[what else a check finds](#what-else-a-check-finds), [errors](#errors), [warnings](#warnings),
[log](#log).

## What Kling says

A verdict has a `cause` and an `action`, in every language:

- `retry`: repeat the request once, with the current token. The adapters do this for you.
- `backoff`: wait, then send it again.
- `fail`: do not repeat it. It would be refused again, or might be executed twice.

| Kling says | cause, action | what to do |
|---|---|---|
{causes}

## What else a check finds

`check` and `kling-auth check` report one of the causes above, or one of these:

| cause | what to do |
|---|---|
{findings}

A key pair that is valid comes with a warning: {warning}.

A base URL that is not Kling's may be the URL of a relay. `check` requests the guide's path, below
the path of the base URL. If the relay does not have it, pass another one as `path` (`--path`). A
response in a form that relays use is a refusal with its HTTP status. Only a response in no known
form is `not_kling`.

## Errors

The code is `code` of a `KlingAuthError` (Python, Node) or `code()` of an `Error` (Rust). The names
and paths in the messages are examples.
{sections}

## Warnings

A warning means that something was corrected or looks unusual. The credentials are used all the
same. In Python it is a `KlingAuthWarning` if your own call builds a `KlingAuth` or rotates, and a
line in the log `kling_auth` otherwise, so that no request is broken by a warning. In Node it is a
process warning, in Rust an event from `take_warnings()`.

| code | says |
|---|---|
{warnings}

## Log

Other events are logged. In Python they go to `logging.getLogger("kling_auth")`, in Node to the
channel `kling-auth` of `node:diagnostics_channel`, in Rust to `tracing` (feature `tracing`) or to
`KlingAuthBuilder::listener`. The code begins with the level. No line contains a secret or a
token.

| code | says |
|---|---|
{events}
"""


def main() -> int:
    text = page()
    if has_missing_codes(text):
        return 1
    return write_or_check(PAGE, text)


def has_missing_codes(text: str) -> bool:
    missing = sorted(codes_of_sources() - set(re.findall(rf"\b{CODE}\b", text)))
    if missing:
        print("codes that are not on the page:", ", ".join(missing))
    return bool(missing)


def codes_of_sources() -> set[str]:
    found = set()
    for directory in ("crates", "bindings", "node/src", "python/kling_auth"):
        for path in (ROOT / directory).rglob("*"):
            if path.suffix in {".rs", ".cjs", ".mjs", ".py"} and "tests" not in path.parts:
                text = path.read_text("utf-8")
                found |= set(re.findall(rf"[\"']{CODE}\b", text))
    # ERR_STREAM_PREMATURE_CLOSE is Node's own code.
    return {code[1:] for code in found} - {"ERR_STREAM_PREMATURE_CLOSE"}


def page() -> str:
    return TEMPLATE.format(
        causes="\n".join(causes()),
        findings="\n".join(f"| `{cause}` | {sentence(text)} |" for cause, text in findings()),
        warning=accepted().warning,
        sections="\n".join(sections()),
        warnings=rows("WARN_"),
        events=rows("INFO_", "DEBUG_"),
    )


def rows(*prefixes: str) -> str:
    texts = sorted(provoked.warned().items())
    return "\n".join(row(code, text) for code, text in texts if code.startswith(prefixes))


def causes() -> Iterator[str]:
    cases = json.loads((ROOT / "tests/vectors/verdicts.json").read_text("utf-8"))
    for name in names_of_causes():
        named = [c for c in cases if c["cause"] == name and "token" not in c]
        bodies = [c for c in named if "pad" not in c and c.get("body")]
        seen: dict[int | None, _native.Verdict] = {}
        for case in bodies:
            found = verdict(case["status"], case["body"])
            seen.setdefault(found.code, found)
        first = next(iter(seen.values()))
        if first.cause != name:
            raise SystemExit(f"tests/vectors/verdicts.json has no case of {name}")
        which = f"{anchor(name)}`{name}`<br>{first.action}"
        yield f"| {says(seen)} | {which} | {sentence(first.remedy)} |"


def names_of_causes() -> list[str]:
    table = (ROOT / "crates/kling-jwt-core/src/responses/cause.rs").read_text("utf-8")
    return re.findall(r'^ +name: "(\w+)",$', table, re.M)


def says(seen: dict[int | None, _native.Verdict]) -> str:
    """What Kling answers: status, codes and message."""
    first = next(iter(seen.values()))
    if first.cause == "unknown_code":
        return "any other code"
    if first.cause == "not_kling":
        return "no code"
    if first.cause.startswith("relay_"):
        statuses = {"relay_failed": "HTTP 5xx", "relay_refused": "any other status"}
        status = statuses.get(first.cause, f"HTTP {first.status}")
        return f"{status}, in a relay's form<br>*{first.message}*"
    seen = {code: found for code, found in seen.items() if code is not None}
    statuses = dict.fromkeys(found.status for found in seen.values())
    codes = "; ".join(
        ", ".join([f"HTTP {status}", *(str(c) for c, v in seen.items() if v.status == status)])
        for status in statuses
    )
    message = re.sub(r"\bkling-\S+", "…", first.message.split(";")[0])
    return f"{codes}<br>*{message}*"


def findings() -> Iterator[tuple[str, str]]:
    """Cause and remedy."""
    auth = KlingAuth(ACCESS, SECRET)
    for failure in ("dns", "tls", "timeout", "proxy", "refused", "unreachable", "cut", "other"):
        probe = _native.Probe(auth, 10)
        probe.request()
        result = probe.fail(failure, False)
        yield result.cause, result.remedy
    probe = _native.Probe(auth, 10)
    probe.request()
    result = probe.take((302, None, "https://portal.example/", b""))
    yield result.cause, result.remedy
    yield from ((result.cause, result.remedy) for result in asked_twice())


def accepted() -> _native.CheckResult:
    probe = _native.Probe(KlingAuth(ACCESS, SECRET, clock=lambda: NOW), 10)
    probe.request()
    result = probe.take((200, None, None, b'{"code":0,"message":"SUCCEED"}'))
    assert result
    return result


def asked_twice() -> Iterator[_native.CheckResult]:
    """Results that need a second answer: a wrong clock, and a key of the other region."""
    ok = b'{"code":0,"message":"SUCCEED"}'
    probe = _native.Probe(KlingAuth(ACCESS, SECRET, clock=lambda: NOW), 10)
    probe.request()
    late = b'{"code":1004,"message":"Authorization has expired"}'
    assert probe.take((401, "Fri, 15 Jan 2027 09:00:00 GMT", None, late)) is None
    probe.request()
    yield probe.take((200, "Fri, 15 Jan 2027 09:00:01 GMT", None, ok))
    probe = _native.Probe(KlingAuth(ACCESS, SECRET, clock=lambda: NOW), 10, True)
    probe.request()
    unknown = b'{"code":1002,"message":"access key not exist"}'
    assert probe.take((401, "Fri, 15 Jan 2027 08:00:00 GMT", None, unknown)) is None
    probe.request()
    yield probe.take((200, "Fri, 15 Jan 2027 08:00:01 GMT", None, ok))


def sections() -> Iterator[str]:
    for title, provocations in {
        "Malformed credentials": provoked.credentials,
        "Finding credentials": provoked.searched,
        "Arguments": provoked.arguments,
        "Tokens and callbacks": provoked.tokens,
        "Command line": provoked.commands,
        "Node and WebAssembly": provoked.node,
        "Gateway": provoked.gateway,
        "Other": lambda: provoked.WORDS,
    }.items():
        yield from ("", f"### {title}", "", "| code | says |", "|---|---|")
        yield from (row(codes, text) for codes, text in provocations().items())
    yield from ("", "### Drop-ins for PyJWT and jsonwebtoken", "")
    yield from ("| code | PyJWT's exception | |", "|---|---|---|")
    yield from dropped_in()


def dropped_in() -> Iterator[str]:
    seen: dict[str, tuple[str, str]] = {}
    for name, thing in vars(exceptions).items():
        if (
            isinstance(thing, type)
            and issubclass(thing, exceptions.PyJWTError)
            and "code" in vars(thing)
        ):
            seen.setdefault(thing.code, (name, (thing.__doc__ or "").split("\n")[0]))
    own = {
        "ERR_CLAIM_NONCE": "`nonce` is not the expected one (jsonwebtoken's option).",
        "ERR_CLAIM_TYPE": "A claim has a type that it cannot have.",
        "ERR_OPTION": "An option that jsonwebtoken does not know, or a value that it cannot have.",
    }
    # Codes that the core has, too, have their anchor above.
    anchored = ", ".join(provoked.tokens()).split(", ")
    for code, (name, text) in sorted({**{c: ("", t) for c, t in own.items()}, **seen}.items()):
        place = "" if code in anchored else anchor(code)
        yield f"| {place}`{code}` | {f'`{name}`' if name else ''} | {sentence(text)} |"


def anchor(name: str) -> str:
    """What a link leads to, in the documentation as on GitHub, which does not know `{ #name }`."""
    return f'<a id="{name.lower()}"></a>'


def row(codes: str, text: str) -> str:
    named = "<br>".join(f"{anchor(code)}`{code}`" for code in codes.split(", "))
    return f"| {named} | {sentence(text)} |"


def sentence(text: str) -> str:
    """A sentence for a cell of a table. A name at its beginning is not capitalized."""
    text = re.sub(r"`+", "`", text.replace("|", "\\|").replace("\n", " "))
    if re.match(r"[a-z']+ ", text):
        text = text[0].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


if __name__ == "__main__":
    sys.exit(main())

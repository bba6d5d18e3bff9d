"""Writes docs/pages/messages.md: a list of every text that kling-auth prints.

Help texts come from the command line, remedies from the causes, errors and events from
provoked.py. ``--check`` compares the page instead of writing it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import provoked
import troubleshooting
from generated import write_or_check
from provoked import ACCESS, API_KEY, CLAIMS, GOOD, HEADER, JWT, NOW, PAIR, ROOT, SECRET, WEBHOOK

from kling_auth import (
    KlingAuth,
    _native,
    check,
    inspect,
    raise_for_kling,
    verdict,
    verify_webhook,
)
from kling_auth.import_error import remedy

PAGE = ROOT / "docs/pages/messages.md"

TEMPLATE = """\
---
hide: [toc]
---

# Messages

Every text that kling-auth prints, as a list. [Troubleshooting](troubleshooting.md) explains the
causes and the codes; codes are stable, texts may change. The names, paths and hosts are examples.
This page is generated (`docs/messages.py`).

On this page: [help of the command line](#help), [output of the command line](#output),
[refusals](#refusals), [checks](#checks), [errors](#errors), [warnings and events](#events).

## Help of the command line {{ #help }}

{helps}

## Output of the command line {{ #output }}

An error is `kling-auth: TEXT`, a warning `kling-auth: warning: TEXT`, both on standard error. With
`--json` they are `{{"error":{{"code":…,"message":…}}}}` and
`{{"warning":{{"code":…,"message":…}}}}`.

`kling-auth check` first prints `{asking}` if standard error is a terminal. Then it prints one of
these lists:

```text
{checked}
```

`kling-auth inspect`:

```text
{inspected}
```

The end of its last line, with the cause in JSON:

{reasons}

## Refusals {{ #refusals }}

The remedy of each cause, with the action of the program.

| cause | action | remedy |
|---|---|---|
{causes}

The remedy if the client sent something else than the bearer:

{sent}

## Checks {{ #checks }}

The remedy of each cause that only a check finds.

| cause | remedy |
|---|---|
{findings}

Added to a remedy, or printed with it:

{added}

## Errors {{ #errors }}

| code | text |
|---|---|
{errors}

Python's `ImportError` has no code. It begins with the reason, and ends with the remedy:

- {not_imported}

The exceptions of the drop-ins have the texts of PyJWT and jsonwebtoken, and the codes in
[troubleshooting](troubleshooting.md#drop-ins-for-pyjwt-and-jsonwebtoken).

## Warnings and events {{ #events }}

| code | level | text |
|---|---|---|
{events}
"""

ANSWERED = (401, None, None, b'{"code":1002,"message":"access key not exist"}')


def main() -> int:
    text = page()
    if troubleshooting.has_missing_codes(text + dropped_in()):
        return 1
    return write_or_check(PAGE, text)


def page() -> str:
    return TEMPLATE.format(
        helps="\n\n".join(helps()),
        asking=asking(),
        checked=checked(),
        inspected=inspect(JWT, SECRET, now=NOW),
        reasons=bullets(reasons()),
        causes=table(causes()),
        sent=bullets(sent()),
        findings=table(findings()),
        added=bullets(added()),
        errors=table(errors()),
        not_imported=remedy(),
        events=table(events()),
    )


def dropped_in() -> str:
    return "\n".join(troubleshooting.dropped_in())


def table(rows: Iterator[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(map(cell, row))} |" for row in rows)


def bullets(texts: Iterator[str]) -> str:
    return "\n".join(f"- {plain(text)}" for text in texts)


def cell(text: str) -> str:
    return plain(text).replace("|", "\\|")


def plain(text: str) -> str:
    """A text on one line, without HTML."""
    text = re.sub(r"`+", "`", text.replace("\n", " ").replace("  ", " "))
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part[:1] == "`" else part.replace("<", "&lt;") for part in parts)


def keys() -> dict[str, str]:
    return {"KLING_ACCESS_KEY": ACCESS, "KLING_SECRET_KEY": SECRET}


def ran(
    *arguments: str, given: bytes = b"", terminal: bool = False, **variables: str
) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command that sends nothing."""
    with provoked.environment(HOME="/home/you", **variables):
        cli = _native.Cli(list(arguments), terminal, terminal, False)
        kind, *rest = cli.start()
        if kind == "read":
            kind, *rest = cli.read(given[: rest[0]])
    assert kind == "exit", arguments  # noqa: S101
    return tuple(rest)


# Help and output.


def helps() -> Iterator[str]:
    overview = ran("--help")[1]
    commands = re.findall(r"^  (\w+) {2,}\w", overview.partition("\nCommands:")[2], re.M)
    commands = commands[: commands.index("completions") + 1]
    for words in ((), *((command,) for command in commands)):
        shown = " ".join(["kling-auth", *words, "--help"])
        yield f"### {shown}\n\n```text\n{ran(*words, '--help')[1].rstrip()}\n```"


def asking() -> str:
    with provoked.environment(**keys()):
        kind, _, notice = _native.Cli(["check"], False, True, True).start()
    assert kind == "send"  # noqa: S101
    return notice.strip()


def checked() -> str:
    """Outputs that together have every line."""
    auth = KlingAuth(ACCESS, SECRET, clock=lambda: NOW)
    probe = _native.Probe(auth, 10)
    probe.request()
    ok = b'{"code":0,"message":"SUCCEED","request_id":"1"}'
    result = probe.take((200, "Fri, 15 Jan 2027 09:00:00 GMT", None, ok))
    refused = _native.Probe(auth, 10, True)
    refused.request()
    refused.take(ANSWERED)
    refused.request()
    return f"{result}\n\n{refused.take((200, None, None, ok))}"


def reasons() -> Iterator[str]:
    cases = json.loads((ROOT / "tests/vectors/inspect.json").read_text("utf-8"))
    seen = {case["reason"]: case["cause"] for case in cases if case.get("reason")}
    yield from (f"`{cause}`: {why}" for why, cause in sorted(seen.items(), key=lambda one: one[1]))


# Refusals.


def causes() -> Iterator[tuple[str, ...]]:
    cases = json.loads((ROOT / "tests/vectors/verdicts.json").read_text("utf-8"))
    for name in troubleshooting.names_of_causes():
        found = (
            verdict(case["status"], case["body"])
            for case in cases
            if case["cause"] == name and case.get("body") and "pad" not in case
        )
        first = next(each for each in found if each.cause == name)
        yield f"`{name}`", first.action, first.remedy


def sent() -> Iterator[str]:
    refusal = b'{"code":1001,"message":"Authorization is missing"}'
    for header in ("", "Basic x", "x y"):
        yield verdict(401, refusal, sent=header).remedy


def findings() -> Iterator[tuple[str, ...]]:
    yield from ((f"`{cause}`", text) for cause, text in troubleshooting.findings())


def added() -> Iterator[str]:
    yield f"warning: {troubleshooting.accepted().warning}"
    auth = KlingAuth(ACCESS, SECRET, clock=lambda: NOW)
    probe = _native.Probe(auth, 10, True)
    probe.request()
    probe.take(ANSWERED)
    probe.request()
    yield probe.take(ANSWERED).remedy
    for failure in ("timeout", "refused"):
        probe = _native.Probe(auth, 10)
        probe.request()
        yield probe.fail(failure, False).remedy
    for location in ("/elsewhere", "::", None):
        probe = _native.Probe(auth, 10)
        probe.request()
        yield probe.take((302, None, location, b"")).remedy
    relay = KlingAuth(api_key=API_KEY, base_url="https://relay.example")
    probe = _native.Probe(relay, 10)
    probe.request()
    yield probe.take((404, None, None, b'{"error":{"message":"Invalid URL"}}')).remedy


# Errors.


def errors() -> Iterator[tuple[str, ...]]:
    seen = set()
    pairs = [pair for pair in provocations() if pair[0]]
    for codes, text in sorted(pairs, key=lambda pair: pair[0].split(", ")[0]):
        for code in codes.split(", "):
            if (code, text) not in seen:
                seen.add((code, text))
                # The link is to an anchor of the other page.
                yield f"`{code}`", text.replace("(#", "(troubleshooting.md#")


def provocations() -> Iterator[tuple[str, str]]:
    for field in ("access_key", "secret_key", ""):
        for value in provoked.FAULTS.values():
            given = {**PAIR, field: value} if field else {"api_key": value}
            yield provoked.refused(lambda given=given: KlingAuth(**given))
    for each in (
        provoked.searched,
        provoked.arguments,
        provoked.tokens,
        provoked.commands,
        provoked.node,
        provoked.gateway,
        lambda: provoked.WORDS,
    ):
        yield from each().items()
    yield provoked.refused(lambda: KlingAuth(ACCESS, ACCESS))
    yield from more()
    yield from in_node()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for code, text in (*on_the_command_line(), *in_files(directory)):
            yield code, text.replace(directory, "/home/you")
        os.chdir(ROOT)


def more() -> Iterator[tuple[str, str]]:
    """Other texts for codes that are also above."""

    def callback(secret: str = WEBHOOK, now: int = NOW, **headers: str | None) -> object:
        sent = {name: value for name, value in {**GOOD, **headers}.items() if value is not None}
        return verify_webhook(secret, sent, b"{}", now=now)

    def asked(url: str) -> object:
        return KlingAuth(ACCESS, SECRET, base_url=url)

    calls: list[Callable[[], object]] = [
        lambda: asked("api.klingai.com"),
        lambda: KlingAuth(ACCESS, SECRET, region="beijing", base_url="https://relay.example"),
        lambda: callback(now=NOW - 3600),
        lambda: callback(now=NOW * 1000),
        lambda: callback(**{"webhook-timestamp": "soon"}),
        lambda: callback(**{"webhook-signature": None}),
        lambda: callback(secret="whsec_c2hvcnQ="),  # noqa: S106
        lambda: KlingAuth(ACCESS, SECRET, lifetime="600"),
        lambda: KlingAuth(ACCESS, SECRET, buffer_sec="600"),
        lambda: KlingAuth(credentials="key"),
        lambda: KlingAuth(credentials=lambda: 1).token,
        lambda: KlingAuth(ACCESS, SECRET, clock=lambda: "now").token,
        lambda: inspect(1),
        lambda: inspect(f"{HEADER}.{CLAIMS}"),
        lambda: verify_webhook(1, GOOD, b"{}", now=NOW),
        lambda: verify_webhook(WEBHOOK, 1, b"{}", now=NOW),
        lambda: verify_webhook(WEBHOOK, GOOD, {}, now=NOW),
        lambda: raise_for_kling(SimpleNamespace()),
        lambda: raise_for_kling(SimpleNamespace(status_code=401, content=None)),
        lambda: check(KlingAuth(ACCESS, SECRET), client=1),
        lambda: check(KlingAuth(ACCESS, SECRET), timeout=0),
        lambda: verdict("401"),
        lambda: verdict(401, 1),
        lambda: KlingAuth(ACCESS),
        lambda: KlingAuth(secret_key=SECRET),
        lambda: KlingAuth(API_KEY, SECRET),
        lambda: KlingAuth(ACCESS, "bad\N{ZERO WIDTH SPACE}key" * 4),
        lambda: KlingAuth(ACCESS, f"{SECRET[:16]}“{SECRET[16:]}"),
        lambda: KlingAuth(ACCESS, f"{SECRET[:16]}é{SECRET[16:]}"),
        lambda: KlingAuth(ACCESS, f"{SECRET[:16]}\\{SECRET[16:]}"),
        lambda: KlingAuth(ACCESS, f"{SECRET[:16]}\x00{SECRET[16:]}"),
    ]
    yield from map(provoked.refused, calls)


def on_the_command_line() -> Iterator[tuple[str, str]]:
    signed = ("webhook", "--id", "m", "--timestamp", "1", "--signature", "v1,AAAA")
    for arguments, given in (
        ((), b""),
        (("tokn",), b""),
        (("mint",), b""),
        (("token", "here"), b""),
        (("token", "--colour"), b""),
        (("token", "--shwo"), b""),
        (("token", "--regions"), b""),
        (("token", "--show=yes"), b""),
        (("token", "--lifetime"), b""),
        (("token", "--env-file", "a", "--profile", "b"), b""),
        (("env", "--format", "csh"), b""),
        (("check", "--timeout", "0"), b""),
        (("check", "--path", "models"), b""),
        (("completions",), b""),
        (("inspect", "-"), b""),
        (("webhook",), b""),
        (signed, b"{}"),
        (("token",), b""),
    ):
        variables = {} if arguments == ("token",) else keys()
        yield error_of(ran(*arguments, "--json", given=given, **variables))
    for arguments in (("inspect", "-"), signed):
        variables = {**keys(), "KLING_WEBHOOK_SECRET": WEBHOOK}
        yield error_of(ran(*arguments, "--json", terminal=True, **variables))
    cli = _native.Cli([*signed, "--json"], False, False, False)
    with provoked.environment(KLING_WEBHOOK_SECRET=WEBHOOK):
        cli.start()
        yield error_of(cli.fail("dns", False)[1:])


def error_of(exited: tuple[int, str, str]) -> tuple[str, str]:
    errors = [json.loads(line) for line in exited[2].splitlines()]
    error = next(line["error"] for line in errors if "error" in line)
    return error["code"], error["message"]


def in_files(home: str) -> Iterator[tuple[str, str]]:
    dotenv = Path(home, ".env")

    def refused(**variables: str) -> tuple[str, str]:
        with provoked.environment(HOME=home, **variables):
            return provoked.refused(KlingAuth)

    for text in (
        f"KLING_ACCESS_KEY={ACCESS}\nKLING_SECRET_KEY {SECRET}\n",
        'KLING_ACCESS_KEY="a\n',
        f"KLING_ACCESS_KEY={ACCESS}\nKLING_SECRET_KEY=\n",
        "KLING_ACCESS_KEY=\nKLING_SECRET_KEY=\n",
        "KLING_SECRET=x\n",
    ):
        dotenv.write_text(text, "utf-8")
        yield refused()
    dotenv.unlink()
    yield refused(KLING_JWT=JWT)
    yield refused(KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY_FILE="/")  # noqa: S106


def in_node() -> Iterator[tuple[str, str]]:
    script = """
      const { KlingAuth, check, inspect, verifyWebhook } = require('./src/index.cjs');
      const auth = new KlingAuth('a', 'b');
      const found = [];
      const refused = async (call) => {
        try { await call(); } catch ({ code, message }) { found.push([code, message]); }
      };
      (async () => {
        await refused(() => new KlingAuth(1));
        await refused(() => new KlingAuth({ accesKey: 'a' }));
        await refused(() => new KlingAuth('a', 'b', 60));
        await refused(() => new KlingAuth('a', 'b', { listener: 1 }));
        await refused(() => new KlingAuth('a', 'b', { clock: () => 'now' }).token);
        await refused(() => auth.headersFor(1));
        await refused(() => check(1));
        await refused(() => check(auth, { timeout: 0 }));
        await refused(() => inspect(1));
        await refused(() => verifyWebhook(1, {}, ''));
        console.log(JSON.stringify(found));
      })();
    """
    done = subprocess.run(  # noqa: S603
        ["node", "--no-warnings", "-e", script],  # noqa: S607
        cwd=ROOT / "node",
        capture_output=True,
        text=True,
        check=True,
    )
    yield from (tuple(pair) for pair in json.loads(done.stdout) if pair[0])


# Warnings and events.


def events() -> Iterator[tuple[str, ...]]:
    levels = {"WARN": "warning", "INFO": "info", "DEBUG": "debug"}
    for code, text in sorted(provoked.warned().items()):
        yield f"`{code}`", levels[code.partition("_")[0]], text


if __name__ == "__main__":
    sys.exit(main())

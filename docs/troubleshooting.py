# ruff: noqa: S101, S106, S603, S607
"""Writes docs/pages/troubleshooting.md: what the product itself says of every cause and code.

Nothing on the page is copied by hand. Causes come from ``verdict`` over the vectors of verdicts,
errors and warnings from provoking each. A code that stands in the sources and not on the page is a
fault; so is a page that this program would write otherwise (``--check``).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/pages/troubleshooting.md"
sys.path.insert(0, str(ROOT / "python"))

from kling_auth import KlingAuth, KlingAuthError, _native, inspect, verdict, verify_webhook  # noqa: E402
from kling_auth.jwt import exceptions  # noqa: E402

ACCESS, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
PAIR = {"access_key": ACCESS, "secret_key": SECRET}
API_KEY = "api-key-kling-00000000000000000000000000000000000000000000"
WEBHOOK = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_800_000_000
GOOD = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW), "webhook-signature": "v1,AAAA"}
JWT = KlingAuth(ACCESS, SECRET, clock=lambda: NOW).token
HEADER, CLAIMS, SIGNATURE = JWT.split(".")

# What a credential cannot be: the end of the code, and a value that is so.
FAULTS = {
    "EMPTY": "",
    "TOO_LONG": "a" * 10_000,
    "CHARACTER": "a key",
    "PLACEHOLDER": "ak_your_access_key_here",
    "MASKED": "****************",
    "JWT": JWT,
    "KIND": API_KEY,
}

# What cannot be provoked here, in words.
WORDS = {
    "ERR_API_KEY_KIND": "Kept for its place in the list: what stands for an API key is told apart "
    "by its shape.",
    "ERR_DESTINATION": "Rust's core alone: the buffer for a token is too small. Size it with "
    "`encoded_len`, or give `decode` and `verify` as many bytes as the token has.",
    "ERR_INTERNAL": "The command line: a fault of its own, or output that could not be written.",
    "ERR_KLING_AUTH": "What every other code is a kind of; where it stands alone, a fault of the "
    "package.",
    "ERR_NATIVE_BROKEN": "Node: the native build does not load on this machine, and there is no "
    "WebAssembly either: install again, on the machine where it is to run.",
    "ERR_REFUSED": "Kling refused a request that `raise_for_kling` (`raiseForKling`) looked at: "
    "its verdict has one of [the causes above](#what-kling-says).",
    "ERR_WASM_BROKEN": "Node: the package's WebAssembly does not load: install again.",
}

TEMPLATE = """\
---
hide: [toc]
---

# When it fails

Every refusal has a cause or a code that is stable between versions, the same in all languages, and
a sentence that says what to do. This page is written by the product (`docs/troubleshooting.py`):
each line is what it says.

The quickest way to the cause is to ask:

```sh
kling-auth check
```

On this page: [what Kling says](#what-kling-says),
[what a check finds](#what-a-check-finds-beside-that), [errors](#errors), [warnings](#warnings).

## What Kling says

`cause` and `next` of a verdict, in every language. `resign`: the adapters have sent the request
again by themselves. `backoff`: send it again later. `fail`: the same request would be refused
again, or might be done twice.

| Kling says | cause, next | what to do |
|---|---|---|
{causes}

## What a check finds beside that

`check` and `kling-auth check` give one of the causes above, or:

| cause | what to do |
|---|---|
{findings}

## Errors

`code` of a `KlingAuthError` (Python, Node), `code()` of an `Error` (Rust). Places in the messages
are examples.
{sections}

## Warnings

Python's `KlingAuthWarning`, Node's process warnings of that name, Rust's `take_notes()`: something
was mended, or looks odd, and the credential is used.

| code | says |
|---|---|
{warnings}
"""


def main() -> int:
    text = page()
    missing = sorted(codes_of_sources() - set(re.findall(r"\b(?:ERR|WARN)_[A-Z_]*[A-Z]\b", text)))
    if missing:
        print("codes without a line on the page:", ", ".join(missing))
        return 1
    if "--check" not in sys.argv:
        PAGE.write_text(text, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != text:
        print(f"{PAGE.relative_to(ROOT)} is not what docs/troubleshooting.py writes: run it")
        return 1
    return 0


def codes_of_sources() -> set[str]:
    found = set()
    for directory in ("crates", "bindings", "node/src", "python/kling_auth"):
        for path in (ROOT / directory).rglob("*"):
            if path.suffix in {".rs", ".cjs", ".mjs", ".py"} and "tests" not in path.parts:
                text = path.read_text("utf-8")
                found |= set(re.findall(r"[\"'](?:ERR|WARN)_[A-Z_]*[A-Z]\b", text))
    # The last is Node's own, which a check reads.
    return {code[1:] for code in found} - {"ERR_STREAM_PREMATURE_CLOSE"}


def page() -> str:
    return TEMPLATE.format(
        causes="\n".join(causes()),
        findings="\n".join(findings()),
        sections="\n".join(sections()),
        warnings="\n".join(row(code, text) for code, text in sorted(noted().items())),
    )


def causes() -> Iterator[str]:
    cases = json.loads((ROOT / "tests/vectors/verdicts.json").read_text("utf-8"))
    table = (ROOT / "crates/kling-jwt-core/src/cause.rs").read_text("utf-8")
    for name in re.findall(r'^ +name: "(\w+)",$', table, re.M):
        bodies = [c for c in cases if c["cause"] == name and "pad" not in c and c.get("body")]
        seen: dict[int | None, _native.Verdict] = {}
        for case in bodies:
            found = verdict(case["status"], case["body"])
            seen.setdefault(found.code, found)
        first = next(iter(seen.values()))
        if first.cause != name:
            raise SystemExit(f"tests/vectors/verdicts.json has no case of {name}")
        which = f"`{name}`{{ #{name} }}<br>{first.next}"
        yield f"| {says(seen)} | {which} | {sentence(first.remedy)} |"


def says(seen: dict[int | None, _native.Verdict]) -> str:
    """What Kling answers with, where it is one of its own list of codes."""
    first = next(iter(seen.values()))
    if first.cause == "unknown_code":
        return "any other code"
    if first.cause == "not_kling":
        return "no code"
    codes = ", ".join(str(code) for code in seen if code is not None)
    message = re.sub(r"\bkling-\S+", "…", first.message.split(";")[0])
    return f"HTTP {first.status}, {codes}<br>*{message}*"


def findings() -> Iterator[str]:
    auth = KlingAuth(ACCESS, SECRET)
    for failure in ("dns", "tls", "timeout", "proxy", "refused", "unreachable", "cut", "other"):
        probe = _native.Probe(auth, 10)
        probe.request()
        result = probe.fail(failure, False)
        yield f"| `{result.cause}` | {sentence(result.remedy)} |"
    probe = _native.Probe(auth, 10)
    probe.request()
    result = probe.take((302, None, "https://portal.example/", b""))
    yield f"| `{result.cause}` | {sentence(result.remedy)} |"
    yield from (f"| `{result.cause}` | {sentence(result.remedy)} |" for result in asked_twice())


def asked_twice() -> Iterator[_native.CheckResult]:
    """What only a second answer tells: a clock that was wrong, and a key of the other region."""
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
        "A credential that cannot be": credentials,
        "Where credentials are looked for": searched,
        "Arguments": arguments,
        "Tokens and callbacks": tokens,
        "The command line": commands,
        "Node, and WebAssembly": node,
        "Elsewhere": lambda: WORDS,
    }.items():
        yield from ("", f"### {title}", "", "| code | says |", "|---|---|")
        yield from (row(codes, text) for codes, text in provocations().items())
    yield from ("", "### The drop-in for PyJWT and jsonwebtoken", "")
    yield from ("| code | PyJWT's exception | |", "|---|---|---|")
    yield from dropped_in()


def credentials() -> dict[str, str]:
    found = {}
    for end, value in FAULTS.items():
        told = dict(refused(partial(KlingAuth, **{**PAIR, **{field: value}})) for field in PAIR)
        told |= dict([refused(partial(KlingAuth, api_key=value))])
        told.pop(None, None)  # what is of another kind for a key pair is an API key
        assert all(code.endswith(f"_KEY_{end}") for code in told), (end, told)
        found[", ".join(told)] = next(iter(told.values()))
    code, text = refused(partial(KlingAuth, ACCESS, ACCESS))
    return {**found, code: text}


def searched() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as directory, environment(HOME=directory):
        os.chdir(directory)
        store = Path(directory, ".config/kling")
        store.mkdir(parents=True)
        profile = store / ".credentials"

        def held(text: str, mode: int = 0o600) -> Callable[[], object]:
            def go() -> object:
                profile.write_text(text, "utf-8")
                profile.chmod(mode)
                return KlingAuth()

            return go

        def with_variables(**variables: str) -> Callable[[], object]:
            def go() -> object:
                with environment(HOME=directory, **variables):
                    return KlingAuth()

            return go

        pair = f"access_key_id = {ACCESS}\nsecret_access_key = {SECRET}\n"
        found = dict(
            map(
                refused,
                [
                    KlingAuth,
                    with_variables(KLING_ACCESS_KEY=ACCESS),
                    lambda: KlingAuth(ACCESS, SECRET, api_key=API_KEY),
                    lambda: KlingAuth(ACCESS, SECRET).rotate(),
                    with_variables(KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY_FILE="secret"),
                    with_variables(
                        KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY_FILE="/nowhere/secret"
                    ),
                    held(f"[default]\n{pair}", 0o644),
                    held("#" * 2_000_000),
                    held("[default\n"),
                    held(f"[other]\n{pair}"),
                ],
            )
        )
        if "ERR_FILE_NO_PROFILE" not in found:
            found |= dict([refused(with_variables(KLING_PROFILE="work"))])
        os.chdir(ROOT)
        found.pop(None, None)
        return {code: text.replace(directory, "/home/you") for code, text in found.items()}


def arguments() -> dict[str, str]:
    return dict(
        map(
            refused,
            [
                lambda: KlingAuth(ACCESS, SECRET, lifetime=3600),
                lambda: KlingAuth(ACCESS, SECRET, buffer_sec=-1),
                lambda: inspect(JWT, now=NOW * 1000),
                lambda: KlingAuth(ACCESS, SECRET, base_url="http://example.com"),
                lambda: KlingAuth(ACCESS, SECRET).headers_for("https://cdn.example/result.mp4"),
                lambda: KlingAuth(1, SECRET),
            ],
        )
    )


def tokens() -> dict[str, str]:
    other = "eyJhbGciOiJIUzM4NCJ9"

    def callback(
        secret: str = WEBHOOK, now: int = NOW, **headers: str | None
    ) -> Callable[[], object]:
        sent = {name: value for name, value in {**GOOD, **headers}.items() if value is not None}
        return lambda: verify_webhook(secret, sent, b"{}", now=now)

    native = _native.jwt_verify_signature
    return dict(
        map(
            refused,
            [
                lambda: inspect("not-a-token"),
                lambda: inspect(f"{HEADER}.{CLAIMS}.+{SIGNATURE[1:]}"),
                lambda: inspect(f"bm8.{CLAIMS}.{SIGNATURE}"),
                lambda: inspect(f"{HEADER}.bm8.{SIGNATURE}"),
                lambda: native(f"{other}.{CLAIMS}.{SIGNATURE}".encode(), SECRET.encode()),
                lambda: native(JWT.encode(), b"another key"),
                callback(secret="whsec_!"),
                callback(**{"webhook-id": None}),
                callback(now=NOW + 3600),
                callback(),
            ],
        )
    )


def commands() -> dict[str, str]:
    def ran(*arguments: str, given: bytes = b"", **variables: str) -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "kling_auth", *arguments, "--json"],
            env={
                "PYTHONPATH": str(ROOT / "python"),
                "PATH": os.environ["PATH"],
                "HOME": "/",
                **variables,
            },
            input=given,
            capture_output=True,
        )
        error = json.loads(done.stderr)["error"]
        return error["code"], error["message"]

    keys = {"KLING_ACCESS_KEY": ACCESS, "KLING_SECRET_KEY": SECRET}
    terminal = _native.Cli(["token", "--json"], False, True)
    with environment(**keys):
        shown = json.loads(
            re.search(r'\{"error".*\}', str(terminal.start()))[0].replace("\\'", "'")
        )
    signed = ("webhook", "--id", "m", "--timestamp", "1", "--signature", "v1,AAAA")
    return dict(
        [
            ran("token", "--colour"),
            ran("token", "--secret-key", "x"),
            (shown["error"]["code"], shown["error"]["message"]),
            ran("inspect", KLING_API_KEY=API_KEY),
            ran(*signed, given=b" " * 20_000_000, KLING_WEBHOOK_SECRET=WEBHOOK),
        ]
    )


def node() -> dict[str, str]:
    script = """
      const { KlingAuth } = require('./src/index.cjs');
      const { check } = require('./src/edge/check.cjs');
      const told = {};
      const tell = (call) => {
        try { call(); } catch ({ code, message }) { told[code] = message; }
      };
      tell(() => check());
      globalThis.window = { document: {} };
      tell(() => new KlingAuth('a', 'b'));
      console.log(JSON.stringify(told));
    """
    done = subprocess.run(
        ["node", "-e", script], cwd=ROOT / "node", capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


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
    for code, (name, text) in sorted({**{c: ("", t) for c, t in own.items()}, **seen}.items()):
        yield f"| `{code}` | {f'`{name}`' if name else ''} | {sentence(text)} |"


def noted() -> dict[str, str]:
    def failing() -> str:
        if calls:
            raise RuntimeError
        calls.append(1)
        return API_KEY

    calls: list[int] = []
    with environment(KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY=SECRET, KLING_API_KEY=API_KEY):
        found = told(KlingAuth)
    found |= told(lambda: KlingAuth(f" {ACCESS} ", SECRET))
    found |= told(lambda: KlingAuth("access-key", SECRET))
    found |= told(lambda: KlingAuth(f"sk_{ACCESS}", f"ak_{SECRET}"))
    auth = KlingAuth(ACCESS, SECRET)
    found |= told(lambda: auth._is_kling("https://gateway.example/v1/videos", 401))
    kept = KlingAuth(credentials=failing)
    unknown = b'{"code":1002,"message":"api key not found"}'
    found |= told(lambda: kept.observe(401, {}, unknown))
    found["WARN_WASM"] = (
        "Node: there is no native build here, so it runs as WebAssembly, and what to do about that"
    )
    return found


def told(call: Callable[[], object]) -> dict[str, str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    texts = [re.fullmatch(r"(.*) \((WARN_\w+)\)", str(each.message), re.S) for each in caught]
    return {match[2]: match[1] for match in texts if match}


def refused(call: Callable[[], object]) -> tuple[str | None, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call()
        except KlingAuthError as error:
            return error.code, str(error)
    return None, ""


@contextlib.contextmanager
def environment(**variables: str) -> Iterator[None]:
    """No credentials but these."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("KLING")]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def row(codes: str, text: str) -> str:
    named = "<br>".join(f"`{code}`{{ #{code.lower()} }}" for code in codes.split(", "))
    return f"| {named} | {sentence(text)} |"


def sentence(text: str) -> str:
    """As a sentence in a cell of a table; a name at its beginning stays as it is written."""
    text = re.sub(r"`+", "`", text.replace("|", "\\|").replace("\n", " "))
    if re.match(r"[a-z']+ ", text):
        text = text[0].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


if __name__ == "__main__":
    sys.exit(main())
